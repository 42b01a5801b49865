"""Keeps the counters true: moved in the transaction that moves the rows."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from flask_babel import gettext as _
from sqlalchemy import func, or_, update

from ..accounts.models import User
from ..albums.models import Album, Entry
from ..errors import QuotaExceeded
from ..extensions import among, db, rows_changed
from .models import MonthCount, Photo
from .wording import size_in_words


def count_added(photo: Photo) -> None:
    """Count a new photo in; one that waits for its owner's word takes space, and no more.

    :raises QuotaExceeded: when it does not fit; decided by the database, so that two
        uploads at once cannot both take the last of the space.
    """
    shown = int(photo.trashed_at is None)
    fits = or_(User.quota.is_(None), User.byte_count + photo.size <= User.quota)
    is_counted = rows_changed(
        update(User)
        .where(User.id == photo.owner_id, fits)
        .values(photo_count=User.photo_count + shown, byte_count=User.byte_count + photo.size)
        .execution_options(synchronize_session=False)
    )
    if not is_counted:
        used, quota = db.session.execute(
            db.select(User.byte_count, User.quota).where(User.id == photo.owner_id)
        ).one()
        raise no_space(max(0, quota - used), quota)
    if shown:
        MonthCount.add(photo.owner_id, photo.local_day, 1)


def no_space(left: int, quota: int) -> QuotaExceeded:
    return QuotaExceeded(
        _(
            "You have %(left)s left of %(quota)s.",
            left=size_in_words(left),
            quota=size_in_words(quota),
        )
    )


def count_shown(photo: Photo, number: int) -> None:
    """Count a photo back from the trash (1) or into it (-1), in its albums too."""
    within = db.select(Entry.album_id).where(Entry.photo_id == photo.id)
    db.session.execute(
        update(Album)
        .where(Album.id.in_(within))
        .values(photo_count=Album.photo_count + number)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(User)
        .where(User.id == photo.owner_id)
        .values(photo_count=User.photo_count + number)
        .execution_options(synchronize_session=False)
    )
    if photo.archived_at is None:
        MonthCount.add(photo.owner_id, photo.local_day, number)


def count_archived(photo: Photo, number: int) -> None:
    """Count a photo out of its month, into the archive (-1), or back (1)."""
    if photo.trashed_at is None and photo.still_id is None:
        MonthCount.add(photo.owner_id, photo.local_day, number)


def count_moved(photo: Photo, *, from_day: dt.date) -> None:
    """Follow a photo to another day. One that is not shown is in no month."""
    if photo.is_in_timeline and from_day != photo.local_day:
        MonthCount.add(photo.owner_id, from_day, -1)
        MonthCount.add(photo.owner_id, photo.local_day, 1)


@contextmanager
def counted(owner: User, ids: Collection[int]) -> Iterator[None]:
    """Move the counters by what the block does to photos of one owner, whatever that is."""
    before = _tally(ids)
    yield
    after = _tally(ids)
    for key in before.keys() | after.keys():
        _move(owner, key, after[key] - before[key])


def _tally(ids: Collection[int]) -> "Counter[int | dt.date | None]":
    """Count those that are shown: all (None), in each album (its id), and in each month."""
    shown = Photo.id.in_(among(ids)) & Photo.is_shown()
    number, tally = func.count(Photo.id), Counter[int | dt.date | None]()
    tally[None] = db.session.scalar(db.select(number).where(shown)) or 0
    within = db.select(Entry.album_id, number).join(Photo, Photo.id == Entry.photo_id)
    for album_id, photos in db.session.execute(within.where(shown).group_by(Entry.album_id)):
        tally[album_id] = photos
    days = db.select(Photo.local_day, number).where(shown, Photo.archived_at.is_(None))
    for day, photos in db.session.execute(days.group_by(Photo.local_day)):
        tally[day.replace(day=1)] += photos
    return tally


def _move(owner: User, key: int | dt.date | None, number: int) -> None:
    if not number:
        return
    if isinstance(key, dt.date):
        MonthCount.add(owner.id, key, number)
        return
    model = User if key is None else Album
    row = update(model).where(model.id == (owner.id if key is None else key))
    moved = row.values(photo_count=model.photo_count + number)
    db.session.execute(moved.execution_options(synchronize_session=False))


def count_gone(owner_id: int, size: int) -> None:
    """Give back the bytes of originals that leave the trash for good."""
    db.session.execute(
        update(User)
        .where(User.id == owner_id)
        .values(byte_count=User.byte_count - size)
        .execution_options(synchronize_session=False)
    )
