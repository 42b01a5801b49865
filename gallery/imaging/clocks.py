"""Reads moments as cameras and programs write them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

_DATE = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_FURTHEST_EAST, _FURTHEST_WEST = 14 * 60, -12 * 60
_EPOCHS = {datetime(1970, 1, 1), datetime(1980, 1, 1)}  # a clock that was never set
_FIRST = 1826  # the oldest photograph that there is
NOON = "T12:00:00"  # of a day without a time: the same day in nearly every zone


class Clock(NamedTuple):
    """A moment as it was written.

    :param taken: what the clock showed; None when unknown or never set.
    :param offset: minutes that it was east of UTC, or None.
    """

    taken: datetime | None = None
    offset: int | None = None


UNKNOWN = Clock()


def exif_clock(date: str, subsecond: str = "", offset: str = "") -> Clock:
    """Read the three texts of EXIF."""
    found = _DATE.match(date.strip())
    if found is None:
        return UNKNOWN
    fraction = re.match(r"\d{0,6}", subsecond.strip(), re.ASCII)
    microsecond = int((fraction[0] if fraction else "").ljust(6, "0"))
    try:
        second = datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*found.groups()))
    except ValueError:  # a clock never set says 0000:00:00
        return UNKNOWN
    return _set(second.replace(microsecond=microsecond), _offset(offset))


def iso_clock(text: str) -> Clock:
    """Read ISO 8601, as XMP and IPTC have it; of a day alone, its noon."""
    text = text.strip()
    if len(text) in (len("20240229"), len("2024-02-29")):
        text += NOON
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:  # also a month or a year alone
        return UNKNOWN
    offset = moment.utcoffset()
    minutes = None if offset is None else round(offset.total_seconds() / 60)
    return _set(moment.replace(tzinfo=None), _plausible(minutes))


def _set(moment: datetime, offset: int | None) -> Clock:
    if moment in _EPOCHS or moment.year < _FIRST:
        return UNKNOWN
    return Clock(moment, offset)


def _offset(text: str) -> int | None:
    if text.strip() == "Z":
        return 0
    found = _OFFSET.match(text.strip())
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return _plausible(-minutes if found[1] == "-" else minutes)


def _plausible(minutes: int | None) -> int | None:
    if minutes is None or not _FURTHEST_WEST <= minutes <= _FURTHEST_EAST:
        return None
    return minutes
