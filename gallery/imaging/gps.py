"""Reads where on earth a photo was taken, and when by the satellites' clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from .tags import Tags

_DATE = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)", re.ASCII)
_SIGNS = {"N": 1, "E": 1, "S": -1, "W": -1}
_FIRST = 1980  # satellites count from here
_LOWEST, _HIGHEST = -12_000, 100_000  # metres: below the sea's deepest, above every aeroplane


def place_and_instant(tags: Tags) -> dict[str, object]:
    """What is known of latitude, longitude, altitude and instant, under the names of `Facts`."""
    return _place(tags) | {"instant": _instant(tags)}


def _place(tags: Tags) -> dict[str, object]:
    latitude = _degrees(tags, "GPS GPSLatitude", 90)
    longitude = _degrees(tags, "GPS GPSLongitude", 180)
    # Half a place is none; and at 0, 0 is only sea: a phone that knows no place writes that.
    if latitude is None or longitude is None or latitude == longitude == 0:
        return {}
    altitude = tags.number("GPS GPSAltitude", least=_LOWEST, most=_HIGHEST)
    if altitude and tags.number("GPS GPSAltitudeRef", least=1, most=1):
        altitude = -abs(altitude)
    return {"latitude": latitude, "longitude": longitude, "altitude": altitude}


def _degrees(tags: Tags, name: str, most: int) -> float | None:
    """Degrees, of which the reference says on which side of the earth they are."""
    sign = _SIGNS.get(tags.text(f"{name}Ref")[:1].upper())
    parts = tags.numbers(name)
    if sign is None or not 1 <= len(parts) <= 3 or min(parts) < 0:
        return None
    degrees = sum(part / unit for part, unit in zip(parts, (1, 60, 3600), strict=False))
    return sign * degrees if degrees <= most else None


def _instant(tags: Tags) -> datetime | None:
    date, parts = _DATE.match(tags.text("GPS GPSDate")), tags.numbers("GPS GPSTimeStamp")
    if date is None or len(parts) != 3 or min(parts) < 0:
        return None
    hours, minutes, seconds = parts
    if hours >= 24 or minutes >= 60 or seconds >= 61:
        return None
    try:
        day = datetime(*map(int, date.groups()))  # type: ignore[arg-type]
    except ValueError:
        return None
    if day.year < _FIRST:
        return None
    return day + timedelta(hours=hours, minutes=minutes, seconds=round(seconds, 3))
