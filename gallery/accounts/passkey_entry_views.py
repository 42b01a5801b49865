"""The door for those who come with a passkey: it asks for one, and then begins a new session."""

import datetime as dt
import secrets

from flask import Blueprint, current_app, request, session
from flask.typing import ResponseReturnValue

from ..extensions import begin_writing, db, limiter, now
from . import challenges, passkeys
from .challenges import Asked
from .entering_views import welcome
from .forms import LoginForm
from .guard import everyone
from .models import User
from .views import login_page

JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}

bp = Blueprint("passkey_entry", __name__, url_prefix="/login/passkey")


@bp.post("/challenge")
@everyone
def challenge() -> ResponseReturnValue:
    return challenges.to_show(new_challenge("show")), JSON


@bp.post("")
@everyone
@limiter.limit(
    lambda: current_app.config["LOGIN_LIMIT"],
    deduct_when=lambda response: response.status_code != 303,
)
def create() -> ResponseReturnValue:
    form, user = LoginForm(), _user()
    if user is None:
        return login_page(form, is_passkey_refused=True), 422
    return welcome(user, remember=form.remember.data, next_page=form.next.data)


def _user() -> User | None:
    """Return whom the passkey of this form lets in; why it does not, nobody learns."""
    asked = last_challenge("show")
    shown = challenges.read(request.form.get("passkey", ""), asked)
    if asked is None or shown is None:
        return None
    begin_writing()
    user = passkeys.enter(shown, asked)
    db.session.commit()  # a refusal may be in the log
    return user


def new_challenge(act: str) -> bytes:
    """Return what a passkey is to answer, in this browser, for this act, and within minutes.

    The cookie holds it, signed as all of it is.
    """
    challenge = secrets.token_bytes(32)
    session[f"passkey to {act}"] = [challenge.hex(), now().timestamp()]
    return challenge


def last_challenge(act: str) -> Asked | None:
    """Return what was sent last for an act, this once."""
    challenge, at = session.pop(f"passkey to {act}", ("", 0.0))
    return Asked(bytes.fromhex(challenge), dt.datetime.fromtimestamp(at, dt.UTC)) if at else None
