"""Reads a list of photos by keyset, as columns: the first page costs what the last one does."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, tuple_

from ..accounts.models import User
from ..extensions import db, now
from .models import MonthCount, Photo, State
from .wording import NAME

PAGE = 100
KEY = (Photo.local_day, Photo.sort_key, Photo.id)
COLUMNS = (
    *KEY,
    Photo.public_id,
    Photo.kind,
    Photo.client_name,
    Photo.width,
    Photo.height,
    Photo.colour,
    Photo.state,
    Photo.duration,
    Photo.taken_at,
    Photo.taken_offset,
    Photo.created_at,
    Photo.trashed_at,
    # More of it names no photo, and a page has a hundred of them.
    db.func.substr(Photo.caption, 1, NAME + 1).label("caption"),
)


@dataclass(frozen=True)
class Page:
    """Up to a hundred photos, newest first, and the cursors of the pages beside it."""

    rows: Sequence[Row]
    newer: str | None
    older: str | None

    @property
    def pending(self) -> list[int]:
        """Ids of the photos whose previews are still to be made."""
        return [row.id for row in self.rows if row.state is State.PENDING]


def read(
    scope: Select[Photo],
    *,
    before: str | None = None,
    after: str | None = None,
    until: dt.date | None = None,
) -> Page:
    """Read the page older than `before`, newer than `after`, up to a day, or the newest."""
    select = scope.with_only_columns(*COLUMNS).limit(PAGE + 1)
    if after:
        ascending = select.where(tuple_(*KEY) > _position(scope, after, "")).order_by(*KEY)
        rows = db.session.execute(ascending).all()
        has_more = len(rows) > PAGE
        rows = rows[:PAGE][::-1]
        return Page(rows, newer=_first(rows, has_more), older=_last(rows, True))
    if before:
        select = select.where(tuple_(*KEY) < _position(scope, before, "~"))
    elif until:
        select = select.where(Photo.local_day <= until)
    rows = db.session.execute(select.order_by(*(column.desc() for column in KEY))).all()
    has_more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Page(rows, newer=_first(rows, bool(before or until)), older=_last(rows, has_more))


def _first(rows: Sequence[Row], is_wanted: bool) -> str | None:
    return cursor_of(rows[0]) if rows and is_wanted else None


def _last(rows: Sequence[Row], is_wanted: bool) -> str | None:
    return cursor_of(rows[-1]) if rows and is_wanted else None


def cursor_of(row: Row | Photo) -> str:
    """Return the place of a photo in the order, as an address can carry it."""
    instant = row.taken_at or row.created_at
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}_{row.public_id}"


def last_day(year: int, month: int | None) -> dt.date:
    """Return the last day of a year or a month.

    :raises ValueError: when there is no such month.
    """
    late = dt.date(year, month or 12, 28)
    return (late + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def _position(scope: Select[Photo], cursor: str, end: str) -> ColumnElement:
    """Return the key of the cursor's photo; of one that is gone, the key of its second.

    With "~" as its end the second is whole before the position, with "" behind it: in
    doubt a photo is shown twice, and none is left out.
    """
    instant, _, public_id = cursor.partition("_")
    named = scope.with_only_columns(*KEY).where(Photo.public_id == public_id)
    row = db.session.execute(named).one_or_none() if public_id else None
    if row is not None:
        return tuple_(*row)
    try:
        moment = dt.datetime.fromisoformat(instant)
    except ValueError:
        moment = now()
    return tuple_(moment.date(), f"{moment:%Y%m%dT%H%M%S}{end}", 0)


def neighbour(scope: Select[Photo], photo: Photo, *, newer: bool) -> str | None:
    """Return the public id of the photo before or after this one in the order."""
    here = tuple_(photo.local_day, photo.sort_key, photo.id)
    one = scope.with_only_columns(Photo.public_id).limit(1)
    if newer:
        return db.session.scalar(one.where(tuple_(*KEY) > here).order_by(*KEY))
    oldest_last = (column.desc() for column in KEY)
    return db.session.scalar(one.where(tuple_(*KEY) < here).order_by(*oldest_last))


def years_of(months: Iterable[MonthCount]) -> list[int]:
    """Return the years that hold photos, newest first."""
    return sorted({count.month.year for count in months}, reverse=True)


def months_of(owner: User) -> Sequence[MonthCount]:
    return db.session.scalars(MonthCount.of(owner)).all()


def moment_of(row: Row | Photo) -> dt.datetime:
    """Return what the clock on the wall showed when it was taken, or else when it came."""
    return (row.taken_at or row.created_at) + dt.timedelta(minutes=row.taken_offset or 0)
