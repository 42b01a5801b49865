"""The doors of what people settle for themselves: name and email, password and sessions."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from .. import mail
from ..errors import EmailTaken
from ..extensions import begin_writing, db, limiter, queue, rows_changed, sender_network
from ..photos.wording import time_in_words
from . import identities, provider
from .changing import ask_for_email, change_email, change_password, confirmed_email, end_sessions
from .forms import EmailForm, NameForm, PasswordForm
from .guard import signed_in, user
from .models import Passkey, SecondStep, Session, digest
from .signing_in import hashed

bp = Blueprint("settings", __name__, url_prefix="/settings")

# Whoever found a device open does not find the password by trying.
tries = limiter.shared_limit(
    lambda: current_app.config["LOGIN_EMAIL_LIMIT"],
    scope="own password",
    key_func=lambda: f"{sender_network()} {getattr(current_user, 'id', '')}",
    deduct_when=lambda answer: answer.status_code >= 400,
)


@bp.get("")
@signed_in
def profile() -> ResponseReturnValue:
    return _profile()


@bp.post("/name")
@signed_in
def update_name() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate():
        return _profile(name_form=form), 422
    begin_writing()
    user().name = form.name.data.strip()
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".profile"), 303)


@bp.post("/email")
@signed_in
@tries
@limiter.limit(
    lambda: current_app.config["MAIL_LIMIT"],
    key_func=lambda: str(getattr(current_user, "id", "")),
    exempt_when=lambda: not mail.is_on(),
    deduct_when=lambda answer: answer.status_code == 303,
)
def update_email() -> ResponseReturnValue:
    """Change it at once; where mail can be sent, only have it confirmed."""
    form = EmailForm(user())
    if not form.validate():
        return _profile(email_form=form), 422
    begin_writing()
    change = ask_for_email if mail.is_on() else change_email
    try:
        change(user(), form.email.data)
    except EmailTaken as error:
        db.session.rollback()
        form.email.errors = [error.description]
        return _profile(email_form=form), 422
    db.session.commit()
    if not mail.is_on():
        return _email_changed()
    queue.wake()
    flash(_("Open the link that was sent to the new address: until then the old one counts."))
    return redirect(url_for(".profile"), 303)


@bp.route("/email/<token>", methods=["GET", "POST"])
@signed_in
def confirm_email(token: str) -> ResponseReturnValue:
    """Take an address that somebody has shown to read; a look alone, as of a scanner, does not."""
    email = confirmed_email(user(), token)
    if request.method == "GET":
        return render_template("accounts/confirm_email.html", email=email)
    begin_writing()
    try:
        change_email(user(), email)
    except EmailTaken as error:
        db.session.rollback()
        flash(error.description, "error")
        return redirect(url_for(".profile"), 303)
    db.session.commit()
    return _email_changed()


def _email_changed() -> ResponseReturnValue:
    flash(_("Saved. From now on you sign in with %(email)s.", email=user().email))
    return redirect(url_for(".profile"), 303)


def _profile(*, name_form: NameForm | None = None, email_form: EmailForm | None = None) -> str:
    return render_template(
        "accounts/profile.html",
        name_form=name_form or NameForm(formdata=None, name=user().name),
        email_form=email_form or EmailForm(user(), formdata=None),
    )


@bp.get("/security")
@signed_in
def security() -> ResponseReturnValue:
    return _security(PasswordForm(user(), formdata=None))


@bp.post("/password")
@signed_in
@tries
def update_password() -> ResponseReturnValue:
    form = PasswordForm(user())
    if not form.validate():
        return _security(form), 422
    password_hash = hashed(form.password.data)
    begin_writing()
    change_password(user(), password_hash)
    db.session.commit()
    queue.wake()
    flash(_("Saved. Everywhere else you are signed out."))
    return redirect(url_for(".security"), 303)


@bp.post("/sessions/<session_id>/end")
@signed_in
def end_session(session_id: str) -> ResponseReturnValue:
    begin_writing()
    mine = db.delete(Session).where(Session.user_id == user().id, Session.id == session_id)
    if not rows_changed(mine):
        abort(404)
    db.session.commit()
    flash(_("That device is signed out."))
    return redirect(url_for(".security"), 303)


@bp.post("/sessions/end")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    begin_writing()
    number = end_sessions(user(), but=user().session_token)
    db.session.commit()
    flash(ngettext("%(num)s device is signed out.", "%(num)s devices are signed out.", number))
    return redirect(url_for(".security"), 303)


def _security(form: PasswordForm) -> str:
    mine = Session.owned_by(user()).order_by(Session.seen_at.desc(), Session.id)
    this = digest(user().session_token)
    sessions = [
        {
            "id": session.id,
            "device": session.device or _("Unknown device"),
            "is_this": session.id == this,
            "seen": time_in_words(session.seen_at),
            "begun": time_in_words(session.created_at),
        }
        for session in db.session.scalars(mine.limit(200))
    ]
    number = Passkey.number_of(user())
    is_linked = provider.is_there() and identities.of(user(), provider.issuer()) is not None
    return render_template(
        "accounts/security.html",
        form=form,
        sessions=sessions,
        has_second_step=db.session.get(SecondStep, user().id) is not None,
        passkeys=number
        and ngettext("You have %(num)s passkey.", "You have %(num)s passkeys.", number),
        is_linked=is_linked,
    )
