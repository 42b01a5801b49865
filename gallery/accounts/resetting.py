"""Lets people who forgot their password choose another, by a link that an admin makes."""

import datetime as dt

from flask_babel import gettext as _

from ..errors import NotPossible, NotThere
from ..extensions import db, now
from ..secret_links import new_token
from .changing import replace_password
from .models import AuditEntry, PasswordReset, User, digest

HOLDS = dt.timedelta(days=1)


def offer(person: User, *, by: User) -> str:
    """Make the one link by which somebody chooses another password, and return its token.

    :raises NotPossible: to oneself: whoever finds an admin's device open would need no password.
    """
    if person.id == by.id:
        raise NotPossible(_("Your own password is changed in the settings."))
    token = new_token()
    values = {"digest": digest(token), "maker_id": by.id, "expires_at": now() + HOLDS}
    db.session.merge(PasswordReset(user_id=person.id, **values))
    AuditEntry.write("reset link made", actor=by, subject=person)
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
    replace_password(found(token).user, password_hash)
