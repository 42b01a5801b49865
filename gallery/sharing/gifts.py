"""Takes in what guests give, as far as their link allows, and what its owner decides about it."""

import datetime as dt
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, or_, update
from werkzeug.datastructures import FileStorage

from .. import storage
from ..accounts.models import User
from ..albums.filling import put_in
from ..albums.models import Album
from ..errors import GalleryError, NotThere, QuotaExceeded
from ..extensions import among, db, now, rows_changed
from ..photos import limits, many
from ..photos.counts import counted
from ..photos.ingest import Taken, ingest
from ..photos.models import Outcome, Photo
from ..uploads import Spool
from ..uploads.incoming import Begun
from .links import NotShared
from .models import Gift, ShareLink


class NoRoom(GalleryError):
    """The link has taken all that it was made for."""

    code = 413


class BeingFilled(GalleryError):
    """The rest of the link's room is promised to files on their way."""

    code = 429


class Room(NamedTuple):
    """What a link still takes: files and bytes, None where it names no limit."""

    files: int | None
    bytes: int | None

    @property
    def is_none(self) -> bool:
        return 0 in self


def room_of(link: ShareLink) -> Room:
    return Room(
        _left(link.file_limit, link.file_count),
        _left(link.byte_limit, link.byte_count),
    )


def _left(limit: int | None, number: int) -> int | None:
    return None if limit is None else max(0, limit - number)


def look_at(filename: str, size: int, link: ShareLink) -> None:
    """Look whether a link could take a file; its bytes and the row decide for good.

    :raises NoRoom: when the link, or its owner's space, does not hold it.
    :raises TooLarge: when it is over the limit of its kind.
    :raises DiskFull: when the disk does not hold it.
    """
    room = room_of(link)
    if room.is_none or not _holds(room, 1, size):
        raise _no_room()
    try:
        limits.look_ahead(filename, size, link.owner)
    except QuotaExceeded as error:  # how much space somebody has is nothing for guests
        raise _no_room() from error


def look_beside(size: int, link: ShareLink, begun: Begun) -> None:
    """Look whether a link could take a file besides those that guests have begun to send.

    :raises BeingFilled: when it, or its owner's space, could take the one or the others.
    :raises DiskFull: when the disk could.
    """
    files, total = begun.files + 1, begun.bytes + size
    space = Room(None, limits.room_of(link.owner))
    if not (_holds(room_of(link), files, total) and _holds(space, files, total)):
        raise BeingFilled(_("The last places are being filled right now. Try again in a minute."))
    storage.keep_room(begun.missing + size)


def _holds(room: Room, files: int, size: int) -> bool:
    return (room.files is None or files <= room.files) and (
        room.bytes is None or size <= room.bytes
    )


def give(
    file: FileStorage, *, link: ShareLink, guest: str, modified_at: dt.datetime | None = None
) -> Taken:
    """Keep a guest's file for the link's owner, in the album or until they let it in.

    The caller commits. Nobody learns here whether the file was there before: it counts as any
    other, and waits, for a photo of its owner's own is not shown by a stranger's act.

    :raises NotShared: when the link takes nothing any more.
    :raises NoRoom: when the link, or its owner's space, does not hold it.
    :raises GalleryError, UploadError: as `ingest` does.
    """
    link_id, spool = link.id, Spool.of(file)
    if _given_before(link_id, spool.sha256) is None:
        look_at(file.filename or "", spool.size, link)
    try:
        taken = ingest(
            file,
            owner=link.owner,
            modified_at=modified_at,
            again=lambda photo: Taken(photo, Outcome.ALREADY),
            waits=link.asks_first,
        )
    except QuotaExceeded as error:
        raise _no_room() from error
    try:
        _note(_still_open(link_id), taken, guest)
    except BaseException:
        taken.undo()
        raise
    return taken


def _given_before(link_id: int, sha256: str) -> Gift | None:
    same = db.select(Gift).join(Photo, Photo.id == Gift.photo_id)
    return db.session.scalar(same.where(Gift.link_id == link_id, Photo.sha256 == sha256))


