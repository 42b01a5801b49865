"""Reads a list of photos by keyset, as columns: the first page costs what the last one does."""

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Integer, Row, Select, String, bindparam, cast, func, tuple_
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


def _times(texts: Iterable[str | None]) -> Iterable[dt.datetime | None]:
    parse = dt.datetime.fromisoformat
    return [parse(text) if text else None for text in texts]


# What is read as texts and numbers, and what makes of a column of them what it is: that takes
# half of SQLAlchemy's time.
MAKERS: dict[str, Callable[[Iterable[Any]], Iterable[Any]]] = {
    "local_day": partial(map, dt.date.fromisoformat),
    "kind": partial(map, {kind.value: kind for kind in Kind}.__getitem__),
    "state": partial(map, {state.value: state for state in State}.__getitem__),
    "is_animated": partial(map, bool),
    "taken_at": _times,
    "created_at": _times,
    "trashed_at": _times,
}
AS_TEXT = {
    "local_day": cast(Photo.local_day, String),
    **{
        column.key: cast(column, String) + "+00:00"
        for column in (Photo.taken_at, Photo.created_at, Photo.trashed_at)
    },
}
COLUMNS = (
    *(AS_TEXT.get(name, getattr(Photo, name)) for name in Listed._fields[:-2]),
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
    size = size or PAGE
    for cut in _cuts(scope, order, at or {}, until):
        select = _ordered(scope, order, cut)
        found = _listed(select, {**cut.told, "size": size + 1})
        if found:
            break
    rows, has_more, is_backwards = found[:size], len(found) > size, cut.is_backwards
    has_start = bool(cut.side)
    if is_backwards:
        rows = rows[::-1]
    follow, lead = ("before", "after") if order.is_descending else ("after", "before")
    has_previous = has_more if is_backwards else has_start
    return Page(
        rows,
        previous={lead: cursor_of(rows[0], order)} if rows and has_previous else None,
        next={follow: cursor_of(rows[-1], order)} if rows and (has_more or is_backwards) else None,
    )


class Cut(NamedTuple):
    """What of a list is read: what stands on one side of a place, which is told in the asking."""

    side: str
    told: dict[str, Any]
    # Whether it is the place of a photo that is told by its public id.
    is_of_photo: bool = False
    is_backwards: bool = False


def _cuts(
    scope: Select[Photo], order: Order, at: Mapping[str, str], until: dt.date | None
) -> Iterator[Cut]:
    """Yield what an address asks for, and if nothing is there, what it asks for then.

    To look first where a photo stands would take a statement more.
    """
    if here := at.get("at"):
        yield _from(order, here)
    after = at.get("after")
    if cursor := after or at.get("before"):
        side, is_backwards = ">" if after else "<", bool(after) == order.is_descending
        if public_id := cursor.partition("_")[2]:
            yield Cut(side, {"public_id": public_id}, is_of_photo=True, is_backwards=is_backwards)
        beyond = _beyond(scope, order, before=None if after else cursor, after=after)
        yield beyond._replace(is_backwards=is_backwards) if beyond else WHOLE
    elif until:
        yield Cut("until", {"until": until})
    else:
        yield WHOLE


WHOLE = Cut("", {})


def _told(place: Iterable[Any]) -> dict[str, Any]:
    return {f"at{number}": value for number, value in enumerate(place)}


def _side(order: Order, side: str) -> ColumnElement[bool]:
    if side == "until":
        return Photo.local_day <= bindparam("until")
    place = [bindparam(f"at{number}", type_=each.type) for number, each in enumerate(order.key)]
    return SIDES[side](tuple_(*order.key), tuple_(*place))


def _side_of_photo(scope: Select[Photo], order: Order, side: str) -> ColumnElement[bool]:
    """Return a photo's own side, on which nothing is when it is not in the list."""
    # As plain columns they would have SQLite compare all of a day, not what is beyond a place.
    key = [func.coalesce(column, None) for column in order.key]
    place = _place_of(scope, order).with_only_columns(*key).correlate(None).scalar_subquery()
    return SIDES[side](tuple_(*order.key), place)


def _place_of(scope: Select[Photo], order: Order) -> Select:
    return scope.with_only_columns(*order.key).where(Photo.public_id == bindparam("public_id"))


SIDES = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

# What is asked of a list, as long as there is the list: a select that is put together anew has to
# be compared with what is compiled, and that takes as long as to read a page.
_known: WeakKeyDictionary[Select, dict[tuple[Any, ...], Select]] = WeakKeyDictionary()


def _once(scope: Select[Photo], key: tuple[Any, ...], make: Callable[[], Select]) -> Select:
    known = _known.setdefault(scope, {})
    if key not in known:
        known[key] = make()
    return known[key]


def _ordered(scope: Select[Photo], order: Order, cut: Cut) -> Select:
    def make() -> Select:
        select = scope.with_only_columns(*COLUMNS).limit(bindparam("size", type_=Integer))
        if cut.is_of_photo:
            select = select.where(_side_of_photo(scope, order, cut.side))
        elif cut.side:
            select = select.where(_side(order, cut.side))
        return select.order_by(*order.columns(is_backwards=cut.is_backwards))

    return _once(scope, (order, cut.side, cut.is_of_photo, cut.is_backwards), make)


def read_from(scope: Select[Photo], first: str, *, order: Order, size: int) -> Sequence[Listed]:
    """Read some photos of a list, beginning with one; none where that one is not in it."""
    here = _from(order, first)
    return _listed(_ordered(scope, order, here), {**here.told, "size": size})


def _listed(columns: Select, told: Mapping[str, Any]) -> list[Listed]:
    rows = bare_rows(columns, told)
    if not rows:
        return []
    columns_read = zip(*rows, strict=True)
    found: dict[str, Iterable[Any]] = dict(zip(Listed._fields, columns_read, strict=True))
    for name, make in MAKERS.items():
        found[name] = make(found[name])
    return list(map(Listed._make, zip(*found.values(), strict=True)))


def _from(order: Order, public_id: str) -> Cut:
    """Return what begins with a photo."""
    return Cut("<=" if order.is_descending else ">=", {"public_id": public_id}, is_of_photo=True)


def number_before(scope: Select[Photo], public_id: str, *, order: Order) -> int:
    """Count what stands before a photo in a list."""
    place = _place(scope, order, public_id)
    if place is None:
        return 0
    before = _side(order, ">" if order.is_descending else "<")
    return db.session.scalar(scope.with_only_columns(func.count()).where(before), place) or 0


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
    start, cut = after if not order.is_descending else before, None
    if start:
        is_before = order.is_descending
        cut = _beyond(
            scope, order, before=start if is_before else None, after=None if is_before else start
        )
    if until:
        select = select.where(Photo.local_day <= until)
    if since:
        select = select.where(Photo.local_day >= since)
    select = select.where(_side(order, cut.side)) if cut else select
    ordered = select.order_by(*order.columns(is_backwards=False)).limit(size)
    return bare_rows(ordered, cut and cut.told)


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
) -> Cut | None:
    """Return what sorts before or after a cursor's photo, or where that photo was.

    In doubt a photo is shown twice, and none is left out: where its place went with it, the
    list begins anew.
    """
    moment, _, public_id = (after or before or "").partition("_")
    place = _place(scope, order, public_id) if public_id else None
    if place is None and order is NEWEST:
        # Its second is whole before the position with "~" as its end, and behind it with "".
        place = _told(_second(moment, "" if after else "~"))
    return None if place is None else Cut(">" if after else "<", place)


