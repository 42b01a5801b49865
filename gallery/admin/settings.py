"""The settings in words: what each is called, and what it says."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..accounts.models import User
from ..extensions import db
from ..fields import GB, MB
from ..photos.wording import time_in_words
from ..settings import NAMES, Setting, Value, configured

LABELS = {
    "name": _l("Name of the gallery"),
    "registration_open": _l("Who may make an account"),
    "default_quota": _l("Storage of a new account, in GB"),
    "trash_days": _l("Days in the trash"),
    "quarantine_days": _l("Days from there until the files are gone"),
    "photo_max_size": _l("Largest picture, in MB"),
    "media_max_size": _l("Largest video or recording, in GB"),
    "max_content_length": _l("Largest form, all its files together, in MB"),
}
UNITS = {
    "default_quota": GB,
    "photo_max_size": MB,
    "media_max_size": GB,
    "max_content_length": MB,
}
WHO = {True: _l("Everybody"), False: _l("Those an admin invites")}


def in_words(name: str, value: Value) -> str:
    """Return a value as its field has it."""
    if value is None:
        return _("no limit")
    if isinstance(value, bool):
        return str(WHO[value])
    return str(value if isinstance(value, str) else format_decimal(value / UNITS.get(name, 1)))


def stored_and_told() -> tuple[dict[str, Value], dict[str, str]]:
    """Return what is set, and what each field says: what holds without it, and who set it."""
    usual = asdict(configured())
    told = {
        name: _("As configured: %(value)s.", value=in_words(name, usual[name])) for name in usual
    }
    rows = db.select(Setting, User.name).join(User, Setting.changer_id == User.id, isouter=True)
    stored = {}
    for row, who in db.session.execute(rows.where(Setting.name.in_(usual))):
        stored[row.name] = row.value
        when, who = time_in_words(row.changed_at), who or _("somebody who left")
        told[row.name] += " " + _("Set by %(name)s, %(when)s.", name=who, when=when)
    return stored, told


def change_in_words(details: Mapping[str, Any]) -> str:
    """Return what the log keeps of a change."""
    name, is_set = details["setting"], details["is_set"]
    old, new = (in_words(name, details[each]) for each in ("old", "new"))
    words = {"setting": str(LABELS.get(name, name)), "old": old, "new": new}
    if old == new:
        kept = _("%(setting)s: %(new)s, whatever is configured", **words)
        return kept if is_set else _("%(setting)s: %(new)s, as configured", **words)
    changed = _("%(setting)s: from %(old)s to %(new)s", **words)
    return changed if is_set else _("%(change)s, as configured", change=changed)


def merged(
    seen: dict[str, Value], typed: dict[str, Value], here: dict[str, Value]
) -> tuple[dict[str, Value], list[str]]:
    """Put together what two admins set at the same time; return it, and on what they differ.

    :param seen: what was set when the form was shown.
    :param typed: what its sender wants, which stands where they differ.
    :param here: what is set by now.
    """
    both, differ = {}, []
    for name in NAMES:
        old, mine, theirs = (each.get(name, "") for each in (seen, typed, here))
        if (kept := theirs if mine == old else mine) != "":
            both[name] = kept
        if mine != old and theirs not in (old, mine):
            differ.append(name)
    return both, differ
