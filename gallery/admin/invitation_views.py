"""The doors of invitations, for admins: those there are, making one, turning one off."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from .. import settings
from ..accounts import inviting
from ..accounts.guard import admins, user
from ..accounts.models import AuditEntry, Invitation
from ..extensions import begin_writing, db, now
from ..photos.wording import size_in_words, time_in_words
from ..secret_links import shown
from .forms import InvitationForm

bp = Blueprint("invitations", __name__, url_prefix="/admin/invitations")

AT_MOST = 200


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return _page(_empty())


@bp.post("")
@admins
def create() -> ResponseReturnValue:
    """Make an invitation; the answer is the only place that ever shows its address."""
    form = InvitationForm()
    if not form.validate():
        return _page(form), 422
    terms = inviting.Terms(
        label=(form.label.data or "").strip(),
        is_admin=form.role.data == "admin",
        quota=form.quota.data,
        places=form.places.data or 1,
        days=int(form.days.data),
    )
    begin_writing()
    token = inviting.invite(user(), terms)
    db.session.commit()
    return _page(_empty(), token), 201, {"Cache-Control": "no-store"}


@bp.post("/<public_id>/end")
@admins
def end(public_id: str) -> ResponseReturnValue:
    """Turn an invitation off; one that is off or over already is forgotten."""
    begin_writing()
    invitation = db.one_or_404(db.select(Invitation).where(Invitation.public_id == public_id))
    if invitation.ended_at is not None or invitation.is_over:
        db.session.delete(invitation)
        flash(_("The invitation is off the list."))
    else:
        invitation.ended_at = now()
        AuditEntry.write("invitation turned off", actor=user(), subject=invitation.maker)
        flash(_("The invitation is off: nobody makes an account by it any more."))
    db.session.commit()
    return redirect(url_for(".index"), 303)


def _empty() -> InvitationForm:
    return InvitationForm(formdata=None, quota=settings.current().default_quota)


def _page(form: InvitationForm, token: str = "") -> str:
    newest = db.select(Invitation).order_by(Invitation.id.desc()).limit(AT_MOST)
    found = db.session.scalars(newest.options(joinedload(Invitation.maker)))
    made = shown(url_for("account_links.join", token=token)) if token else None
    return render_template(
        "admin/invitations.html", form=form, made=made, rows=[_row(each) for each in found]
    )


def _row(invitation: Invitation) -> dict[str, Any]:
    size = None if invitation.quota is None else size_in_words(invitation.quota)
    return {
        "public_id": invitation.public_id,
        "name": invitation.label or _("Invitation by %(name)s", name=invitation.maker.name),
        "state": _state(invitation),
        "terms": [
            _("Admin") if invitation.is_admin else _("User"),
            _("%(size)s each", size=size) if size else _("storage without a limit"),
        ],
        "taken": ngettext(
            "%(taken)s of %(num)s account made",
            "%(taken)s of %(num)s accounts made",
            invitation.places,
            taken=format_decimal(invitation.taken),
        ),
        "is_open": invitation.ended_at is None and not invitation.is_over,
    }


def _state(invitation: Invitation) -> str:
    if invitation.ended_at is not None:
        return _("Turned off")
    if invitation.taken >= invitation.places:
        return _("Used up")
    if not invitation.maker.is_running:
        return _("Off, as %(name)s is no admin any more", name=invitation.maker.name)
    when = time_in_words(invitation.expires_at)
    return _("Ended %(when)s", when=when) if invitation.is_over else _("Until %(when)s", when=when)
