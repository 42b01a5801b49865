"""Keeps the counters true: moved in the transaction that moves the rows."""

import datetime as dt

from sqlalchemy import or_, update

from ..accounts.models import User
from ..albums.models import Album, Entry
from ..errors import QuotaExceeded
from ..extensions import db, rows_changed
from .models import MonthCount, Photo
from .wording import size_in_words


def count_added(photo: Photo) -> None:
    """Count a new photo in.

    :raises QuotaExceeded: when it does not fit; decided by the database, so that two
        uploads at once cannot both take the last of the space.
    """
    fits = or_(User.quota.is_(None), User.byte_count + photo.size <= User.quota)
    is_counted = rows_changed(
        update(User)
        .where(User.id == photo.owner_id, fits)
        .values(photo_count=User.photo_count + 1, byte_count=User.byte_count + photo.size)
        .execution_options(synchronize_session=False)
    )
    if not is_counted:
        used, quota = db.session.execute(
            db.select(User.byte_count, User.quota).where(User.id == photo.owner_id)
        ).one()
        raise no_space(max(0, quota - used), quota)
    MonthCount.add(photo.owner_id, photo.local_day, 1)


def no_space(left: int, quota: int) -> QuotaExceeded:
    return QuotaExceeded(f"You have {size_in_words(left)} left of {size_in_words(quota)}.")


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


def count_gone(owner_id: int, size: int) -> None:
    """Give back the bytes of originals that leave the trash for good."""
    db.session.execute(
        update(User)
        .where(User.id == owner_id)
        .values(byte_count=User.byte_count - size)
        .execution_options(synchronize_session=False)
    )
