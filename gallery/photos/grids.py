"""Lays out a page of a list: its sections, the ways on from it, and where its shape is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from . import sections, timeline
from .documents import spans_of
from .lists import Link, PhotoList
from .sections import Section
from .timeline import Month, Page
from .wording import month_alone


@dataclass(frozen=True)
class Grid:
    """What a template shows of a list, in words ready for it."""

    photos: PhotoList
    page: Page
    sections: list[Section]
    previous: str | None
    next: str | None
    years: list[Link]
    # Of the year that was asked for.
    months: list[Link]
    # Where the scripts find the shape of all of it, and the tiles of a section.
    shape: str
    section: str

    @property
    def is_any(self) -> bool:
        return bool(self.sections or self.previous)


def grid_page(photos: PhotoList, at: Mapping[str, str], *, until: dt.date | None = None) -> Grid:
    """Read the page of a list that an address asks for."""
    page = timeline.read(photos.scope, order=photos.order, at=at, size=photos.size, until=until)
    months = photos.calendar.months if photos.calendar else []
    numbers = {count.month: count.photos for count in months}
    return Grid(
        photos=photos,
        page=page,
        sections=sections.of_page(photos, page, numbers),
        previous=photos.page(**page.previous) if page.previous else None,
        next=photos.page(**page.next) if page.next else None,
        years=_years(photos, months),
        months=_months(months, until),
        shape=_shape(photos, page, at, months, until),
        section=photos.part("section"),
    )


def _years(listed: PhotoList, months: Sequence[Month]) -> list[Link]:
    if listed.name or listed.counted is None:  # their years have no addresses
        return []
    photos = url_for("photos.index")
    return [Link(f"{photos}/{year}", str(year)) for year in timeline.years_of(months)]


def _months(months: Sequence[Month], until: dt.date | None) -> list[Link]:
    if until is None:
        return []
    return [
        Link(
            url_for("photos.month", year=until.year, month=count.month.month),
            month_alone(count.month),
        )
        for count in months
        if count.month.year == until.year
    ]


def _shape(
    photos: PhotoList,
    page: Page,
    at: Mapping[str, str],
    months: Sequence[Month],
    until: dt.date | None,
) -> str:
    """Return the address of the document that a page is in; none where it begins before one."""
    lead, follow = ("after", "before") if photos.order.is_descending else ("before", "after")
    if at.get(lead):
        return ""
    arguments: dict[str, Any] = {}
    if at.get(follow):
        arguments[follow] = at[follow]
    elif until is not None and photos.counted is not None:
        spans = spans_of(months)
        within = [span for span in spans[1:] if span.oldest <= until.year <= span.newest]
        if within:
            arguments["until"] = within[0].newest
    if (until is not None or at.get("at")) and page.rows:
        arguments["at"] = page.rows[0].public_id
    return photos.part("shape", **arguments)
