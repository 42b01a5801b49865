"""Reads from an EXIF block when a photo was taken, and which way up."""

from __future__ import annotations

import io
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import exifread

SECONDS = 0.5  # a camera's block takes milliseconds; a hostile one would take for ever

# The moment of the shutter first; the date of the file's last change is better than none.
_MOMENTS = [
    ("EXIF DateTimeOriginal", "EXIF SubSecTimeOriginal", "EXIF OffsetTimeOriginal"),
    ("EXIF DateTimeDigitized", "EXIF SubSecTimeDigitized", "EXIF OffsetTimeDigitized"),
    ("Image DateTime", "EXIF SubSecTime", "EXIF OffsetTime"),
]
_DATE = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_FURTHEST_EAST, _FURTHEST_WEST = 14 * 60, -12 * 60


class Exif(NamedTuple):
    """What we read of a block.

    :param taken: the camera's clock, None when unknown or never set.
    :param offset: minutes that clock was east of UTC, or None.
    :param orientation: 1 to 8, as EXIF counts; 1 when it is not said.
    """

    taken: datetime | None = None
    offset: int | None = None
    orientation: int = 1


def read(block: bytes) -> Exif:
    """Read an EXIF block. Whatever it holds, this returns, and soon."""
    texts = _texts(block.removeprefix(b"Exif\0\0"))
    orientation = re.fullmatch(r"\[([1-8])\]", texts.get("Image Orientation", ""), re.ASCII)
    upright = int(orientation[1]) if orientation else 1
    for date, subsecond, offset in _MOMENTS:
        taken = _date(texts.get(date, ""), texts.get(subsecond, ""))
        if taken is not None:
            return Exif(taken, _offset(texts.get(offset, "")), upright)
    return Exif(orientation=upright)


class _Late(BaseException):
    """Not an Exception, so that nothing on the way swallows it."""


def _texts(block: bytes) -> Mapping[str, str]:
    if not block:
        return {}
    try:
        with _at_most(SECONDS):
            tags = exifread.process_file(io.BytesIO(block), details=False, extract_thumbnail=False)
            return {name: str(getattr(tag, "values", "")) for name, tag in tags.items()}
    except (Exception, _Late):  # a hostile block makes the reader raise anything at all
        return {}


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _Late

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _date(text: str, subsecond: str) -> datetime | None:
    found = _DATE.match(text.strip())
    if found is None:
        return None
    fraction = re.match(r"\d{0,6}", subsecond.strip(), re.ASCII)
    microsecond = int((fraction[0] if fraction else "").ljust(6, "0"))
    try:
        second = datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*found.groups()))
        return second.replace(microsecond=microsecond)
    except ValueError:  # a clock never set says 0000:00:00
        return None


def _offset(text: str) -> int | None:
    if text.strip() == "Z":
        return 0
    found = _OFFSET.match(text.strip())
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    minutes = -minutes if found[1] == "-" else minutes
    return minutes if _FURTHEST_WEST <= minutes <= _FURTHEST_EAST else None
