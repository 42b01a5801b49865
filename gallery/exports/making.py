"""Makes an export ready, by the worker and in pieces, and sends it.

No zip is stored. Originals never change, and a zip of them as they are can be told from any byte
on once it is known what is in it and each file's CRC (photos/zipping.py). So the worker looks
whether each file is there, finds the CRCs that nobody has asked for yet, and then writes down
what was true at one moment: the list of the files with their names, and the texts beside them.
That is a few hundred bytes for each photo, in a folder of the storage root; the originals are
read while it is sent. A stored zip would need the room of a whole library again just when
somebody leaves because the disk is full, hours of writing, and a place in quotas and backups.

What it costs: who deletes a photo for good has deleted it here, too. The bytes could then not be
the same any more, so the whole of it is gone, and says so. What is in the trash is left out: it
is deleted one day after the other, and each time an export would be gone with it.
"""

import datetime as dt
import errno
import shutil
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func

from .. import storage
from ..accounts.models import AuditEntry, User
from ..errors import CannotStart, Outdated
from ..extensions import among, begin_writing, db, now, rows_changed
from ..jobs.models import Job, Priority
from ..languages import N_, speaking, spoken
from ..photos.models import Photo
from ..photos.splicing import PIECE, Spliced, Stored
from ..photos.zipping import Named, zip_of
from ..photos.zips import Zip
from ..upload_sets import SETS
from ..uploads.stores import LocalStore
from . import contents
from .contents import Original, Place
from .models import Export

KIND = "export"
FOLDER = "exports"
# A worker that reads makes no previews meanwhile, and what is lost when it is killed is read again.
SECONDS = 2
SOME = 2000  # photos at most, in one go
GONE = N_("Some of it was deleted meanwhile, so it cannot be had any more. Make it anew.")
BROKEN_OFF = N_("It did not come to its end; the log of the worker says why.")


def begin(owner: User) -> None:
    """Have everything of somebody made ready, in the place of what was before.

    While the worker is at it, it goes on. The caller commits, and then sweeps.
    """
    export = db.session.scalar(Export.owned_by(owner))
    if export is None or export.ended_at is not None:
        delete(owner)
        files, size = db.session.execute(
            contents.originals_of(owner).with_only_columns(
                func.count(), func.coalesce(func.sum(Photo.size), 0)
            )
        ).one()
        export = Export(owner_id=owner.id, language=str(spoken()), files=files, size=size)
        db.session.add(export)
        db.session.flush()
        AuditEntry.write("export made", actor=owner, subject=owner)
    # One that is at work is left to it: a second would write into the same files.
    if not Job.is_at_work(KIND, export.id):
        Job.want(KIND, export.id, priority=Priority.NOBODY)


def delete(owner: User) -> None:
    """Forget what was made ready; the caller commits, and then sweeps."""
    db.session.execute(db.delete(Export).where(Export.owner_id == owner.id))


def sweep() -> None:
    """Delete exports whose week is over, and every folder that no row knows; commits."""
    begin_writing()
    db.session.execute(db.delete(Export).where(~Export.lasts()))
    db.session.commit()
    # The folders first: a row is there before its folder.
    folders = list((storage.root() / FOLDER).glob("*"))
    known = set(db.session.scalars(db.select(Export.public_id)))
    for folder in folders:
        if folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)  # or another sweeps it, too
    db.session.commit()


@dataclass
class Seen:
    """How far the originals were looked at, and what was found since it was last written down."""

    last_photo: int
    read: int
    crc: int
    files: int = 0
    size: int = 0
    missing: list[int] = field(default_factory=list)
    crcs: dict[int, int] = field(default_factory=dict)


def go_on(export_id: int) -> None:
    """Work at it for some seconds; the rest is another job, behind what people wait for.

    :raises CannotStart: when the storage root is not mounted.
    """
    if not storage.is_mounted():
        raise CannotStart(f"The storage root {storage.root()} has no marker: nothing was read.")
    export = db.session.get(Export, export_id, populate_existing=True)
    if export is None or export.ended_at is not None:
        return
    owner = db.session.get_one(User, export.owner_id)
    if export.listed is not None:
        _describe(export, owner, Place(export.listed, export.described))
    elif rows := _next(export, owner):
        _look_at(export, rows)
    else:
        folder = _folder(export)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = contents.write_list(folder, owner, export.missing)
        _write_down(export, **place._asdict())


def give_up(export_id: int, _reason: str) -> None:
    """Say on its page that it broke off."""
    export = db.session.get(Export, export_id, populate_existing=True)
    if export is not None:
        export.reason, export.ended_at = BROKEN_OFF, now()