def _place(scope: Select[Photo], order: Order, public_id: str) -> dict[str, Any] | None:
    """Return the place of a photo in a list, as a side of it is told."""

    question = _once(scope, (order, "place"), lambda: _place_of(scope, order))
    row = db.session.connection().execute(question, {"public_id": public_id}).one_or_none()
    return None if row is None else _told(row)


def _second(moment: str, end: str) -> tuple[dt.date, str, int]:
    day, _, instant = moment.partition(".")
    try:
        return dt.date.fromisoformat(day), instant + end, 0
    except ValueError:
        return now().date(), end, 0


def neighbours(
    scope: Select[Photo], photo: Photo, *, order: Order = NEWEST
) -> tuple[str | None, str | None]:
    """Return the public ids of the photos before and after this one in a list."""
    here = _here(scope, photo, order)
    if here is None:
        return None, None
    one = scope.with_only_columns(Photo.public_id).limit(1)
    previous, following = (
        db.session.scalar(
            one.where(_side(order, side)).order_by(*order.columns(is_backwards=is_backwards)), here
        )
        for side, is_backwards in zip(
            "><" if order.is_descending else "<>", (True, False), strict=True
        )
    )
    return previous, following


def _here(scope: Select[Photo], photo: Photo, order: Order) -> dict[str, Any] | None:
    if order.key is MOMENT:
        return _told((photo.local_day, photo.sort_key, photo.id))
    return _place(scope, order, photo.public_id)


# Built once: a page's other statements differ from list to list.
_NEWEST = db.select(func.max(Photo.created_at)).where(Photo.owner_id == bindparam("owner_id"))
_MONTHS = (
    db.select(
        cast(MonthCount.month, String),
        MonthCount.photos,
        cast(_NEWEST.scalar_subquery(), String) + "+00:00",
    )
    .where(MonthCount.owner_id == bindparam("owner_id"), MonthCount.photos > 0)
    .order_by(MonthCount.month.desc())
)


class Month(NamedTuple):
    """How many photos a month holds, by its first day."""

    month: dt.date
    photos: int


class Calendar(NamedTuple):
    """The months of somebody's timeline, newest first; and when the last of their photos came."""

    months: list[Month]
    newest: dt.datetime | None


def calendar_of(owner: User) -> Calendar:
    found = bare_rows(_MONTHS, {"owner_id": owner.id})
    months = [(dt.date.fromisoformat(month), photos) for month, photos, _ in found]
    (newest,) = _times([found[0][2] if found else None])
    return Calendar(list(map(Month._make, months)), newest)


def newest_of(owner: User) -> dt.datetime | None:
    """Return when the last photo of somebody came."""
    return db.session.connection().scalar(_NEWEST, {"owner_id": owner.id})


def years_of(months: Iterable[Month]) -> list[int]:
    """Return the years that hold photos, newest first."""
    return sorted({count.month.year for count in months}, reverse=True)


def moment_of(row: Listed | Row | Photo) -> dt.datetime:
    """Return what the clock on the wall showed when it was taken, or else when it came."""
    return (row.taken_at or row.created_at) + dt.timedelta(minutes=row.taken_offset or 0)
