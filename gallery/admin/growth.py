"""What is stored, month by month, and what came, day by day; both in UTC, and oldest first."""

import datetime as dt
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func

from ..accounts.models import User
from ..extensions import db, now
from ..photos.models import Photo

MONTHS = 12
DAYS = 30


class Fact(NamedTuple):
    """A day, or a month by its first one; and how many files or bytes."""

    day: dt.date
    number: int


def stored() -> list[Fact]:
    """Return the bytes at the end of each month, and of this one now.

    What was deleted since is in none of them: no row knows of it.
    """
    months = _months(now().date())
    came = [_in(*span, func.sum(Photo.size)) for span in pairwise(months[1:])]
    size, *sizes = _numbers(db.select(func.sum(User.byte_count)).scalar_subquery(), *came)
    # Back from what is here, by what came after.
    then = accumulate(reversed(sizes), lambda left, more: left - more, initial=size)
    return [Fact(*fact) for fact in zip(months, reversed([*then]), strict=False)]


def uploaded() -> list[Fact]:
    """Return how many files came on each day, of those that are here."""
    today = now().date()
    days = [today + dt.timedelta(n) for n in range(1 - DAYS, 2)]
    came = [_in(*span, func.count()) for span in pairwise(days)]
    return [Fact(*fact) for fact in zip(days, _numbers(*came), strict=False)]


def _months(today: dt.date) -> list[dt.date]:
    """Return the first day of each month, and of the one that follows."""
    this = today.year * 12 + today.month - 1
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(this - MONTHS + 1, this + 2)]


def _in(start: dt.date, end: dt.date, wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what is wanted of the photos from one day to before another."""
    came = (Photo.created_at >= _at(start), Photo.created_at < _at(end))
    return db.select(wanted).where(*came).scalar_subquery()


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _numbers(*wanted: ColumnElement[Any]) -> list[int]:
    return [number or 0 for number in db.session.execute(db.select(*wanted)).one()]
