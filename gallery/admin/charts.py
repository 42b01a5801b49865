"""Draws what the place has grown by: an area of what is stored, bars of what came."""

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import NamedTuple

from flask_babel import format_decimal
from flask_babel import gettext as _

from .. import storage
from ..photos.wording import (
    day_in_short,
    day_in_words,
    month_in_short,
    month_in_words,
    number_of,
    size_in_words,
)
from .growth import Fact

# In heights of letters, so that a chart grows with what stands in it: its top, and its height.
TOP, HEIGHT = 2, 12


class Mark(NamedTuple):
    """A fact in words, and where it is in a chart: from the left, and from above."""

    when: str
    short: str
    value: str
    x: str
    y: str


@dataclass(frozen=True)
class Chart:
    """What a template draws of some facts, and says of them."""

    title: str
    sentence: str
    heading: str
    measure: str
    marks: list[Mark]
    # What it draws, in a hundred by a hundred.
    path: str
    # The line that nothing goes beyond; and the mark of the most.
    capacity: str
    most: Mark | None


def area(facts: Sequence[Fact]) -> Chart:
    """Draw the bytes of months below what there is room for."""
    first, last = facts[0], facts[-1]
    room = last.number + storage.free()
    places = [(100 * n / (len(facts) - 1), _from_above(f, room)) for n, f in enumerate(facts)]
    return Chart(
        title=_("Storage, last 12 months"),
        sentence=_(
            "%(first)s were stored at the end of %(month)s and %(last)s are now, with room for"
            " %(room)s in all; what was deleted since is not counted.",
            first=size_in_words(first.number),
            month=month_in_words(first.day),
            last=size_in_words(last.number),
            room=size_in_words(room),
        ),
        heading=_("Month (UTC)"),
        measure=_("Storage at its end"),
        marks=_marks(facts, places, month_in_words, month_in_short, size_in_words),
        path="M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in places),
        capacity=_("Capacity %(size)s", size=size_in_words(room)),
        most=None,
    )


def bars(facts: Sequence[Fact]) -> Chart:
    """Draw the files of days, each a bar as high as it is of the most."""
    most, step = max(facts, key=lambda fact: fact.number), 100 / len(facts)
    places = [(step * (n + 0.5), _from_above(f, most.number)) for n, f in enumerate(facts)]
    marks = _marks(facts, places, day_in_words, day_in_short, format_decimal)
    return Chart(
        title=_("Uploads a day, last 30 days"),
        sentence=_came(facts, most),
        heading=_("Day (UTC)"),
        measure=_("Files"),
        marks=marks,
        path="".join(
            f"M{x - step * 0.35:.2f} 100V{y:.2f}h{step * 0.7:.2f}V100z" for x, y in places
        ),
        capacity="",
        most=marks[facts.index(most)] if most.number else None,
    )


def as_csv(facts: Sequence[Fact], *headings: str) -> str:
    text = StringIO()
    csv.writer(text).writerows([headings, *facts])
    return text.getvalue()


def _came(facts: Sequence[Fact], most: Fact) -> str:
    if not most.number:
        return str(_("Nothing of what is here came in the last 30 days."))
    first, last = facts[0], facts[-1]
    return str(
        _(
            "Of what is here, %(all)s came in 30 days: %(first)s on %(day)s, %(last)s today,"
            " and at most %(most)s on one day, %(when)s.",
            all=number_of(sum(fact.number for fact in facts), "file"),
            first=number_of(first.number, "file"),
            day=day_in_words(first.day),
            last=number_of(last.number, "file"),
            most=number_of(most.number, "file"),
            when=day_in_words(most.day),
        )
    )


def _from_above(fact: Fact, top: int) -> float:
    return 100 - 100 * fact.number / max(top, 1)


def _marks(
    facts: Sequence[Fact],
    places: Sequence[tuple[float, float]],
    when: Callable[[dt.date], str],
    short: Callable[[dt.date], str],
    value: Callable[[int], str],
) -> list[Mark]:
    return [
        Mark(
            *(when(fact.day), short(fact.day), value(fact.number)),
            *(f"{x:.2f}%", f"{TOP + HEIGHT * y / 100:.2f}em"),
        )
        for fact, (x, y) in zip(facts, places, strict=True)
    ]
