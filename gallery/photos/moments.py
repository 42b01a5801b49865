"""Decides when a photo was taken: by the best witness, and it says by which."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..extensions import now
from .models import Kind, Photo, Source

if TYPE_CHECKING:  # the web process decides, too, and loads no decoder
    from ..imaging import Facts

DAY = dt.timedelta(days=1)
QUARTER = dt.timedelta(minutes=15)
# The satellites' time is of the last fix; one that is older says nothing about the zone.
OLDEST_FIX = dt.timedelta(minutes=5)
FURTHEST_WEST, FURTHEST_EAST = -12 * 60, 14 * 60
FIRST_YEAR = 1826  # of the oldest photograph there is
FIRST_FILE = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # older ones are of archives without dates

# IMG_20130824_101112, PXL_20210101_120000123, signal-2020-05-01-101112, 2019-03-02 10.11.12,
# Screenshot 2020-05-01 at 3.04.05 PM; and with a day alone IMG-20190102-WA0001.
_NAME = re.compile(
    r"(?<!\d)(?P<day>(?:19|20)\d\d(?P<dash>[-_.]?)\d\d(?P=dash)\d\d)"
    r"(?:(?:[ _T.-]|[ _]at[ _])?(?P<hour>\d{1,2})(?P<dot>[-_.:]?)(?P<minute>\d\d)(?P=dot)"
    r"(?P<second>\d\d)(?P<fraction>\d{3})?(?:[\s\u202f]?(?P<half>[ap])\.?m\b)?)?(?!\d)",
    re.ASCII | re.IGNORECASE,
)
NOON = dt.time(12)  # of a day without a time: the same day in nearly every zone


class Moment(NamedTuple):
    """When a photo was taken, by whose word, and the zone in minutes if that one knew it."""

    source: Source
    instant: dt.datetime
    offset: int | None = None


def decide(photo: Photo, facts: "Facts | None" = None) -> None:
    """Give the photo its moment and its place in the order, unless its owner has."""
    if photo.taken_source is Source.OWNER:
        return
    latest = photo.created_at + DAY  # a clock that is ahead by more was never set
    for moment in _witnesses(photo, facts):
        if moment.instant <= latest:
            photo.taken_at, photo.taken_offset = moment.instant, moment.offset
            photo.taken_source = moment.source
            photo.place(moment.instant, moment.offset)
            return
    photo.taken_at, photo.taken_offset, photo.taken_source = None, None, Source.UPLOAD
    photo.place(photo.created_at)


def time_of_file(seconds: float) -> dt.datetime | None:
    """Return the time of a file by a client's word, in seconds since 1970, if it can be true."""
    try:
        moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if FIRST_FILE <= moment <= now() + DAY else None


def _witnesses(photo: Photo, facts: "Facts | None") -> Iterator[Moment]:
    if facts and facts.taken is not None:
        yield _by_camera(facts.taken, facts)
    if facts and facts.instant is not None:  # also where the clock was never set
        source = Source.GPS if photo.kind is Kind.PHOTO else Source.CONTAINER
        yield Moment(source, facts.instant.replace(tzinfo=dt.UTC))
    named = moment_in(photo.client_name)
    if named is not None:
        yield Moment(Source.NAME, named.replace(tzinfo=dt.UTC))
    if photo.modified_at is not None:
        yield Moment(Source.FILE, photo.modified_at)


def _by_camera(clock: dt.datetime, facts: "Facts") -> Moment:
    """Return the instant; where nobody knows the zone, the clock is read as UTC."""
    source, offset = Source.ZONE, facts.offset
    if offset is None and facts.instant is not None:
        source, offset = Source.GPS, zone_between(clock, facts.instant)
    if offset is None:
        return Moment(Source.CLOCK, clock.replace(tzinfo=dt.UTC))
    instant = clock.replace(tzinfo=dt.UTC) - dt.timedelta(minutes=offset)
    return Moment(source, instant, offset)


def zone_between(clock: dt.datetime, instant: dt.datetime) -> int | None:
    """Return by how many minutes a clock is east of UTC, or None if there is no such zone."""
    offset = round((clock - instant) / QUARTER) * QUARTER
    minutes = round(offset / dt.timedelta(minutes=1))
    is_zone = FURTHEST_WEST <= minutes <= FURTHEST_EAST and minutes % 60 != 15
    return minutes if is_zone and abs(clock - instant - offset) <= OLDEST_FIX else None


def moment_in(name: str) -> dt.datetime | None:
    """Return the moment in a file's name; of a day alone, its noon."""
    for found in _NAME.finditer(name):
        digits = re.sub(r"\D", "", found["day"])
        try:
            day = dt.date.fromisoformat(digits)
            return dt.datetime.combine(day, _time(found) if found["hour"] else NOON)
        except ValueError:  # no such day or hour
            continue
    return None


def _time(found: re.Match[str]) -> dt.time:
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    fraction = int(found["fraction"] or 0) * 1000
    return dt.time(hour, int(found["minute"]), int(found["second"]), fraction)
