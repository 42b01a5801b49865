"""Lets people in by keys that their devices keep; each asks who they are: both steps are in it."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..errors import NotPossible
from ..extensions import db, now, rows_changed
from . import identities
from .challenges import Asked, Shown, made, place
from .changing import change_password
from .models import AuditEntry, Passkey, User

# Whoever loses one device gets in by the other; codes for recovery only follow a password.
ENOUGH = 2


def way_in() -> str:
    """Return the address at which somebody may come with a passkey, "" when nobody can."""
    here = place()
    return here.origin if here and Passkey.is_any() else ""


def way_of(user: User) -> str:
    """Return the address at which somebody can show a passkey of theirs, "" without any."""
    here = place()
    return here.origin if here and Passkey.number_of(user) else ""


def add(user: User, answer: str, asked: Asked | None, *, name: str) -> Passkey:
    """Let somebody in by the passkey that a browser has just made.

    :raises NotPossible: when it was made for something else, too late, or is there already.
    """
    passkey = made(user, answer, asked, name=name)
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
    except IntegrityError as error:
        raise NotPossible(_("This passkey is here already.")) from error
    AuditEntry.write("passkey added", actor=user, subject=user)
    return passkey


def enter(shown: Shown, asked: Asked) -> User | None:
    """Return whom a passkey lets in, as `take` does."""
    user = take(shown, asked)
    if user is not None:
        AuditEntry.write("passkey used", actor=user, subject=user)
    return user


def take(shown: Shown, asked: Asked) -> User | None:
    """Return whose passkey was shown, and note its use; call it with the lock held.

    None: the account is closed, the answer was taken before, or the key is a copy, of which the
    log then says so.
    """
    passkey = db.session.get(Passkey, shown.id, populate_existing=True)
    # Whatever the cookie holds, an answer counts once: a challenge is younger than the last use.
    if passkey is None or (passkey.used_at and passkey.used_at >= asked.at):
        return None
    user, before = passkey.user, passkey.sign_count
    if user.is_gone:
        return None
    # Keys that never count say 0 always.
    if shown.sign_count <= before and (shown.sign_count or before):
        AuditEntry.write("passkey refused", actor=user, subject=user)
        return None
    passkey.sign_count, passkey.is_backed_up = shown.sign_count, shown.is_backed_up
    passkey.used_at = now()
    return user


def remove(passkey: Passkey) -> None:
    """Let nobody in by a passkey any more.

    :raises NotPossible: when its owner would have no way in.
    """
    user = passkey.user
    if identities.ways_in(user) == 1:
        raise NotPossible(_("Nothing else lets you in. Add another passkey first, or a password."))
    db.session.delete(passkey)
    AuditEntry.write("passkey removed", actor=user, subject=user)


def remove_all(user: User, *, by: User) -> int:
    """Let nobody in by any passkey of somebody; return how many those were."""
    number = rows_changed(db.delete(Passkey).where(Passkey.user_id == user.id))
    if number:
        AuditEntry.write("passkeys removed", actor=by, subject=user)
    return number


def remove_password(user: User) -> None:
    """Let somebody in by passkeys alone; whoever came by the password is signed out.

    :raises NotPossible: when the loss of one device could lock them out.
    """
    if Passkey.number_of(user) < ENOUGH:
        raise NotPossible(_("That takes two passkeys: whoever loses one gets in by the other."))
    change_password(user, "")
