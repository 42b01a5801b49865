"""Finds what no longer belongs, looks again, and moves it into quarantine."""

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app

from .. import settings, storage
from ..accounts import posting
from ..accounts.models import Session
from ..errors import CannotStart
from ..exports import making as exports
from ..extensions import begin_writing, db, now
from ..upload_sets import SETS
from ..uploads.incoming import Incoming
from . import changes, receipts
from .clearing import clear_out
from .models import Derivative, Photo
from .trash import delete_rows, past_their_time

# A file younger than this may belong to an upload that is about to commit.
GRACE_SECONDS = 24 * 3600
STAMP = ".swept"


@dataclass(frozen=True)
class Swept:
    """What a sweep moved and removed, in files."""

    without_row: int
    past_their_time: int
    out_of_quarantine: int


def sweep(*, grace: float = GRACE_SECONDS) -> Swept:
    """Move files without a row, and trash past its time, into quarantine; empty that at last.

    What people left whose account is over goes first, and for good.

    :raises CannotStart: when the storage root is not mounted.
    """
    if not storage.is_mounted():
        raise CannotStart(f"The storage root {storage.root()} has no marker: nothing was swept.")
    (storage.root() / STAMP).touch()  # first, so that a long sweep is not begun twice
    clear_out()
    expired = _sweep_trash()
    orphans = sum(_sweep_set(name, grace) for name in SETS)
    removed = storage.empty_quarantine(settings.current().quarantine_days)
    _forget_old_sessions()
    posting.forget_old()
    receipts.forget_old()
    changes.forget_old()
    exports.sweep()
    Incoming().sweep()
    return Swept(orphans, expired, removed)


def sweep_when_due() -> None:
    """Sweep when the last sweep is a day old."""
    stamp = storage.root() / STAMP
    if not stamp.exists() or stamp.stat().st_mtime < time.time() - 24 * 3600:
        sweep()


def _sweep_trash() -> int:
    moved = 0
    while gone := delete_rows(past_their_time(settings.current().trash_days)):
        db.session.commit()
        moved += sum(_quarantine(stored.set_name, stored.filename) for stored in gone)
    db.session.commit()
    return moved


def _sweep_set(set_name: str, grace: float) -> int:
    known, moved = known_files(set_name), 0
    for filename in list(storage.files_of(set_name)):
        if filename in known or _age(set_name, filename) < grace:
            continue
        # Looked at again before the move and after it: a row may have come since.
        if not has_row(set_name, filename) and _quarantine(set_name, filename):
            if has_row(set_name, filename):
                storage.give_back(set_name, filename)
            else:
                moved += 1
    return moved


def _age(set_name: str, filename: str) -> float:
    try:
        # The change time: a file linked into its place just now is young, whatever its mtime.
        return time.time() - storage.path_of(set_name, filename).stat().st_ctime
    except FileNotFoundError:
        return 0.0


def _quarantine(set_name: str, filename: str) -> int:
    try:
        storage.quarantine(set_name, filename)
    except FileNotFoundError:  # somebody removed it first
        return 0
    return 1


def known_files(set_name: str) -> set[str]:
    """Return every filename of a set that has a row."""
    return set(_filenames(Photo, set_name)) | set(_filenames(Derivative, set_name))


def has_row(set_name: str, filename: str) -> bool:
    db.session.commit()  # see what others committed until now
    return any(
        db.session.scalar(
            db.select(model.id).where(model.set_name == set_name, model.filename == filename)
        )
        for model in (Photo, Derivative)
    )


def _filenames(model: type[Photo] | type[Derivative], set_name: str) -> Iterable[str]:
    return db.session.scalars(db.select(model.filename).where(model.set_name == set_name))


def _forget_old_sessions() -> None:
    oldest = now() - dt.timedelta(days=current_app.config["SESSION_DAYS"])
    begin_writing()
    db.session.execute(db.delete(Session).where(Session.created_at < oldest))
    db.session.commit()
