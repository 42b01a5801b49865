"""Does to many photos at once what `tending` and the trash do to one.

All take the ids of rows, of live photos those of both halves where both go the same way. The
counters are the caller's to move.
"""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import insert, literal, update
from sqlalchemy.orm import selectinload

from ..extensions import among, db, now
from . import tags
from .models import Offer, Photo, Visibility, photo_tags
from .places import name_of_place
from .tending import halves, set_clock
from .timeline import moment_of

Ids = Collection[int]
Clock = tuple[dt.datetime, int | None]


def with_halves(ids: Ids) -> list[int]:
    """Return the ids of photos, and of what moves of them."""
    moving = db.select(Photo.id).where(Photo.still_id.in_(among(ids)))
    return [*ids, *db.session.scalars(moving)]


def favour(ids: Ids, is_favourite: bool) -> None:
    _set(ids, is_favourite=is_favourite)


def archive(ids: Ids) -> None:
    _set(ids, archived_at=db.func.coalesce(Photo.archived_at, now()))


def unarchive(ids: Ids) -> None:
    _set(ids, archived_at=None)


def discard(ids: Ids) -> None:
    _set(ids, trashed_at=now())


def restore(ids: Ids) -> None:
    _set(ids, trashed_at=None)


def show(ids: Ids, visibility: Visibility, offer: Offer) -> None:
    """Decide who sees photos, and what of them."""
    _set(ids, visibility=visibility, offer=offer)


def caption(ids: Ids, text: str) -> None:
    _set(ids, caption=text.strip())


def put(ids: Ids, latitude: float | None, longitude: float | None) -> None:
    """Put photos where they were taken, in degrees; None takes their place away."""
    _set(
        ids,
        latitude=latitude,
        longitude=longitude,
        altitude=None,
        place_name=name_of_place(latitude, longitude),
        is_placed_by_hand=True,
    )


def _set(ids: Ids, **values: Any) -> None:
    which = update(Photo).where(Photo.id.in_(among(ids))).values(values)
    db.session.execute(which.execution_options(synchronize_session=False))


def date(ids: Ids, clock_of: Callable[[Photo], Clock]) -> None:
    """Give photos, and what moves of them, their moments by the owner's word, and flush."""
    photos = db.select(Photo).where(Photo.id.in_(among(ids)), Photo.still_id.is_(None))
    for photo in db.session.scalars(photos.options(selectinload(Photo.motion))):
        clock, offset = clock_of(photo)
        for half in halves(photo):
            set_clock(half, clock, offset)
    db.session.flush()


def later(photo: Photo, by: dt.timedelta) -> Clock:
    """Return what the clock showed, set forward by so much, or back."""
    return moment_of(photo) + by, photo.taken_offset


def tag(ids: Ids, owner_id: int, *, put_on: Collection[str], take_off: Collection[str]) -> None:
    """Put words on photos, and take others away."""
    gone = [tag.id for tag in tags.known(owner_id, take_off)]
    is_one = photo_tags.c.photo_id.in_(among(ids))
    db.session.execute(db.delete(photo_tags).where(is_one, photo_tags.c.tag_id.in_(gone)))
    for each in tags.made(owner_id, put_on):
        have = db.select(photo_tags.c.photo_id).where(photo_tags.c.tag_id == each.id)
        new = db.select(Photo.id, literal(each.id)).where(
            Photo.id.in_(among(ids)), Photo.id.not_in(have)
        )
        db.session.execute(insert(photo_tags).from_select(["photo_id", "tag_id"], new))
