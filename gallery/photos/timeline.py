"""Reads a list of photos by keyset, as columns, and lays it out in sections."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from sqlalchemy import ColumnElement, Row, Select, tuple_

from ..accounts.models import User
from ..extensions import db, now
from .models import Derivative, Kind, MonthCount, Photo, State
from .wording import name_of, number_of

PAGE = 100
# Those on the first screen load at once, the very first before everything else.
EAGER, FIRST = 8, 2
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
    Photo.taken_at,
    Photo.taken_offset,
    Photo.created_at,
    Photo.trashed_at,
)


@dataclass(frozen=True)
class Links:
    """Where the tiles of a list lead, and where their pictures are; both end in a slash."""

    photos: str
    pictures: str

    @classmethod
    def to(cls, photos: str) -> "Links":
        """Build the addresses of a page's tiles once, and not by two calls for each."""
        picture = url_for("photos.preview", public_id="ID", variant="v", digest="d", extension="e")
        return cls(photos=photos, pictures=picture.partition("ID")[0])


@dataclass(frozen=True)
class Tile:
    """All that a template shows of a photo in a grid."""

    href: str
    alt: str
    ratio: str
    colour: str | None
    src: str | None
    srcset: str
    sizes: str
    width: int
    height: int
    kind: Kind
    state: State
    note: str
    eager: bool
    priority: bool


@dataclass(frozen=True)
class Section:
    """A month, or the part of it that is on this page."""

    key: str
    title: str
    note: str
    tiles: list[Tile]


@dataclass(frozen=True)
class Page:
    """Up to a hundred photos, newest first, and the cursors of the pages beside it."""

    rows: Sequence[Row]
    newer: str | None
    older: str | None

    @property
    def is_pending(self) -> bool:
        return any(row.state is State.PENDING for row in self.rows)


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


def sections(page: Page, *, months: Iterable[MonthCount], links: Links) -> list[Section]:
    """Group a page by month."""
    numbers = {count.month: count.photos for count in months}
    tiles = zip(page.rows, tiles_of(page, links), strict=True)
    found = []
    for month, members in groupby(tiles, key=lambda pair: pair[0].local_day.replace(day=1)):
        number = numbers.get(month)
        note = number_of(number, "photo") if number else ""
        found.append(Section(f"{month:%Y-%m}", f"{month:%B %Y}", note, [t for _, t in members]))
    return found


def years_of(months: Iterable[MonthCount]) -> list[int]:
    """Return the years that hold photos, newest first."""
    return sorted({count.month.year for count in months}, reverse=True)


def months_of(owner: User) -> Sequence[MonthCount]:
    return db.session.scalars(MonthCount.of(owner)).all()


def tiles_of(page: Page, links: Links, *, notes: Sequence[str] | None = None) -> list[Tile]:
    """Return the tiles of a page; `notes` stand on them in place of what they say themselves."""
    pictures = _pictures([row.id for row in page.rows])
    return [
        _tile(row, pictures.get(row.id, []), links, index, notes[index] if notes else "")
        for index, row in enumerate(page.rows)
    ]


def _pictures(ids: list[int]) -> dict[int, list[Derivative]]:
    found: dict[int, list[Derivative]] = {}
    wanted = db.select(Derivative).where(
        Derivative.photo_id.in_(ids), Derivative.variant.in_(("h240", "h480"))
    )
    for derivative in db.session.scalars(wanted.order_by(Derivative.variant)):
        found.setdefault(derivative.photo_id, []).append(derivative)
    return found


def _tile(row: Row, pictures: list[Derivative], links: Links, index: int, note: str) -> Tile:
    ratio = shown_ratio(row.width, row.height)
    base = f"{links.pictures}{row.public_id}/"
    taken = moment_of(row)
    return Tile(
        href=f"{links.photos}{row.public_id}",
        alt=name_of(row.kind, taken, is_taken=row.taken_at is not None),
        ratio=f"r{ratio}",
        colour=row.colour,
        src=base + pictures[0].url_name if pictures else None,
        srcset=", ".join(f"{base}{p.url_name} {p.width}w" for p in pictures),
        sizes=sizes_of(ratio),
        width=pictures[-1].width if pictures else 480 * ratio // 100,
        height=pictures[-1].height if pictures else 480,
        kind=row.kind,
        state=row.state,
        note=note or ("" if pictures else row.client_name),
        eager=index < EAGER,
        priority=index < FIRST,
    )


def moment_of(row: Row | Photo) -> dt.datetime:
    """Return what the clock on the wall showed when it was taken, or else when it came."""
    return (row.taken_at or row.created_at) + dt.timedelta(minutes=row.taken_offset or 0)


def shown_ratio(width: int | None, height: int | None) -> int:
    """Return the aspect ratio times 100 in steps of 5, 3:2 when it is not known yet."""
    if not width or not height:
        return 150
    return max(40, min(300, round(20 * width / height) * 5))


def sizes_of(ratio: int) -> str:
    """Return the widths that a tile takes: row heights grow by a fifth to fill their row."""
    wide, middle, small = ratio * 236 // 100, ratio * 200 // 100, min(ratio * 36 // 100, 100)
    return f"(min-width: 1100px) {wide}px, (min-width: 700px) {middle}px, {small}vw"
