"""The door after the password: a code, where somebody has that on, and then a new session."""

import time
from collections.abc import Callable
from typing import NamedTuple

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RouteLimit
from flask_login import login_user

from ..extensions import begin_writing, db, limiter, now, sender_network
from .devices import device_of
from .forms import CodeForm
from .governing import stay
from .guard import everyone, own_page
from .models import SecondStep, Session, User, digest
from .second_step import take

bp = Blueprint("entering", __name__, url_prefix="/login")

# Who got the password right is in the cookie of this browser, signed as all of it is.
HALF_WAY = "half way"
SECONDS = 5 * 60


def tries(name: str, key: Callable[[], str] = sender_network) -> RouteLimit:
    """Bound how often a door is knocked at, by a limit of config.py; who gets in pays nothing."""
    return limiter.limit(
        lambda: current_app.config[name],
        key_func=key,
        methods=["POST"],
        deduct_when=lambda response: response.status_code != 303,
    )


class HalfWay(NamedTuple):
    """Somebody who got the password right, and what they asked for with it."""

    user_id: int
    password: str  # the digest of its hash: another password ends this
    since: float
    remember: bool
    next_page: str


def let_in(user: User, *, remember: bool, next_page: str | None) -> ResponseReturnValue:
    """Begin a session for somebody who got the password right, or ask for the code before."""
    if db.session.get(SecondStep, user.id) is None:
        return welcome(user, remember=remember, next_page=next_page)
    asked = (remember, own_page(next_page) or "")
    session[HALF_WAY] = HalfWay(user.id, digest(user.password_hash), time.time(), *asked)
    return redirect(url_for("entering.code"), 303)


def _sender_and_account() -> str:
    return f"{sender_network()} {_account()}"


def _account() -> str:
    return str(session.get(HALF_WAY, ["nobody"])[0])


@bp.route("/code", methods=["GET", "POST"])
@everyone
@tries("LOGIN_LIMIT")
@tries("LOGIN_EMAIL_LIMIT", _sender_and_account)
@tries("CODE_LIMIT", _account)
def code() -> ResponseReturnValue:
    found = _half_way()
    if found is None:
        return redirect(url_for("accounts.login"), 303)
    user, asked = found
    form = CodeForm()
    if form.validate_on_submit():
        begin_writing()
        is_right = take(user, form.code.data)
        db.session.commit()
        if is_right:
            return welcome(user, remember=asked.remember, next_page=asked.next_page)
        form.code.errors = [_("That code is not right, or was used already.")]
    page = render_template("accounts/code.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _half_way() -> tuple[User, HalfWay] | None:
    """Return who got the password right a moment ago, unless things have changed since."""
    if HALF_WAY not in session:
        return None
    asked = HalfWay(*session[HALF_WAY])
    user = db.session.get(User, asked.user_id)
    if user is None or user.is_disabled or db.session.get(SecondStep, user.id) is None:
        return None
    holds = asked.password == digest(user.password_hash) and time.time() - asked.since < SECONDS
    return (user, asked) if holds else None


def welcome(user: User, *, remember: bool, next_page: str | None) -> ResponseReturnValue:
    """Begin a new session, whatever the cookie held before, and lead the way back."""
    session.clear()
    before = user.password_hash
    begin_writing()
    # Under the lock: while we waited, the account may have come to its end, or another password.
    is_there = (User.id == user.id, User.is_disabled.is_(False), User.password_hash == before)
    if db.session.scalar(db.select(User.id).where(*is_there)) is None:
        return redirect(url_for("accounts.login"), 303)
    db.session.refresh(user)
    user.session_token = Session.begin(user, device=device_of(request.user_agent.string))
    user.last_seen_at = now()
    if user.leaving_at is not None:
        stay(user, by=user)
        flash(_("Welcome back: your account stays, with everything in it."))
    db.session.commit()
    login_user(user)
    session.permanent = remember
    return redirect(own_page(next_page) or url_for("photos.index"), 303)
