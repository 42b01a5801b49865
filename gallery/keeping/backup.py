"""Backs up the gallery while people use it: the database at one moment, and its files."""

import datetime as dt
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from .. import storage
from ..errors import CannotStart, NotPossible
from ..extensions import begin_writing, db, now
from ..upload_sets import SETS
from ..uploads import LocalStore
from . import snapshots
from .contents import FILES, SECRET, Manifest, of, sync, write_whole
from .copies import Lost, Place, copy, is_there
from .models import Backup
from .snapshots import Files, Stored

Progress = Callable[[Files], "Iterator[Stored]"]

DATABASES = "gallery-*.sqlite"
# People delete while files are copied, so the rows are read anew until they name what is there.
MOST_ROUNDS = 5


def back_up(
    folder: Path, *, previews: bool = True, check: bool = False, progress: Progress = iter
) -> Manifest:
    """Bring a folder to what the gallery is now; what is there already is not copied again.

    Until the end, the backup that was there before stays as good as it was.

    :param check: read what is there already, and copy again what is not as it was sent.
    :raises CannotStart: when the storage root is not mounted.
    :raises NotPossible: when the folder does not fit, or the database has tools of its own.
    :raises OSError, UploadError: when the folder cannot be written.
    """
    if not storage.is_mounted():
        raise CannotStart(f"The storage root {storage.root()} has no marker: nothing was copied.")
    snapshots.refuse_other_databases()
    if folder.resolve().is_relative_to(storage.root().resolve()):
        raise NotPossible(f"{folder} is inside of what is to be backed up.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        try:
            manifest = _copied(folder, previews=previews, check=check, progress=progress)
            secret = Path(current_app.instance_path, SECRET)
            if secret.exists():  # or else it comes from the settings
                write_whole(folder / SECRET, secret.read_text())
            manifest.write(folder)
        finally:
            _remove_other_databases(folder)
    return manifest


def write_down(manifest: Manifest) -> None:
    """Remember that there is a backup; the caller commits."""
    begin_writing()
    db.session.add(
        Backup(
            taken_at=dt.datetime.fromisoformat(manifest.taken_at),
            ended_at=dt.datetime.fromisoformat(manifest.ended_at),
            files=manifest.files,
            size=manifest.size,
            wrong=len(manifest.wrong),
        )
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder: what is begun each night may still be at work from the night before."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotPossible(f"Another backup is at work in {folder}.") from error
        yield
    finally:
        os.close(handle)


def _copied(folder: Path, *, previews: bool, check: bool, progress: Progress) -> Manifest:
    other: dict[str, None] = {}  # what is not as it was sent, each said once
    kept = LocalStore(folder / FILES, sync=True)
    lost: dict[str, int] = {}  # what could not be had, and how many bytes that is
    for _round in range(MOST_ROUNDS):
        taken_at = now()
        database = folder / f"gallery-{taken_at:%Y%m%dT%H%M%S.%f}.sqlite"
        snapshots.take(database, previews=previews)
        before, lost = lost, {}
        for stored in progress(Files(database)):
            try:
                if sentence := _keep(stored, kept, check=check):
                    other[sentence] = None
            except Lost as error:
                lost[str(error)] = stored.size
        if lost.keys() <= before.keys():  # its row is still there, so nobody deleted it
            break
    photos, files, size = Files(database).sums()
    sync(database)
    with database.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Manifest(
        taken_at=taken_at.isoformat(),
        ended_at=now().isoformat(),
        database=database.name,
        database_sha256=digest,
        photos=photos,
        files=files - len(lost),
        size=size - sum(lost.values()),
        has_previews=previews,
        wrong=[*lost, *other],
    )


def _keep(stored: Stored, kept: LocalStore, *, check: bool) -> str | None:
    there = Place(kept, stored.key)
    if is_there(stored, there, read=check):
        return None
    here = Place(SETS[stored.set_name].config.store, stored.filename)
    return copy(stored, here, there, staging=kept.root)


def _remove_other_databases(folder: Path) -> None:
    """Leave the one that the manifest names: that of before, if this backup was stopped."""
    try:
        named = of(folder).database
    except NotPossible:
        named = ""
    for database in folder.glob(DATABASES):
        if database.name != named:
            database.unlink()
