"""Changes what somebody signs in with, and ends their sessions."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..errors import EmailTaken
from ..extensions import db, rows_changed
from .models import AuditEntry, PasswordReset, Session, Token, User, digest, normal_email


def change_email(user: User, email: str) -> None:
    """Give somebody another address to sign in with.

    :raises EmailTaken: when it is another's.
    """
    try:
        with db.session.begin_nested():
            user.email = normal_email(email)
    except IntegrityError as error:
        raise EmailTaken(_("There is an account with this email already.")) from error
    AuditEntry.write("email changed", actor=user, subject=user)


def change_password(user: User, password_hash: str) -> None:
    """Give somebody another password; whoever came by the old one is signed out.

    A link to choose one ends with that.
    """
    user.password_hash = password_hash
    db.session.execute(db.delete(PasswordReset).where(PasswordReset.user_id == user.id))
    end_sessions(user, but=user.session_token)
    AuditEntry.write("password changed", actor=user, subject=user)


def replace_password(user: User, password_hash: str) -> None:
    """Give somebody a password who does not know theirs: whoever got in, by whatever, is out."""
    change_password(user, password_hash)
    end_sessions(user)
    db.session.execute(db.delete(Token).where(Token.user_id == user.id))


def end_sessions(user: User, *, but: str = "") -> int:
    """Sign somebody out everywhere but where they have this token; return how often that was."""
    others = db.delete(Session).where(Session.user_id == user.id, Session.id != digest(but))
    return rows_changed(others)
