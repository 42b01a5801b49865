"""Does to many photos at once what `tending` and the trash do to one.

All take the ids of rows, of live photos those of both halves where both go the same way. The
counters are the caller's to move.
"""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Row, insert, literal, update

from ..extensions import among, db, now
from . import tags, trash
from .models import Offer, Photo, Source, Visibility, photo_tags, place_of
from .places import name_of_place
from .timeline import moment_of

# What is to be known of a photo to move it in time.
CLOCKS = (
    Photo.id,
    Photo.still_id,
    Photo.client_name,
    Photo.taken_at,
    Photo.taken_offset,
    Photo.taken_source,
    Photo.created_at,
)
Ids = Collection[int]
# What the clock on the wall showed, and its zone in minutes.
Clock = tuple[dt.datetime, int | None]
ClockOf = Callable[[Photo | Row], Clock]


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
    trash.own(ids)


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


def date(ids: Ids, clock_of: ClockOf) -> None:
    """Give photos, and what moves of them, their moments by the owner's word."""
    known = db.select(*CLOCKS).where(Photo.id.in_(among(ids)))
    rows = {row.id: row for row in db.session.execute(known)}
    moved = [_moved(row, *clock_of(rows.get(row.still_id, row))) for row in rows.values()]
    # One statement for all: through the session it is one for each run of the same columns.
    db.session.execute(update(Photo), moved)


def _moved(row: Row, clock: dt.datetime, offset: int | None) -> dict[str, object]:
    instant = clock.replace(tzinfo=dt.UTC) - dt.timedelta(minutes=offset or 0)
    day, key = place_of(instant, offset, row.client_name)
    return {
        "id": row.id,
        "taken_at": instant,
        "taken_offset": offset,
        "taken_source": Source.OWNER,
        "local_day": day,
        "sort_key": key,
    }


def later(photo: Photo | Row, by: dt.timedelta) -> Clock:
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
