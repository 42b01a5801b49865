"""Reads a list of photos by keyset, as columns: the first page costs what the last one does."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Row, Select, String, Tuple, bindparam, cast, func, tuple_
from sqlalchemy.orm import aliased

from ..accounts.models import User
from ..extensions import bare_rows, db, now
from .models import Kind, MonthCount, Photo, State
from .wording import NAME

PAGE = 100
_half = aliased(Photo)
# What moves of a live photo; asked of each row, it is one look into an index.
_motion = db.select(_half.public_id).where(_half.still_id == Photo.id).correlate(Photo)


class Listed(NamedTuple):
    """A photo of a list: what its tile shows, and what puts it in its place."""

    id: int
    owner_id: int
    local_day: dt.date
    public_id: str
    kind: Kind
    client_name: str
    colour: str | None
    shape: str
    state: State
    duration: float | None
    is_animated: bool
    taken_at: dt.datetime | None
    taken_offset: int | None
    created_at: dt.datetime
    trashed_at: dt.datetime | None
    place_name: str
    caption: str
    # The public id of what moves of a live photo.
    motion: str | None


COLUMNS = (
    *(getattr(Photo, name) for name in Listed._fields[:-2]),
    # More of it names no photo, and a page has a hundred of them.
    func.substr(Photo.caption, 1, NAME + 1),
    _motion.scalar_subquery(),
)


class Order(NamedTuple):
    """The columns that put a list in one total order, and which end of them it begins with."""

    key: tuple[Any, ...]
    is_descending: bool = False

    def columns(self, *, is_backwards: bool) -> list[ColumnElement]:
        is_descending = self.is_descending != is_backwards
        return [column.desc() if is_descending else column.asc() for column in self.key]


# The one order of a timeline: the same everywhere but in an album that has one of its own.
MOMENT = (Photo.local_day, Photo.sort_key, Photo.id)
NEWEST = Order(MOMENT, is_descending=True)
# As it came in, which says nothing of when it was taken.
LAST_ADDED = Order((Photo.created_at, Photo.id), is_descending=True)

# What the address of a page of a list asks for: before= or after= a photo.
Position = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Some photos, and the pages beside it: what their addresses ask for."""

    rows: Sequence[Listed]
    previous: Position | None
    next: Position | None

    @property
    def pending(self) -> list[int]:
        """Ids of the photos whose previews are still to be made."""
        return [row.id for row in self.rows if row.state is State.PENDING]


def read(
    scope: Select[Photo],
    *,
    order: Order = NEWEST,
    at: Mapping[str, str] | None = None,
    size: int | None = None,
    until: dt.date | None = None,
) -> Page:
    """Read the page that an address asks for, the one up to a day, or the first of the list.

    An address asks for it by `before` or `after` a cursor, or `at` a photo that it begins with.
    """
    before, after = (at.get("before"), at.get("after")) if at else (None, None)
    size = size or PAGE
    here = _from(scope, order, at["at"]) if at and at.get("at") else None
    is_backwards = here is None and bool(before or after) and bool(after) == order.is_descending
    select = _ordered(scope, order, size + 1, is_backwards=is_backwards)
    if here is not None:
        select = select.where(here)
    elif before or after:
        side = _beyond(scope, order, before=before, after=after)
        select = select if side is None else select.where(side)
    elif until:
        select = select.where(Photo.local_day <= until)
    found = _listed(select)
    rows, has_more = found[:size], len(found) > size
    if is_backwards:
        rows = rows[::-1]
    follow, lead = ("before", "after") if order.is_descending else ("after", "before")
    has_previous = has_more if is_backwards else bool(before or after or until or here is not None)
    return Page(
        rows,
        previous={lead: cursor_of(rows[0], order)} if rows and has_previous else None,
        next={follow: cursor_of(rows[-1], order)} if rows and (has_more or is_backwards) else None,
    )


# What reads a page, as long as there is the list that it is of: one that is put together anew has
# to be compared with what is compiled, and that takes as long as to read it.
_pages: WeakKeyDictionary[Select, dict[tuple[Order, int, bool], Select]] = WeakKeyDictionary()


def _ordered(scope: Select[Photo], order: Order, size: int, *, is_backwards: bool) -> Select:
    known, key = _pages.setdefault(scope, {}), (order, size, is_backwards)
    if key not in known:
        columns = scope.with_only_columns(*COLUMNS).limit(size)
        known[key] = columns.order_by(*order.columns(is_backwards=is_backwards))
    return known[key]


def read_from(scope: Select[Photo], first: str, *, order: Order, size: int) -> Sequence[Listed]:
    """Read some photos of a list, beginning with one; none where that one is not in it."""
    here = _from(scope, order, first)
    if here is None:
        return []
    select = scope.with_only_columns(*COLUMNS).where(here)
    return _listed(select.order_by(*order.columns(is_backwards=False)).limit(size))


def _listed(columns: Select) -> list[Listed]:
    # A row of SQLAlchemy's finds each of its columns by a look-up, ten times as long.
    return [Listed._make(row) for row in _executed(columns)]


def _executed(columns: Select) -> Sequence[Row]:
    """Read columns past the session, which would take half as long again over many rows."""
    return db.session.connection().execute(columns).all()


def _from(scope: Select[Photo], order: Order, public_id: str) -> ColumnElement[bool] | None:
    """Return what begins with a photo; None where that is not in the list."""
    place = _place(scope, order, Photo.public_id == public_id)
    if place is None:
        return None
    key = tuple_(*order.key)
    return key <= place if order.is_descending else key >= place


