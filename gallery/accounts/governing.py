"""What those who run the place do with it and with accounts; somebody always runs it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, not_
from sqlalchemy.orm import aliased

from .. import settings
from ..errors import NotPossible
from ..extensions import db, now, rows_changed
from .changing import end_sessions
from .models import AuditEntry, User
from .passkeys import remove_all
from .second_step import turn_off


def give_role(person: User, *, is_admin: bool, by: User) -> None:
    """Make somebody an admin, or a user like others.

    :raises NotPossible: when nobody would run the place any more.
    """
    if is_admin == person.is_admin:
        return
    _change(person, is_admin=is_admin)
    AuditEntry.write("made admin" if is_admin else "made user", actor=by, subject=person)


def give_quota(person: User, quota: int | None, *, by: User) -> None:
    """Give somebody so many bytes in all; None: as many as there are."""
    if quota == person.quota:
        return
    person.quota = quota
    AuditEntry.write("quota changed", actor=by, subject=person)


def set_up(values: Mapping[str, settings.Value], *, by: User) -> None:
    """Have these settings hold in place of those there are; without one it is as configured."""
    before = settings.stored()
    settings.put(values, changer_id=by.id)
    for name, usual in asdict(settings.configured()).items():
        old, new = before.get(name, usual), values.get(name, usual)
        if (old, name in before) != (new, name in values):
            details = {"setting": name, "old": old, "new": new, "is_set": name in values}
            AuditEntry.write("setting changed", actor=by, details=details)


def disable(person: User, *, by: User) -> None:
    """Keep somebody out, at once and everywhere; their tokens and links rest.

    :raises NotPossible: when nobody would run the place any more.
    """
    _change(person, is_disabled=True)
    end_sessions(person)
    AuditEntry.write("disabled", actor=by, subject=person)


def enable(person: User, *, by: User) -> None:
    """Let somebody in again."""
    person.is_disabled = False
    AuditEntry.write("enabled", actor=by, subject=person)


def turn_off_second_step(person: User, *, by: User) -> None:
    """Let somebody who lost their app sign in by the password alone.

    :raises NotPossible: to oneself: whoever finds an admin's device open would need no code.
    """
    if person.id == by.id:
        raise NotPossible(_("Your own two-step sign-in is turned off in the settings."))
    turn_off(person, by=by)


def remove_passkeys(person: User, *, by: User) -> int:
    """Let nobody in by the passkeys of somebody who lost them; return how many those were.

    :raises NotPossible: to oneself: whoever finds an admin's device open would have to show none.
    """
    if person.id == by.id:
        raise NotPossible(_("Your own passkeys are removed in the settings."))
    return remove_all(person, by=by)


def sign_out(person: User, *, by: User) -> int:
    """End all sessions of somebody; return how many that were."""
    AuditEntry.write("signed out", actor=by, subject=person)
    return end_sessions(person)


def remove(person: User, *, by: User) -> None:
    """Let somebody's account end in a week, and keep them out meanwhile.

    :raises NotPossible: of oneself, or when nobody would run the place any more.
    """
    if person.id == by.id:
        raise NotPossible(_("You delete your own account in the settings."))
    _change(person, is_disabled=True, leaving_at=person.leaving_at or now())
    end_sessions(person)
    AuditEntry.write("removed", actor=by, subject=person)


def leave(person: User) -> None:
    """Let an account end in a week, with all that is in it; at once nobody gets in by it.

    :raises NotPossible: when nobody would run the place any more.
    """
    _change(person, leaving_at=now())
    end_sessions(person)
    AuditEntry.write("leaving", actor=person, subject=person)


def stay(person: User, *, by: User) -> None:
    """Keep an account that was to end.

    :raises NotPossible: when its week is over, since then what it holds may be gone in part.
    """
    if person.leaves_at and person.leaves_at <= now():
        raise NotPossible(_("The week is over, and this account is being deleted."))
    person.leaving_at = None
    AuditEntry.write("staying", actor=by, subject=person)


def _change(person: User, **values: Any) -> None:
    # One statement: of two admins who demote each other at once, one stays.
    change = db.update(User).where(User.id == person.id, _is_not_the_last())
    if not rows_changed(change.values(values).execution_options(synchronize_session=False)):
        raise NotPossible(_("Nobody else runs this gallery. Make somebody else an admin first."))
    db.session.refresh(person)


def _is_not_the_last() -> ColumnElement[bool]:
    """Tell, of a row of users, whether somebody runs the place without them."""
    other = aliased(User)
    others = db.select(other.id).where(other.id != User.id, other.runs()).correlate(User)
    return others.exists() | not_(User.runs())
