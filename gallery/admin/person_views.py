"""The doors of one person, for admins: role, storage, and whether they get in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func

from ..accounts import governing, resetting
from ..accounts.guard import admins, user
from ..accounts.models import Passkey, SecondStep, Session, Token, User
from ..errors import NotPossible
from ..extensions import begin_writing, db
from ..photos.wording import day_in_words, number_of
from ..secret_links import Shown, shown
from ..sharing.models import ShareLink
from .forms import PersonForm
from .people import person_row

bp = Blueprint("people", __name__, url_prefix="/admin/users/<folder>")


@bp.get("")
@admins
def show(folder: str) -> ResponseReturnValue:
    return _page(person_of(folder))


@bp.post("")
@admins
def update(folder: str) -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate():
        return _page(person_of(folder), form), 422
    begin_writing()
    person = person_of(folder)
    try:
        if form.has_role:
            governing.give_role(person, is_admin=form.role.data == "admin", by=user())
    except NotPossible as error:
        db.session.rollback()
        form.role.errors = [error.description]
        return _page(person, form), 422
    if form.has_quota:
        governing.give_quota(person, form.quota.data, by=user())
    return done(folder, _("Saved."))


@bp.post("/disable")
@admins
def disable(folder: str) -> ResponseReturnValue:
    begin_writing()
    person = person_of(folder)
    try:
        governing.disable(person, by=user())
    except NotPossible as error:
        return refused(folder, error)
    return done(folder, _("The account of %(name)s is disabled.", name=person.name))


@bp.post("/enable")
@admins
def enable(folder: str) -> ResponseReturnValue:
    begin_writing()
    person = person_of(folder)
    governing.enable(person, by=user())
    return done(folder, _("The account of %(name)s is enabled again.", name=person.name))


@bp.post("/sign-out")
@admins
def sign_out(folder: str) -> ResponseReturnValue:
    begin_writing()
    number = governing.sign_out(person_of(folder), by=user())
    said = ngettext("%(num)s device is signed out.", "%(num)s devices are signed out.", number)
    return done(folder, said)


@bp.post("/second-step/delete")
@admins
def delete_second_step(folder: str) -> ResponseReturnValue:
    begin_writing()
    person = person_of(folder)
    try:
        governing.turn_off_second_step(person, by=user())
    except NotPossible as error:
        return refused(folder, error)
    return done(folder, _("%(name)s signs in by the password alone.", name=person.name))


@bp.post("/passkeys/delete")
@admins
def delete_passkeys(folder: str) -> ResponseReturnValue:
    begin_writing()
    person = person_of(folder)
    try:
        number = governing.remove_passkeys(person, by=user())
    except NotPossible as error:
        return refused(folder, error)
    said = ngettext("%(num)s passkey is removed.", "%(num)s passkeys are removed.", number)
    return done(folder, said)


@bp.post("/reset")
@admins
def reset(folder: str) -> ResponseReturnValue:
    """Make a link to choose another password; the answer is the only place that ever shows it."""
    begin_writing()
    person = person_of(folder)
    try:
        token = resetting.offer(person, by=user())
    except NotPossible as error:
        return refused(folder, error)
    db.session.commit()
    made = shown(url_for("account_links.reset", token=token))
    return _page(person, made=made), 201, {"Cache-Control": "no-store"}


def person_of(folder: str) -> User:
    found: User = db.one_or_404(db.select(User).where(User.folder == folder))
    return found


def done(folder: str, sentence: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence)
    return redirect(url_for("people.show", folder=folder), 303)


def refused(folder: str, error: NotPossible) -> ResponseReturnValue:
    db.session.rollback()
    flash(error.description, "error")
    return redirect(url_for("people.show", folder=folder), 303)


def _page(person: User, form: PersonForm | None = None, *, made: Shown | None = None) -> str:
    return render_template(
        "admin/person.html",
        person=person,
        row=person_row(person),
        held=_held(person),
        made=made,
        has_second_step=db.session.get(SecondStep, person.id) is not None,
        is_me=person.id == user().id,
        ends_on=day_in_words(person.leaves_at) if person.leaves_at else None,
        form=form or PersonForm.of(person),
    )


def _held(person: User) -> dict[str, Any]:
    """Count by what somebody gets in, and what they show: by one statement."""
    scopes = (
        Session.owned_by(person),
        Token.owned_by(person),
        Passkey.owned_by(person),
        ShareLink.owned_by(person).where(ShareLink.lasts()),
    )
    counts = [
        scope.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
        for scope in scopes
    ]
    devices, tokens, passkeys, links = db.session.execute(db.select(*counts)).one()
    return {
        "devices": ngettext("%(num)s device", "%(num)s devices", devices),
        "tokens": ngettext("%(num)s token", "%(num)s tokens", tokens),
        "passkeys": passkeys and ngettext("%(num)s passkey", "%(num)s passkeys", passkeys),
        "links": number_of(links, "link"),
    }
