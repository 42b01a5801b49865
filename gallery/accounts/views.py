"""The doors of sign-up, sign-in and sign-out."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError

from .. import mail, settings
from ..errors import EmailTaken
from ..extensions import begin_writing, db, limiter, login_manager, now, queue, sender_network
from . import passkeys
from .entering_views import let_in, tries, welcome
from .forms import ForgotForm, LoginForm, RegisterForm
from .guard import everyone, is_by_token
from .models import AuditEntry, LetterKind, Session, Token, User, digest, normal_email
from .posting import post
from .signing_in import hashed, sign_up, user_with

bp = Blueprint("accounts", __name__)


def _sender_and_email() -> str:
    """By account and sender: a stranger's wrong guesses lock nobody out elsewhere."""
    return f"{sender_network()} {normal_email(request.form.get('email', ''))}"


@bp.get("/")
@everyone
def home() -> ResponseReturnValue:
    return redirect(url_for("photos.index" if current_user.is_authenticated else ".login"), 303)


@bp.route("/login", methods=["GET", "POST"])
@everyone
@tries("LOGIN_LIMIT")
@tries("LOGIN_EMAIL_LIMIT", _sender_and_email)
def login() -> ResponseReturnValue:
    form = LoginForm(data={"next": request.args.get("next", "")})
    if form.validate_on_submit():
        user = user_with(form.email.data, form.password.data)
        if user is not None:
            return let_in(user, remember=form.remember.data, next_page=form.next.data)
        form.password.errors = [_("That email and password don’t match.")]
    return login_page(form), 422 if form.is_submitted() else 200


def login_page(form: LoginForm, **page: Any) -> str:
    is_open = settings.current().registration_open
    page |= {"registration_open": is_open, "way": passkeys.way_in()}
    return render_template("accounts/login.html", form=form, **page)


@bp.route("/forgot", methods=["GET", "POST"])
@everyone
@limiter.limit(lambda: current_app.config["LOGIN_LIMIT"], methods=["POST"])
@limiter.limit(
    lambda: current_app.config["LOGIN_EMAIL_LIMIT"], key_func=_sender_and_email, methods=["POST"]
)
def forgot() -> ResponseReturnValue:
    """Have a link sent; without mail say whom to ask, and ask for nothing."""
    if not mail.is_on():
        return render_template("accounts/forgot.html"), 403 if request.method == "POST" else 200
    form = ForgotForm()
    if form.validate_on_submit():
        begin_writing()
        # Nobody is looked up before it is sent: no answer, early or late, tells who is here.
        post(LetterKind.RESET, form.email.data)
        db.session.commit()
        queue.wake()
        return redirect(url_for(".forgot", sent="yes"), 303)
    page = render_template("accounts/forgot.html", form=form, is_sent="sent" in request.args)
    return page, 422 if form.is_submitted() else 200


@bp.route("/register", methods=["GET", "POST"])
@everyone
@limiter.limit(lambda: current_app.config["REGISTER_LIMIT"], methods=["POST"])
def register() -> ResponseReturnValue:
    if not settings.current().registration_open:
        closed = render_template("accounts/closed.html", contact=current_app.config["CONTACT"])
        return closed, 403 if request.method == "POST" else 200
    return sign_up_page(lambda: Admission(settings.current().default_quota))


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@everyone
@limiter.limit(lambda: current_app.config["REGISTER_LIMIT"], methods=["POST"])
def first_admin(token: str) -> ResponseReturnValue:
    """The page of the link that is printed at the start while there is no admin."""

    def admit() -> Admission:
        if not is_first_admin_token(token) or User.has_admin():
            abort(404)
        return Admission(settings.current().default_quota, is_admin=True)

    admit()
    return sign_up_page(admit, first_admin=True)


class Admission(NamedTuple):
    """As what somebody is let in, and who asked for them."""

    quota: int | None
    is_admin: bool = False
    host: User | None = None


def sign_up_page(admit: Callable[[], Admission], **page: Any) -> ResponseReturnValue:
    """Show the form of a new account, or make the account.

    :param admit: asked once more under the lock, since links are used twice at once.
    """
    form = RegisterForm()
    if form.validate_on_submit():
        password_hash = hashed(form.password.data)
        begin_writing()
        admission = admit()
        try:
            user = sign_up(
                name=form.name.data,
                email=form.email.data,
                password_hash=password_hash,
                quota=admission.quota,
                is_admin=admission.is_admin,
            )
        except EmailTaken as error:
            db.session.rollback()
            form.email.errors = [error.description]
        else:
            if admission.host:
                AuditEntry.write("joined", actor=user, subject=admission.host)
            db.session.commit()
            return welcome(user, remember=True, next_page="")
    answer = render_template("accounts/register.html", form=form, **page)
    return answer, 422 if form.is_submitted() else 200


@bp.post("/logout")
@everyone
def logout() -> ResponseReturnValue:
    if current_user.is_authenticated:
        begin_writing()
        db.session.execute(
            db.delete(Session).where(Session.id == digest(current_user.session_token))
        )
        db.session.commit()
        logout_user()
    session.clear()
    return redirect(url_for(".login"), 303)


@login_manager.user_loader
def load_user(token: str) -> User | None:
    """Return the user of a session that still holds; note at times that it was used."""
    if is_by_token():  # who says so by a token is meant by it, whatever the cookie holds
        return None
    row = Session.of_token(token)
    if row is None:
        return None
    found = row.user  # the row forgets whose it is, should its use not be noted
    found.session_token = token
    note_use(row, row.seen_at)
    return found


def note_use(row: Session | Token, before: dt.datetime | None) -> None:
    """Note that it was used, unless that was noted minutes `before`: each is a write."""
    if before is not None and now() - before < dt.timedelta(minutes=10):
        return
    try:
        begin_writing()
        row.note_use()
        db.session.commit()
    except OperationalError:  # a database that is locked or full can still be read
        db.session.rollback()


def first_admin_token() -> str:
    """Return the token of the one-time link; it holds for a week, while there is no admin."""
    return str(_serializer().dumps("first admin"))


def is_first_admin_token(token: str) -> bool:
    try:
        return bool(_serializer().loads(token, max_age=7 * 86400) == "first admin")
    except BadSignature:
        return False


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="first-admin")
