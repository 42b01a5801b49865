"""Cuts a list of photos into sections: those of a page with tiles, or all of them by shape."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from ..accounts.models import User
from ..extensions import db
from .lists import PhotoList
from .tiles import Tile, tiles_of
from .timeline import Listed, Outlined, Page, read_from
from .wording import month_in_words, number_of

SECTION = 200  # photos at most: what a browser lays out in one go


@dataclass(frozen=True)
class Section:
    """Photos of one month, or merely some that follow each other; with their tiles."""

    # Its month and part; and the photo that it begins with.
    key: str
    first: str
    title: str
    note: str
    places: str
    tiles: list[Tile]


@dataclass(frozen=True)
class Outline:
    """A section as it is known from afar: a letter for each photo, by which it can be drawn."""

    key: str
    first: str
    title: str
    note: str
    shape: str


def of_page(photos: PhotoList, page: Page, numbers: Mapping[dt.date, int]) -> list[Section]:
    """Return the sections of a page, with their tiles; `numbers` are those of months."""
    tiles = iter(tiles_in(photos, page.rows))
    found = []
    for day, group in groupby(page.rows, key=_month_of if photos.is_by_month else _no_month):
        rows = list(group)
        members = [next(tiles) for _ in rows]
        month, number = f"{day:%Y-%m}" if day else "", numbers.get(day) if day else None
        note = number_of(number, "photo") if number else ""
        places = places_of(photos, rows)
        found.append(Section(month, members[0].id, _title(month), note, places, members))
    return found


def places_of(photos: PhotoList, rows: Sequence[Listed]) -> str:
    """Name the two towns that most of some photos are of, in a month of nobody else's photos."""
    if not photos.is_by_month or photos.host_id is not None:
        return ""
    towns = Counter(row.place_name.partition(", ")[0] for row in rows if row.place_name)
    return ", ".join(town for town, _ in towns.most_common(2))


def tiles_in(photos: PhotoList, rows: Sequence[Listed]) -> list[Tile]:
    """Return the tiles of some photos of a list."""
    return tiles_of(
        rows,
        photos.links,
        ticks=photos.can_tick,
        note=photos.note,
        names=_names(rows, photos.host_id),
        files=photos.files,
    )


def rows_from(photos: PhotoList, at: Mapping[str, str]) -> Sequence[Listed]:
    """Read the section that an address asks for: `size` photos, `from` one on."""
    asked = at.get("size", "")
    size = int(asked) if asked.isdecimal() and len(asked) < 6 else SECTION
    size, first = min(max(size, 1), SECTION), at.get("from", "")
    return read_from(photos.scope, first, order=photos.order, size=size)


def outlines(photos: PhotoList, rows: Sequence[Outlined]) -> Iterator[Outline]:
    """Return the sections of what `timeline.outline` has read."""
    for named, members in groupby(rows, key=itemgetter(0) if photos.is_by_month else _no_month):
        month, group = named or "", list(members)
        shape, note = "".join([row[1] for row in group]), number_of(len(group), "photo")
        for part, start in enumerate(range(0, len(group), SECTION), 1):
            yield Outline(
                key=month if part == 1 else f"{month}.{part}",
                first=photos.links.name(group[start][2]),
                title=_title(month) if part == 1 else "",
                note=note if month and part == 1 else "",
                shape=shape[start : start + SECTION],
            )


def _month_of(row: Listed) -> dt.date:
    return row.local_day.replace(day=1)


def _no_month(_: Outlined | Listed) -> None:
    return None


def _title(month: str) -> str:
    return month_in_words(dt.date.fromisoformat(f"{month}-01")) if month else ""


def _names(rows: Sequence[Listed], host_id: int | None) -> dict[int, str] | None:
    """The names of those who added photos to somebody's list; None where it is all one's own."""
    if host_id is None:
        return None
    others = {row.owner_id for row in rows} - {host_id}
    if not others:
        return {}
    found = db.session.execute(db.select(User.id, User.name).where(User.id.in_(others)))
    return {id_: name for id_, name in found}
