"""Into the trash, back from it, and out of it for good."""

import datetime as dt
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, update

from .. import settings
from ..accounts.models import User
from ..extensions import among, begin_writing, db, now
from ..sharing.models import Gift
from ..upload_sets import SETS
from .counts import count_gone, count_shown
from .models import Derivative, Photo
from .wording import number_of


@dataclass(frozen=True)
class Stored:
    """A file whose row is gone."""

    set_name: str
    filename: str


def discard(photo: Photo) -> None:
    """Move a photo to the trash; its file stays where it is. A live photo goes whole."""
    if photo.trashed_at is not None:
        return
    photo.trashed_at = now()
    if photo.motion is not None:
        photo.motion.trashed_at = photo.trashed_at
    if photo.still_id is None:
        count_shown(photo, -1)
    else:  # only what moved goes: the still stays, and stands alone
        photo.still = None


def restore(photo: Photo) -> None:
    """Bring a photo back from the trash to its place; of a live photo both halves."""
    photo = photo.still or photo
    if photo.trashed_at is not None:
        photo.trashed_at = None
        if photo.motion is not None:
            photo.motion.trashed_at = None
        count_shown(photo, 1)
        own([photo.id])


def own(ids: Collection[int]) -> None:
    """Take what guests gave as one's own from now on: it no longer waits for a decision."""
    held = update(Gift).where(Gift.photo_id.in_(among(ids)), Gift.is_held.is_(True))
    db.session.execute(held.values(is_held=False).execution_options(synchronize_session=False))


def trashed_by(owner: User) -> Select[Photo]:
    """All that is in the trash, the moving halves of live photos too.

    What guests gave is kept in its place, but it waits.
    """
    return Photo.owned_by(owner).where(Photo.trashed_at.is_not(None), ~Gift.holds())


def tiles_of(owner: User) -> Select[Photo]:
    """What stands in the trash as a tile."""
    return trashed_by(owner).where(Photo.still_id.is_(None))


def until(photos: Select[Photo], moment: dt.datetime) -> Select[Photo]:
    """Select what had come to the trash by then."""
    return photos.where(Photo.trashed_at <= moment)


def newest(photos: Select[Photo]) -> dt.datetime | None:
    """Return when the last of some photos came to the trash; what comes later is not counted yet.

    A clock would do less well: what is on its way in has its moment already.
    """
    return db.session.scalar(photos.with_only_columns(func.max(Photo.trashed_at)))


def extent(photos: Select[Photo]) -> tuple[int, int]:
    """Return the number of some photos in the trash, and the bytes of their originals."""
    sums = photos.with_only_columns(
        func.count(Photo.id).filter(Photo.still_id.is_(None)),
        func.coalesce(func.sum(Photo.size), 0),
    )
    number, size = db.session.execute(sums).one()
    return number, size


def days_left(trashed_at: dt.datetime) -> str:
    """Return how long a photo stays in the trash, as it stands on its tile."""
    left = trashed_at + dt.timedelta(days=settings.current().trash_days) - now()
    return number_of(max(0, math.ceil(left / dt.timedelta(days=1))), "day")


def past_their_time(days: int) -> Select[Photo]:
    oldest = now() - dt.timedelta(days=days)
    return db.select(Photo).where(Photo.trashed_at < oldest, ~Gift.holds())


def delete_rows(scope: Select[Photo]) -> list[Stored]:
    """Delete some rows of what is in the trash; return the files to remove after the commit.

    At most 500 photos at a time, so that nobody waits long for the lock: call it, and
    commit, until it returns nothing.
    """
    begin_writing()
    doomed = db.session.execute(
        scope.with_only_columns(
            Photo.id, Photo.set_name, Photo.filename, Photo.owner_id, Photo.size
        )
        .order_by(Photo.id)
        .limit(500)
    ).all()
    ids = [row.id for row in doomed]
    made = db.session.execute(
        db.select(Derivative.set_name, Derivative.filename).where(Derivative.photo_id.in_(ids))
    ).all()
    db.session.execute(
        db.delete(Photo).where(Photo.id.in_(ids)).execution_options(synchronize_session=False)
    )
    for owner_id in {row.owner_id for row in doomed}:
        count_gone(owner_id, sum(row.size for row in doomed if row.owner_id == owner_id))
    return [Stored(row.set_name, row.filename) for row in [*made, *doomed]]


def remove(gone: Iterable[Stored]) -> None:
    """Delete files whose rows are gone; one that is missing is as good as deleted."""
    for stored in gone:
        SETS[stored.set_name].delete(stored.filename)