def _next(export: Export, owner: User) -> Sequence[Row]:
    columns = (Photo.id, Photo.set_name, Photo.filename, Photo.size, Photo.crc32)
    rest = contents.originals_of(owner).where(Photo.id > export.last_photo).order_by(Photo.id)
    return db.session.execute(rest.with_only_columns(*columns).limit(SOME)).all()


def _look_at(export: Export, rows: Sequence[Row]) -> None:
    db.session.commit()  # reading takes its time: hold no connection
    seen = Seen(export.last_photo, export.read, export.crc)
    until = time.monotonic() + SECONDS
    for row in rows:
        _look(row, seen, until)
        if seen.read or time.monotonic() > until:
            break
    is_written = _write_down(
        export,
        last_photo=seen.last_photo,
        read=seen.read,
        crc=seen.crc,
        files_seen=export.files_seen + seen.files,
        size_seen=export.size_seen + seen.size,
        missing=[*export.missing, *seen.missing],
    )
    for photo_id, crc in seen.crcs.items() if is_written else ():
        one = db.update(Photo).where(Photo.id == photo_id).values(crc32=crc)
        db.session.execute(one.execution_options(synchronize_session=False))


def _look(row: Row, seen: Seen, until: float) -> None:
    """Look at an original; one whose CRC is not known is read, as far as there is time."""
    store = SETS[row.set_name].config.store
    found = store.stat(row.filename)
    if found is None or found.size != row.size:
        seen.missing.append(row.id)
    elif row.crc32 is None:
        try:
            with store.open(row.filename, seen.read) as original:
                while piece := original.read(PIECE):
                    seen.crc = zlib.crc32(piece, seen.crc)
                    seen.read += len(piece)
                    if seen.read < row.size and time.monotonic() > until:
                        return
            seen.crcs[row.id] = seen.crc
        except OSError as error:
            if error.errno != errno.EIO:  # where the disk is broken, the rest is wanted most
                raise
            seen.missing.append(row.id)
    seen.last_photo, seen.read, seen.crc = row.id, 0, 0
    seen.files += 1
    seen.size += row.size


def _describe(export: Export, owner: User, place: Place) -> None:
    folder, until = _folder(export), time.monotonic() + SECONDS
    with speaking(export.language):
        while further := contents.describe_some(folder, owner, place):
            place = further
            if time.monotonic() > until:
                _write_down(export, **place._asdict())
                return
        contents.describe_rest(folder, owner, place)
    originals = contents.originals_in(folder)
    texts = sum((folder / name).stat().st_size for name in _texts(folder))
    size = texts + sum(each.size for each in originals)
    _write_down(export, files=len(originals), size=size, ended_at=now())


def _write_down(export: Export, **values: Any) -> bool:
    """Write down how far it is, and ask for the rest; False when another had the job, too."""
    begin_writing()
    same = {name: getattr(export, name) for name in ("id", "last_photo", "read", "listed")}
    row = db.update(Export).filter_by(**same, ended_at=None).values(values)
    if not rows_changed(row.execution_options(synchronize_session=False)):
        return False
    if "ended_at" not in values:
        Job.want(KIND, export.id, priority=Priority.NOBODY)
    return True


def zipped(export: Export) -> Zip:
    """Return the zip of an export that is ready; it is the same each time.

    What is needed of the database is read, so that nothing of it is held while it is sent.

    :raises Outdated: when something of it is gone.
    """
    return Zip(_zip(export, originals(export)), export.public_id)


def originals(export: Export) -> list[Original]:
    """Return what an export that is ready has of originals.

    :raises Outdated: when something of it is gone.
    """
    try:
        found = contents.originals_in(_folder(export))
    except FileNotFoundError as error:  # the database came back from a backup
        raise Outdated(GONE) from error
    there = db.select(func.count()).where(Photo.id.in_(among(each.photo_id for each in found)))
    if db.session.scalar(there) != len(found):
        raise Outdated(GONE)
    return found


def _zip(export: Export, originals: list[Original]) -> Spliced:
    folder, files = _folder(export), list[Named]()
    store = LocalStore(folder)
    for name in _texts(folder):
        size = (folder / name).stat().st_size
        crc = Stored(store, name, size).crc
        files.append((name, Stored(store, name, size, crc=crc), export.began_at))
    for each in originals:
        stored = Stored(SETS[each.set_name].config.store, each.filename, each.size, crc=each.crc)
        files.append((each.name or "", stored, dt.datetime.fromisoformat(each.moment)))
    return zip_of(files)


def _texts(folder: Path) -> list[str]:
    return [name for name in contents.TEXTS if (folder / name).exists()]


def _folder(export: Export) -> Path:
    return storage.root() / FOLDER / export.public_id
