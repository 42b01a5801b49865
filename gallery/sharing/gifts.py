"""Takes in what guests give, as far as their link allows, and what its owner decides about it."""

import datetime as dt
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, or_, update
from werkzeug.datastructures import FileStorage

from ..accounts.models import User
from ..albums.filling import put_in
from ..albums.models import Album
from ..errors import GalleryError, NotThere, QuotaExceeded
from ..extensions import among, db, now, rows_changed
from ..photos import many
from ..photos.counts import counted
from ..photos.ingest import Taken, ingest
from ..photos.limits import look_ahead
from ..photos.models import Outcome, Photo
from .models import Gift, ShareLink


class NoRoom(GalleryError):
    """The link has taken all that it was made for."""

    code = 413


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
    if room.is_none or (room.bytes is not None and size > room.bytes):
        raise _no_room()
    try:
        look_ahead(filename, size, link.owner)
    except QuotaExceeded as error:  # how much space somebody has is nothing for guests
        raise _no_room() from error


def give(
    file: FileStorage, *, link: ShareLink, guest: str, modified_at: dt.datetime | None = None
) -> Taken:
    """Keep a guest's file for the link's owner, in the album or until they let it in.

    The caller commits, and tells no guest whether the file was there already.

    :raises NoRoom: when the link, or its owner's space, does not hold it.
    :raises GalleryError, UploadError: as `ingest` does.
    """
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
        if taken.outcome is Outcome.ADDED:
            _count(link, taken.photo.size)
        _note(link, taken, guest.strip())
    except BaseException:
        taken.undo()
        raise
    return taken


def _count(link: ShareLink, size: int) -> None:
    """Count a file in; decided by the database, so that two at once cannot both be the last.

    One that was switched off while the file came takes no more.
    """
    fits = or_(ShareLink.file_limit.is_(None), ShareLink.file_count < ShareLink.file_limit)
    holds = or_(ShareLink.byte_limit.is_(None), ShareLink.byte_count + size <= ShareLink.byte_limit)
    row = update(ShareLink).where(ShareLink.id == link.id, ShareLink.ended_at.is_(None))
    if not rows_changed(
        row.where(fits, holds)
        .values(file_count=ShareLink.file_count + 1, byte_count=ShareLink.byte_count + size)
        .execution_options(synchronize_session=False)
    ):
        raise _no_room()


def _note(link: ShareLink, taken: Taken, guest: str) -> None:
    photo = taken.photo
    waits = link.asks_first or photo.trashed_at is not None
    if not waits and link.album is not None:
        put_in(link.album, link.owner, db.select(Photo.id).where(Photo.id == photo.id))
    is_new = taken.outcome is Outcome.ADDED or waits
    if is_new and db.session.get(Gift, photo.id) is None:
        db.session.add(
            Gift(
                photo_id=photo.id,
                link_id=link.id,
                album_id=link.album_id,
                guest=guest,
                decided_at=None if waits else now(),
            )
        )


def _no_room() -> NoRoom:
    return NoRoom(_("There is no more room for this here. Tell it to whoever sent you the link."))


def let_in(owner: User, chosen: Select[Photo]) -> int:
    """Bring what waits into its owner's library, and each into its album; return how many.

    :raises NotThere: when none of them waits any more.
    """
    ids = _waiting(owner, chosen)
    gifts = db.select(Gift.album_id, Gift.photo_id).where(Gift.photo_id.in_(among(ids)))
    albums = dict.fromkeys(album_id for album_id, _id in db.session.execute(gifts) if album_id)
    with counted(owner, ids):
        many.restore(ids)
    for album_id in albums:
        album = db.session.get_one(Album, album_id)
        given = db.select(Gift.photo_id).where(
            Gift.album_id == album_id, Gift.photo_id.in_(among(ids))
        )
        put_in(album, owner, given)
    _decide(ids)
    return len(ids)


def turn_down(owner: User, chosen: Select[Photo]) -> int:
    """Leave what waits in the trash, from now on for as long as all that is there.

    What its owner had besides stays where it is.

    :raises NotThere: when none of them waits any more.
    """
    ids = _waiting(owner, chosen)
    kept = update(Photo).where(Photo.id.in_(among(ids)), Photo.trashed_at.is_not(None))
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
    rows_changed(update(Gift).where(Gift.photo_id.in_(among(ids))).values(decided_at=now()))


def number_waiting(owner: User) -> int:
    """Return how many files of guests wait for somebody's word."""
    counted = Gift.waiting_for(owner).with_only_columns(db.func.count())
    return db.session.scalar(counted) or 0