def number_before(scope: Select[Photo], public_id: str, *, order: Order) -> int:
    """Count what stands before a photo in a list."""
    place = _place(scope, order, Photo.public_id == public_id)
    key = tuple_(*order.key)
    before = key > place if order.is_descending else key < place
    return db.session.scalar(scope.with_only_columns(func.count()).where(before)) or 0


def number_since(scope: Select[Photo], moment: dt.datetime) -> int:
    """Count what of a list came into the gallery after a moment."""
    came = scope.with_only_columns(func.count()).where(Photo.created_at > moment)
    return db.session.scalar(came) or 0


# A photo's month (2026-07), its shape and its public id.
Outlined = tuple[str, str, str]


def outline(
    scope: Select[Photo],
    *,
    order: Order = NEWEST,
    at: Mapping[str, str] | None = None,
    until: dt.date | None = None,
    since: dt.date | None = None,
    size: int,
) -> list[Outlined]:
    """Read of each photo no more than what draws it from afar.

    From where an address begins, or from a day, down to a day; at most so many.
    """
    month = func.substr(cast(Photo.local_day, String), 1, 7)
    select = scope.with_only_columns(month, Photo.shape, Photo.public_id)
    before, after = (at.get("before"), at.get("after")) if at else (None, None)
    start = after if not order.is_descending else before
    if start:
        is_before = order.is_descending
        side = _beyond(
            scope, order, before=start if is_before else None, after=None if is_before else start
        )
        select = select if side is None else select.where(side)
    if until:
        select = select.where(Photo.local_day <= until)
    if since:
        select = select.where(Photo.local_day >= since)
    return bare_rows(select.order_by(*order.columns(is_backwards=False)).limit(size))


def cursor_of(row: Listed | Photo, order: Order) -> str:
    """Return the place of a photo in an order, as an address can carry it.

    In one's own lists with its day and its instant, should it have gone by then. To others these
    two would tell in which zone it was taken.
    """
    if order is not NEWEST:
        return f"_{row.public_id}"
    instant = row.taken_at or row.created_at
    return f"{row.local_day}.{instant:%Y%m%dT%H%M%S}_{row.public_id}"


def last_day(year: int, month: int | None, day: int | None = None) -> dt.date:
    """Return the last day of a year or a month, or the day itself.

    :raises ValueError: when there is none.
    """
    if month and day is not None:
        return dt.date(year, month, day)
    late = dt.date(year, month or 12, 28)
    return (late + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def _beyond(
    scope: Select[Photo], order: Order, *, before: str | None, after: str | None
) -> ColumnElement[bool] | None:
    """Return what sorts before or after a cursor's photo, or where that photo was.

    In doubt a photo is shown twice, and none is left out: where its place went with it, the
    list begins anew.
    """
    moment, _, public_id = (after or before or "").partition("_")
    key = tuple_(*order.key)
    place = _place(scope, order, Photo.public_id == public_id) if public_id else None
    if place is None and order is NEWEST:
        # Its second is whole before the position with "~" as its end, and behind it with "".
        place = _second(moment, "" if after else "~")
    if place is None:
        return None
    return key > place if after else key < place


def _place(scope: Select[Photo], order: Order, which: ColumnElement[bool]) -> Tuple | None:
    row = db.session.execute(scope.with_only_columns(*order.key).where(which)).one_or_none()
    return None if row is None else tuple_(*row)


def _second(moment: str, end: str) -> Tuple:
    day, _, instant = moment.partition(".")
    try:
        return tuple_(dt.date.fromisoformat(day), instant + end, 0)
    except ValueError:
        return tuple_(now().date(), end, 0)


def neighbours(
    scope: Select[Photo], photo: Photo, *, order: Order = NEWEST
) -> tuple[str | None, str | None]:
    """Return the public ids of the photos before and after this one in a list."""
    here = _here(scope, photo, order)
    if here is None:
        return None, None
    key, one = tuple_(*order.key), scope.with_only_columns(Photo.public_id).limit(1)
    sides = (key > here, key < here) if order.is_descending else (key < here, key > here)
    previous, following = (
        db.session.scalar(one.where(side).order_by(*order.columns(is_backwards=is_backwards)))
        for side, is_backwards in zip(sides, (True, False), strict=True)
    )
    return previous, following


def _here(scope: Select[Photo], photo: Photo, order: Order) -> Tuple | None:
    if order.key is MOMENT:
        return tuple_(photo.local_day, photo.sort_key, photo.id)
    return _place(scope, order, Photo.id == photo.id)


# Built once: a page's other statements differ from list to list.
_NEWEST = db.select(func.max(Photo.created_at)).where(Photo.owner_id == bindparam("owner_id"))
_MONTHS = (
    db.select(MonthCount.month, MonthCount.photos)
    .where(MonthCount.owner_id == bindparam("owner_id"), MonthCount.photos > 0)
    .order_by(MonthCount.month.desc())
)


class Month(NamedTuple):
    """How many photos a month holds, by its first day."""

    month: dt.date
    photos: int


def months_of(owner: User) -> list[Month]:
    """Return the months of somebody's timeline, newest first."""
    found = db.session.connection().execute(_MONTHS, {"owner_id": owner.id})
    return [Month._make(row) for row in found.all()]


def newest_of(owner: User) -> dt.datetime | None:
    """Return when the last photo of somebody came."""
    return db.session.connection().scalar(_NEWEST, {"owner_id": owner.id})


def years_of(months: Iterable[Month]) -> list[int]:
    """Return the years that hold photos, newest first."""
    return sorted({count.month.year for count in months}, reverse=True)


def moment_of(row: Listed | Row | Photo) -> dt.datetime:
    """Return what the clock on the wall showed when it was taken, or else when it came."""
    return (row.taken_at or row.created_at) + dt.timedelta(minutes=row.taken_offset or 0)