def _still_open(link_id: int) -> ShareLink:
    """Return a link as it is under the lock: it may have been closed while the file came.

    :raises NotShared: when it was.
    """
    is_it = (ShareLink.id == link_id, ShareLink.is_open(), ShareLink.takes_files)
    asked = db.select(ShareLink).join(ShareLink.owner).where(*is_it)
    link = db.session.scalar(asked.execution_options(populate_existing=True))
    if link is None:
        raise NotShared("This link is not shared.")
    return link


def _note(link: ShareLink, taken: Taken, guest: str) -> None:
    photo = taken.photo.still or taken.photo
    if _given_before(link.id, taken.photo.sha256) is not None:  # sent twice
        return
    _count(link, taken.photo.size)
    waits = link.asks_first or taken.outcome is not Outcome.ADDED
    if not waits and link.album is not None:
        put_in(link.album, link.owner, db.select(Photo.id).where(Photo.id == photo.id))
    for_album = Gift.of(photo).where(Gift.album_id == link.album_id)
    if db.session.scalar(for_album) is None:
        db.session.add(
            Gift(
                photo_id=photo.id,
                link_id=link.id,
                album_id=link.album_id,
                guest=guest,
                decided_at=None if waits else now(),
                is_held=photo.trashed_at is not None,
            )
        )


def _count(link: ShareLink, size: int) -> None:
    """Count a file in; decided by the database, so that two at once cannot both be the last."""
    fits = or_(ShareLink.file_limit.is_(None), ShareLink.file_count < ShareLink.file_limit)
    holds = or_(ShareLink.byte_limit.is_(None), ShareLink.byte_count + size <= ShareLink.byte_limit)
    if not rows_changed(
        update(ShareLink)
        .where(ShareLink.id == link.id, fits, holds)
        .values(file_count=ShareLink.file_count + 1, byte_count=ShareLink.byte_count + size)
        .execution_options(synchronize_session=False)
    ):
        raise _no_room()


def _no_room() -> NoRoom:
    return NoRoom(_("There is no more room for this here. Tell it to whoever sent you the link."))


def let_in(owner: User, chosen: Select[Photo]) -> int:
    """Bring what waits into its owner's library, and each into its album; return how many.

    :raises NotThere: when none of them waits any more.
    """
    ids = _waiting(owner, chosen)
    given = db.select(Gift.album_id, Gift.photo_id).where(
        Gift.photo_id.in_(among(ids)), Gift.decided_at.is_(None), Gift.album_id.is_not(None)
    )
    into: dict[int, list[int]] = {}
    for album_id, photo_id in db.session.execute(given):
        into.setdefault(album_id, []).append(photo_id)
    rows = many.with_halves(ids)
    with counted(owner, rows):
        many.restore(rows)
    for album_id, photos in into.items():
        album = db.session.get_one(Album, album_id)
        put_in(album, owner, db.select(Photo.id).where(Photo.id.in_(among(photos))))
    _decide(ids)
    return len(ids)


def turn_down(owner: User, chosen: Select[Photo]) -> int:
    """Leave what waits in the trash, from now on for as long as all that is there.

    What its owner had besides stays where it is.

    :raises NotThere: when none of them waits any more.
    """
    ids = _waiting(owner, chosen)
    kept = update(Photo).where(
        Photo.id.in_(among(many.with_halves(ids))), Photo.trashed_at.is_not(None)
    )
    db.session.execute(kept.values(trashed_at=now()).execution_options(synchronize_session=False))
    _decide(ids)
    return len(ids)


def _waiting(owner: User, chosen: Select[Photo]) -> list[int]:
    waiting = chosen.where(Photo.owner_id == owner.id, Gift.waits())
    ids = list(db.session.scalars(waiting.with_only_columns(Photo.id)))
    if not ids:
        raise NotThere(_("None of these photos waits any more."))
    return ids


def _decide(ids: list[int]) -> None:
    undecided = update(Gift).where(Gift.photo_id.in_(among(ids)), Gift.decided_at.is_(None))
    rows_changed(undecided.values(decided_at=now()))


def number_waiting(owner: User) -> int:
    """Return how many files of guests wait for somebody's word."""
    counted = Gift.waiting_for(owner).with_only_columns(db.func.count())
    return db.session.scalar(counted) or 0
