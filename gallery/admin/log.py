"""The log of what was done to whom: a page of it, and all of it as CSV."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from ..accounts.models import AuditEntry
from ..extensions import db
from ..photos.wording import time_in_words
from .people import has
from .settings import change_in_words

ACTS = {
    "gallery": _l("Looked into the gallery"),
    "photo": _l("Looked at a photo"),
    "email changed": _l("Changed the email"),
    "password changed": _l("Changed the password"),
    "second step on": _l("Turned on two-step sign-in"),
    "second step off": _l("Turned off two-step sign-in"),
    "recovery codes made": _l("Made recovery codes"),
    "recovery code used": _l("Used a recovery code"),
    "export made": _l("Asked for a download of everything"),
    "password removed": _l("Removed the password"),
    "passkey added": _l("Added a passkey"),
    "passkey removed": _l("Removed a passkey"),
    "passkeys removed": _l("Removed all passkeys"),
    "passkey used": _l("Signed in with a passkey"),
    "passkey refused": _l("Refused what may be a copy of a passkey"),
    "provider linked": _l("Linked a provider"),
    "provider unlinked": _l("Took a provider’s link away"),
    "reset link made": _l("Made a link to a new password"),
    "reset link mailed": _l("Was sent a link to a new password"),
    "made admin": _l("Made an admin"),
    "made user": _l("Made a user like others"),
    "quota changed": _l("Changed the storage"),
    "disabled": _l("Disabled the account"),
    "enabled": _l("Enabled the account"),
    "signed out": _l("Signed out everywhere"),
    "leaving": _l("Wanted the account deleted"),
    "removed": _l("Ended the account"),
    "staying": _l("Kept the account"),
    "left": _l("The account was deleted"),
    "invitation made": _l("Made an invitation"),
    "invitation turned off": _l("Turned off an invitation"),
    "joined": _l("Made an account by an invitation"),
    "jobs retried": _l("Had all that was given up tried again"),
    "jobs paused": _l("Paused a kind of work"),
    "jobs go on": _l("Let a kind of work go on"),
    "setting changed": _l("Changed a setting"),
    "check begun": _l("Had everything checked"),
}
PAGE = 100
# Rows of the CSV that are read at once.
SOME = 1000
# A spreadsheet would take a cell that begins so for a formula of its own.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def asked(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return what an address asks for: the name of `who`, or some of it, an `act`, or neither."""
    return {name: arguments[name] for name in ("who", "act") if arguments.get(name)}


def page(asked: Mapping[str, str], before: int | None) -> tuple[Sequence[AuditEntry], int | None]:
    """Return the newest entries, and before which the next page begins, if there is one."""
    found = db.session.scalars(_entries(asked, before).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def row(entry: AuditEntry) -> dict[str, str]:
    return {
        "when": time_in_words(entry.at),
        "who": entry.actor_name,
        "what": _what(entry),
        "whom": entry.subject_name,
    }


def _what(entry: AuditEntry) -> str:
    return change_in_words(entry.details) if entry.details else str(ACTS.get(entry.act, entry.act))


def as_csv(asked: Mapping[str, str]) -> str:
    """Return the log as CSV, the newest first."""
    text = StringIO()
    file = csv.writer(text)
    file.writerow([_("When (UTC)"), _("Who"), _("What"), _("Whom")])
    before: int | None = None
    while found := db.session.scalars(_entries(asked, before).limit(SOME)).all():
        for entry in found:
            _when, *cells = row(entry).values()
            file.writerow([f"{entry.at:%Y-%m-%d %H:%M:%S}", *map(harmless, cells)])
        before = found[-1].id
        db.session.expunge_all()  # a long log is not kept as objects
    return text.getvalue()


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _entries(asked: Mapping[str, str], before: int | None) -> Select[AuditEntry]:
    entries = db.select(AuditEntry).order_by(AuditEntry.id.desc())
    if before is not None and 0 < before < 2**63:
        entries = entries.where(AuditEntry.id < before)
    if "act" in asked:
        entries = entries.where(AuditEntry.act == asked["act"])
    if "who" in asked:
        # As it was: people may have left, or changed it.
        is_named = has(asked["who"], AuditEntry.actor_name, AuditEntry.subject_name)
        entries = entries.where(is_named)
    return entries
