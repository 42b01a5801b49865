"""The doors of two-step sign-in among the settings: on, its codes for recovery, and off."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ..errors import NotPossible
from ..extensions import begin_writing, db
from ..secret_links import drawn
from . import second_step
from .forms import FirstCodeForm, SureCodeForm, SureForm
from .guard import signed_in, user
from .models import RecoveryCode, SecondStep, digest
from .settings_views import tries

bp = Blueprint("second_step", __name__, url_prefix="/settings/second-step")

SECONDS = 30 * 60  # to find an app, install it and read the code
UNSEEN = {"Cache-Control": "no-store"}


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    return _page()


@bp.post("/secret")
@signed_in
@tries
def begin() -> ResponseReturnValue:
    """Show a secret to whoever knows the password; nothing is on before its first code."""
    form = SureForm(user())
    if not form.validate():
        return _page(unsure=form), 422
    secret = second_step.new_secret()
    begun = _serializer().dumps([digest(user().session_token), secret])
    return _secret_page(FirstCodeForm(formdata=None, begun=begun), secret), UNSEEN


@bp.post("")
@signed_in
@tries
def create() -> ResponseReturnValue:
    """Turn it on; the answer is the only place that ever shows the codes for recovery."""
    form = FirstCodeForm()
    secret = _secret_of(form.begun.data or "")
    if secret is None or _is_on():
        flash(_("Please begin again."), "error")
        return redirect(url_for(".show"), 303)
    if not form.validate():
        return _secret_page(form, secret), 422, UNSEEN
    begin_writing()
    try:
        codes = second_step.turn_on(user(), secret, form.code.data)
    except NotPossible as error:
        db.session.rollback()
        form.code.errors = [error.description]
        return _secret_page(form, secret), 422, UNSEEN
    db.session.commit()
    return _codes_page(codes)


@bp.post("/recovery-codes")
@signed_in
@tries
def renew() -> ResponseReturnValue:
    form = SureCodeForm(user())
    if not _is_on():
        return redirect(url_for(".show"), 303)
    if not _takes(form):
        return _page(form), 422
    codes = second_step.renew_codes(user())
    db.session.commit()
    return _codes_page(codes)


@bp.post("/delete")
@signed_in
@tries
def delete() -> ResponseReturnValue:
    form = SureCodeForm(user())
    if not _is_on():
        return redirect(url_for(".show"), 303)
    if not _takes(form):
        return _page(form), 422
    second_step.turn_off(user(), by=user())
    db.session.commit()
    flash(_("Two-step sign-in is off."))
    return redirect(url_for("settings.security"), 303)


def _is_on() -> bool:
    return db.session.get(SecondStep, user().id) is not None


def _takes(form: SureCodeForm) -> bool:
    """Tell whether password and code are right; then the code is taken, and the lock held."""
    if not form.validate():
        return False
    begin_writing()
    if second_step.take(user(), form.code.data):
        return True
    db.session.rollback()
    form.code.errors = [_("That code is not right, or was used already.")]
    return False


def _secret_of(begun: str) -> str | None:
    """Return the secret that was shown in this session, a while ago at most."""
    try:
        session, secret = _serializer().loads(begun, max_age=SECONDS)
    except BadSignature:
        return None
    return str(secret) if session == digest(user().session_token) else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="second-step")


def _page(form: SureCodeForm | None = None, *, unsure: SureForm | None = None) -> str:
    left = RecoveryCode.number_left(user())
    return render_template(
        "accounts/second_step.html",
        is_on=_is_on(),
        left=ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left),
        form=form or SureCodeForm(user(), formdata=None),
        unsure=unsure or SureForm(user(), formdata=None),
    )


def _secret_page(form: FirstCodeForm, secret: str) -> str:
    link = drawn(second_step.address_of(secret, user()))
    return render_template("accounts/secret.html", form=form, secret=secret, link=link)


def _codes_page(codes: list[str]) -> ResponseReturnValue:
    return render_template("accounts/recovery_codes.html", codes=codes), 201, UNSEEN
