"""Puts photos into albums, and takes them out again."""

from sqlalchemy import Select, exists, func, insert, update

from ..accounts.models import User
from ..extensions import db, now, rows_changed
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
    places = spread(_last_place(album), None, len(rows))
    moment = now()
    db.session.execute(
        insert(Entry),
        [
            {
                "album_id": album.id,
                "photo_id": row.id,
                "added_at": moment,
                "place": place,
                "local_day": row.local_day,
                "sort_key": row.sort_key,
            }
            for row, place in zip(rows, places, strict=True)
        ],
    )
    _count(album, len(rows))
    return len(rows)


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
