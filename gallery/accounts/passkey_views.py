"""The doors of passkeys among the settings: listed, made, shown to prove who is there, removed."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ..errors import NotPossible
from ..extensions import begin_writing, db
from ..photos.wording import time_in_words
from . import challenges, passkeys
from .devices import device_of
from .forms import ByPasskeyForm, MadePasskeyForm, PasskeyForm, SureForm
from .guard import note_proof, signed_in, user
from .models import Passkey
from .passkey_entry_views import JSON, last_challenge, new_challenge
from .second_step_views import takes
from .settings_views import tries

bp = Blueprint("passkeys", __name__, url_prefix="/settings")


@bp.get("/passkeys")
@signed_in
def index() -> ResponseReturnValue:
    name = device_of(request.user_agent.string)
    return _page(PasskeyForm(user(), formdata=None, name=name))


@bp.post("/passkeys/new")
@signed_in
@tries
def begin() -> ResponseReturnValue:
    """Let whoever is sure to be there make a passkey, on the page that answers."""
    form = PasskeyForm(user())
    if not takes(form):
        return _page(form), 422
    db.session.commit()
    page = render_template(
        "accounts/passkey.html",
        form=MadePasskeyForm(formdata=None, name=form.name.data),
        options=challenges.to_make(user(), new_challenge("make")),
        here=challenges.place(),
    )
    return page, {"Cache-Control": "no-store"}


@bp.post("/passkeys")
@signed_in
def create() -> ResponseReturnValue:
    form, asked = MadePasskeyForm(), last_challenge("make")
    if not form.validate():
        abort(400)
    begin_writing()
    try:
        passkeys.add(user(), form.passkey.data, asked, name=form.name.data)
    except NotPossible as error:
        return _refused(error)
    return _done(_("“%(name)s” signs you in from now on.", name=form.name.data))


@bp.post("/passkeys/challenge")
@signed_in
def challenge() -> ResponseReturnValue:
    return challenges.to_show(new_challenge("show"), user()), JSON


@bp.post("/passkeys/proof")
@signed_in
@tries
def prove() -> ResponseReturnValue:
    """Take a passkey in place of the password, for what is done in the next minutes."""
    asked = last_challenge("show")
    shown = challenges.read(request.form.get("passkey", ""), asked)
    if asked is None or shown is None:
        return "", 422
    begin_writing()
    is_mine = passkeys.take(shown, asked) == user()
    db.session.commit()  # a refusal may be in the log
    if not is_mine:
        return "", 422
    note_proof(by_passkey=True)
    return "", 204


@bp.get("/passkeys/<public_id>/delete")
@signed_in
def confirm(public_id: str) -> ResponseReturnValue:
    return _sure_page(SureForm(user(), formdata=None), _mine(public_id))


@bp.post("/passkeys/<public_id>/delete")
@signed_in
@tries
def delete(public_id: str) -> ResponseReturnValue:
    passkey, form = _mine(public_id), SureForm(user())
    if not form.validate():
        return _sure_page(form, passkey), 422
    begin_writing()
    try:
        passkeys.remove(_mine(public_id))
    except NotPossible as error:
        return _refused(error)
    return _done(_("“%(name)s” is removed.", name=passkey.name))


@bp.get("/password/delete")
@signed_in
def confirm_password() -> ResponseReturnValue:
    if not user().has_password:
        return redirect(url_for(".index"), 303)
    return _sure_page(ByPasskeyForm(user(), formdata=None))


@bp.post("/password/delete")
@signed_in
@tries
def delete_password() -> ResponseReturnValue:
    form = ByPasskeyForm(user())
    if not form.validate():
        return _sure_page(form), 422
    begin_writing()
    try:
        passkeys.remove_password(user())
    except NotPossible as error:
        return _refused(error)
    return _done(_("Your password is removed. Everywhere else you are signed out."))


def _mine(public_id: str) -> Passkey:
    found: Passkey = db.one_or_404(Passkey.owned_by(user()).where(Passkey.public_id == public_id))
    return found


def _done(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence)
    return redirect(url_for(".index"), 303)


def _refused(error: NotPossible) -> ResponseReturnValue:
    db.session.rollback()
    flash(error.description, "error")
    return redirect(url_for(".index"), 303)


def _sure_page(form: SureForm, passkey: Passkey | None = None) -> str:
    return render_template("accounts/sure.html", form=form, passkey=passkey)


def _page(form: PasskeyForm) -> str:
    mine = Passkey.owned_by(user()).order_by(Passkey.created_at.desc(), Passkey.id)
    rows = [
        {
            "public_id": passkey.public_id,
            "name": passkey.name,
            "made": time_in_words(passkey.created_at),
            "used": passkey.used_at and time_in_words(passkey.used_at),
            "is_backed_up": passkey.is_backed_up,
        }
        for passkey in db.session.scalars(mine)
    ]
    return render_template(
        "accounts/passkeys.html",
        form=form,
        passkeys=rows,
        here=challenges.place(),
        are_enough=len(rows) >= passkeys.ENOUGH,
    )
