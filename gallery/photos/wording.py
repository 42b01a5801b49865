"""Sizes, dates and names in the words people read."""

import datetime as dt

from .models import Kind

UNITS = ("KB", "MB", "GB", "TB")
NOUNS = {Kind.PHOTO: "Photo", Kind.VIDEO: "Video", Kind.AUDIO: "Recording"}


def size_in_words(size: int) -> str:
    """Return a size as a person reads it: 640 bytes, 3.4 MB, 12 GB."""
    if size < 1000:
        return f"{size} bytes"
    number = float(size)
    for unit in UNITS:
        number /= 1000
        if number < 999.5 or unit == UNITS[-1]:
            break
    return f"{number:.1f} {unit}" if number < 10 and unit != "KB" else f"{number:.0f} {unit}"


def number_of(number: int, noun: str) -> str:
    """Return a number with its noun: 1 photo, 2,000 photos."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def day_in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def time_in_words(moment: dt.datetime) -> str:
    return f"{day_in_words(moment)}, {moment:%H:%M}"


def duration_in_words(seconds: float) -> str:
    """Return about how long that is: 8 seconds, 5 minutes, 3 hours, 2 days."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 1.5 * size:
            return number_of(round(seconds / size), unit)
    return number_of(max(1, round(seconds)), "second")


def zone_in_words(offset: int) -> str:
    hours, minutes = divmod(abs(offset), 60)
    return f"GMT{'−' if offset < 0 else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


def name_of(kind: Kind, moment: dt.datetime, *, is_taken: bool) -> str:
    """Return the name of a photo without a caption: what it is and when, never a file name."""
    return f"{NOUNS[kind]}{', ' if is_taken else ' added '}{time_in_words(moment)}"


def shown_name(client_name: str | None) -> str:
    """Return the last part of a client's path, one line of it, fit to be kept and shown."""
    name = (client_name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:200].strip() or "unnamed"
