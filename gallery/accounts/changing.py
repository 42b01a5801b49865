"""Changes what somebody signs in with, and ends their sessions."""

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError

from ..errors import EmailTaken, NotThere
from ..extensions import db, rows_changed
from .models import (
    AuditEntry,
    Letter,
    LetterKind,
    PasswordReset,
    Session,
    Token,
    User,
    digest,
    normal_email,
)
from .posting import post

CONFIRM_SECONDS = 24 * 3600


def ask_for_email(user: User, email: str) -> None:
    """Have the link sent by which another address counts, and say so to the one that does.

    :raises EmailTaken: when it is another's.
    """
    if db.session.scalar(User.with_email(email)) is not None:
        raise EmailTaken(_("There is an account with this email already."))
    post(LetterKind.CONFIRM, normal_email(email), user)
    post(LetterKind.EMAIL, user.email, user)


def email_token(user: User, email: str) -> str:
    """Return what proves that somebody reads this address."""
    return str(_serializer(user).dumps(email))


def confirmed_email(user: User, token: str) -> str:
    """Return the address that somebody reads.

    :raises NotThere: when the token is over or another's, or was never one: nobody learns which.
    """
    try:
        return str(_serializer(user).loads(token, max_age=CONFIRM_SECONDS))
    except BadSignature as error:
        raise NotThere(_("This link does not hold. Ask for another in the settings.")) from error


def _serializer(user: User) -> URLSafeTimedSerializer:
    # Another address, or another password, ends all tokens there are.
    salt = f"email of {user.id} {user.email} {user.password_hash}"
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=salt)


def change_email(user: User, email: str) -> None:
    """Give somebody another address to sign in with.

    :raises EmailTaken: when it is another's.
    """
    try:
        with db.session.begin_nested():
            user.email = normal_email(email)
    except IntegrityError as error:
        raise EmailTaken(_("There is an account with this email already.")) from error
    _end_links(user)  # that were sent to the old one
    AuditEntry.write("email changed", actor=user, subject=user)


def change_password(user: User, password_hash: str) -> None:
    """Give somebody another password, or none; whoever came by the old one is signed out.

    A link to choose one ends with that.
    """
    user.password_hash = password_hash
    _end_links(user)
    end_sessions(user, but=user.session_token)
    act = "password changed" if password_hash else "password removed"
    AuditEntry.write(act, actor=user, subject=user)
    post(LetterKind.PASSWORD if password_hash else LetterKind.REMOVED, user.email, user)


def replace_password(user: User, password_hash: str) -> None:
    """Give somebody a password who does not know theirs: whoever got in, by whatever, is out."""
    change_password(user, password_hash)
    end_sessions(user)
    db.session.execute(db.delete(Token).where(Token.user_id == user.id))


def _end_links(user: User) -> None:
    """End the links that are on their way to somebody, or were not even sent."""
    db.session.execute(db.delete(PasswordReset).where(PasswordReset.user_id == user.id))
    unsent = (Letter.user_id == user.id, Letter.kind == LetterKind.CONFIRM)
    db.session.execute(db.delete(Letter).where(*unsent))


def end_sessions(user: User, *, but: str = "") -> int:
    """Sign somebody out everywhere but where they have this token; return how often that was."""
    others = db.delete(Session).where(Session.user_id == user.id, Session.id != digest(but))
    return rows_changed(others)
