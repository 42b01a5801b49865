"""Lays a list out over documents: one holds a hundred thousand photos, as far as browsers go."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from ..extensions import db
from .lists import Link, PhotoList
from .models import Photo
from .sections import Outline, outlines
from .timeline import Month, Outlined, outline

# Of more, browsers clip the height: near 33 million pixels of the screen.
DOCUMENT = 100_000


@dataclass(frozen=True)
class Document:
    """All sections of a document by their shapes, and where the list goes on beside it."""

    sections: list[Outline]
    newer: Link | None
    older: Link | None
    # How many photos stand before the one that was asked for, if it is in here.
    at: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "sections": [vars(section) for section in self.sections],
            "newer": self.newer and self.newer._asdict(),
            "older": self.older and self.older._asdict(),
            "at": self.at,
        }


@dataclass(frozen=True)
class Years:
    """The years that stand in one document."""

    newest: int
    oldest: int


def document(photos: PhotoList, at: Mapping[str, str]) -> Document:
    """Return the document that an address is in: `until` a year, `before` or `after` a photo."""
    if photos.counted is not None and not at.keys() & {"before", "after"}:
        return _of_years(photos, at.get("until", ""), at.get("at"))
    rows = outline(photos.scope, order=photos.order, at=at, size=DOCUMENT + 1)
    kept = rows[:DOCUMENT]
    older = None
    if len(rows) > DOCUMENT:
        follow = "before" if photos.order.is_descending else "after"
        older = Link(photos.page(**{follow: f"_{kept[-1][2]}"}), _("More photos"))
    return Document(list(outlines(photos, kept)), None, older, _place(kept, at.get("at")))


def _of_years(photos: PhotoList, until: str, at: str | None) -> Document:
    spans = spans_of(photos.calendar.months if photos.calendar else [])
    year = int(until) if until.isdecimal() and len(until) == 4 else _year_of(photos, at)
    number = next((n for n, span in enumerate(spans) if span.oldest <= year), len(spans) - 1)
    if not spans:
        return Document([], None, None)
    span = spans[number]
    rows = outline(
        photos.scope,
        order=photos.order,
        until=_last_day(spans, number),
        since=dt.date(span.oldest, 1, 1) if number < len(spans) - 1 else None,
        size=2 * DOCUMENT,
    )
    newer = older = None
    if number:
        label = _("%(year)s and later", year=spans[number - 1].oldest)
        newer = Link(_page(photos, spans, number - 1), label)
    if number < len(spans) - 1:
        label = _("%(year)s and before", year=spans[number + 1].newest)
        older = Link(_page(photos, spans, number + 1), label)
    return Document(list(outlines(photos, rows)), newer, older, _place(rows, at))


def _year_of(photos: PhotoList, public_id: str | None) -> int:
    """Return the year of a photo of a list; without one, the last there is."""
    asked = photos.scope.with_only_columns(Photo.local_day).where(Photo.public_id == public_id)
    day = db.session.scalar(asked) if public_id else None
    return day.year if day else dt.MAXYEAR


def _place(rows: Sequence[Outlined], public_id: str | None) -> int | None:
    if public_id is None:
        return None
    return next((n for n, (*_, name) in enumerate(rows) if name == public_id), None)


def _last_day(spans: Sequence[Years], number: int) -> dt.date | None:
    """Return up to which day a document goes; a photo of the future belongs to the first."""
    return dt.date(spans[number].newest, 12, 31) if number else None


def _page(photos: PhotoList, spans: Sequence[Years], number: int) -> str:
    """Return the address of the page that a document begins with."""
    if not photos.name:  # one's own years have addresses
        return url_for("photos.year", year=spans[number].newest)
    first = outline(photos.scope, order=photos.order, until=_last_day(spans, number), size=1)
    return photos.page(at=first[0][2]) if first else photos.page()


def spans_of(months: Sequence[Month]) -> list[Years]:
    """Cut the years into documents, newest first; a year is never cut."""
    spans: list[Years] = []
    held = 0
    for year, number in _years(months):
        if spans and held + number <= DOCUMENT:
            spans[-1] = Years(spans[-1].newest, year)
            held += number
        else:
            spans.append(Years(year, year))
            held = number
    return spans


def _years(months: Sequence[Month]) -> list[tuple[int, int]]:
    numbers: dict[int, int] = {}
    for count in months:
        numbers[count.month.year] = numbers.get(count.month.year, 0) + count.photos
    return sorted(numbers.items(), reverse=True)
