"""Lets people who forgot their password choose another, by a link: an admin's, or one in a mail."""

import datetime as dt

from flask_babel import gettext as _

from ..errors import NotPossible, NotThere
from ..extensions import db, now
from ..secret_links import new_token
from .changing import replace_password
from .identities import unlink_all
from .models import AuditEntry, PasswordReset, User, digest
from .passkeys import remove_all

HOLDS = dt.timedelta(days=1)
# One that anybody may have sent, and how many of those in that time: they keep nobody out, since
# each of them gets in.
MAIL_HOLDS = dt.timedelta(hours=1)
MOST_MAILS = 5
MAILED = "reset link mailed"


def offer(person: User, *, by: User) -> str:
    """Make the one link by which somebody chooses another password, and return its token.

    :raises NotPossible: to oneself: whoever finds an admin's device open would need no password.
    """
    if person.id == by.id:
        raise NotPossible(_("Your own password is changed in the settings."))
    AuditEntry.write("reset link made", actor=by, subject=person)
    return _make(person, by, HOLDS)


def offer_by_mail(person: User) -> str:
    """Make the one link that is sent to somebody, and return its token."""
    return _make(person, person, MAIL_HOLDS)


def was_mailed(person: User) -> None:
    """Write down that it was sent."""
    AuditEntry.write(MAILED, actor=person, subject=person)


def has_enough(person: User) -> bool:
    """Tell whether somebody was sent so many of late that another would only be a nuisance."""
    mine = (AuditEntry.actor_id == person.id, AuditEntry.subject_id == person.id)
    lately = (AuditEntry.act == MAILED, AuditEntry.at > now() - MAIL_HOLDS)
    number = db.session.scalar(db.select(db.func.count()).where(*mine, *lately))
    return (number or 0) >= MOST_MAILS


def _make(person: User, maker: User, holds: dt.timedelta) -> str:
    token = new_token()
    values = {"digest": digest(token), "expires_at": now() + holds}
    db.session.merge(PasswordReset(user_id=person.id, maker_id=maker.id, **values))
    return token


def found(token: str) -> PasswordReset:
    """Return what a token lets somebody do.

    :raises NotThere: when it is used, over, replaced or never was: nobody learns which.
    """
    reset: PasswordReset | None = db.session.scalar(PasswordReset.of_token(token))
    if reset is None:
        raise NotThere(_("It may have ended, or never was. Ask who sent it to you for another."))
    return reset


def use(token: str, password_hash: str) -> None:
    """Give somebody the password that they chose, once, and end their sessions and tokens.

    :raises NotThere: as `found`.
    """
    replace(found(token).user, password_hash)


def replace(person: User, password_hash: str) -> None:
    """Let somebody in by a new password, and nobody by what did before.

    A passkey may be lost, and whoever knew the password may have linked a provider of theirs.
    """
    replace_password(person, password_hash)
    remove_all(person, by=person)
    unlink_all(person)
