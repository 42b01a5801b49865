"""Puts photos into albums, and takes them out again."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Row, Select, exists, func, insert, update

from ..accounts.models import User
from ..extensions import among, db, now, rows_changed
from ..photos.models import Photo
from ..photos.timeline import MOMENT
from .models import Album, Entry
from .positions import spread


def put_in(album: Album, owner: User, which: Select[int]) -> int:
    """Add photos that somebody owns, oldest first, behind those in it; return how many came.

    `which` are their ids. Those in it already stay where they are. What moves of a live photo
    comes with the photo.
    """
    # Joined, and a look each: with "in" and "not in", every file that comes in would have all
    # of the owner's photos read, and all of the album.
    asked = which.distinct().subquery()
    is_there = exists().where(Entry.album_id == album.id, Entry.photo_id == Photo.id)
    new = Photo.shown_of(owner).join(asked, asked.c[0] == Photo.id).where(~is_there)
    rows = db.session.execute(new.with_only_columns(*MOMENT).order_by(*MOMENT)).all()
    if not rows:
        return 0
    moment = now()
    places = spread(_last_place(album), None, len(rows))
    _enter(album, rows, [Seat(place, moment) for place in places])
    _count(album, len(rows))
    return len(rows)


class Seat(NamedTuple):
    """Where a photo is in an album by hand, and since when it is in it."""

    place: str
    added_at: dt.datetime


def put_back(album: Album, seats: Mapping[int, Seat]) -> None:
    """Put photos back to where they were, by id; not those that are in it again."""
    is_there = exists().where(Entry.album_id == album.id, Entry.photo_id == Photo.id)
    gone = Photo.id.in_(among(seats)) & ~is_there
    rows = db.session.execute(db.select(*MOMENT).where(gone)).all()
    shown = db.select(func.count(Photo.id)).where(gone, Photo.is_shown())
    number = db.session.scalar(shown) or 0
    _enter(album, rows, [seats[row.id] for row in rows])
    _count(album, number)


def _enter(album: Album, rows: Sequence[Row], seats: Sequence[Seat]) -> None:
    entries = [
        {
            "album_id": album.id,
            "photo_id": row.id,
            "added_at": seat.added_at,
            "place": seat.place,
            "local_day": row.local_day,
            "sort_key": row.sort_key,
        }
        for row, seat in zip(rows, seats, strict=True)
    ]
    if entries:
        db.session.execute(insert(Entry), entries)


def _last_place(album: Album) -> str | None:
    last = db.select(func.max(Entry.place)).where(Entry.album_id == album.id)
    return db.session.scalar(last)


def take_out(album: Album, which: Select[int]) -> int:
    """Take photos out of an album; they stay where else they are. Return how many went."""
    entries = db.select(Entry.photo_id).where(Entry.album_id == album.id, Entry.photo_id.in_(which))
    shown = db.select(func.count(Photo.id)).where(Photo.id.in_(entries), Photo.is_shown())
    number = db.session.scalar(shown) or 0
    rows_changed(db.delete(Entry).where(Entry.album_id == album.id, Entry.photo_id.in_(which)))
    _count(album, -number)
    return number


def _count(album: Album, number: int) -> None:
    """Move the counter by what the database has, whatever this session has seen of it."""
    db.session.execute(
        update(Album)
        .where(Album.id == album.id)
        .values(photo_count=Album.photo_count + number, changed_at=now())
    )


def owned_in(album: Album, owner: User) -> Select[int]:
    """Select the ids of what somebody has put into an album."""
    return (
        db.select(Photo.id)
        .join(Entry, Entry.photo_id == Photo.id)
        .where(Entry.album_id == album.id, Photo.owner_id == owner.id)
    )
