"""Sizes, dates and names in the words people read."""

import datetime as dt

from .models import Kind

UNITS = ("KB", "MB", "GB", "TB")
NAME = 200  # characters: the length of a name, not of a story
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


def span_in_words(first: dt.date, last: dt.date) -> str:
    """Return the days from one to another: 11–19 July 2026, May – July 2026, 2024–2026."""
    if first == last:
        return day_in_words(first)
    if first.year != last.year:
        return f"{first.year}–{last.year}"
    if first.month != last.month:
        return f"{first:%B} – {last:%B %Y}"
    return f"{first.day}–{day_in_words(last)}"


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


def weekday_in_words(moment: dt.datetime) -> str:
    return f"{moment:%A} {time_in_words(moment)}"


def clock_in_words(clock: dt.datetime, offset: int | None) -> str:
    """Return what a clock showed, and its zone where that is known."""
    zone = "" if offset is None else f" · {zone_in_words(offset)}"
    return f"{day_in_words(clock)}, {clock:%H:%M:%S}{zone}"


def exposure_in_words(
    aperture: float | None, exposure: float | None, iso: int | None, focal_length: float | None
) -> str:
    """Return what is known of ƒ/2.8 · 1/250 s · ISO 400 · 35 mm."""
    parts = (
        aperture and f"ƒ/{_short(aperture)}",
        exposure and f"{_fraction(exposure)} s",
        iso and f"ISO {iso}",
        focal_length and f"{_short(focal_length)} mm",
    )
    return " · ".join(part for part in parts if part)


def _fraction(seconds: float) -> str:
    """Return seconds as cameras say them: 1/250, 1/1.5 is 0.7, and 30."""
    return _short(seconds) if seconds > 0.3 else f"1/{round(1 / seconds)}"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number < 100 else f"{number:.0f}"


def place_in_words(latitude: float, longitude: float, altitude: float | None) -> str:
    """Return a place: 48.8584° N, 2.2945° E · 35 m."""
    north = f"{abs(latitude):.4f}° {'S' if latitude < 0 else 'N'}"
    east = f"{abs(longitude):.4f}° {'W' if longitude < 0 else 'E'}"
    if altitude is None:
        return f"{north}, {east}"
    height = f"{round(altitude):,} m".replace("-", "−")
    return f"{north}, {east} · {height}"


def length_in_words(seconds: float) -> str:
    """Return how long something lasts: 1:02, 1:00:05."""
    minutes, left = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def stars(rating: int) -> str:
    return "★" * rating + "☆" * (5 - rating)


def name_of(kind: Kind, moment: dt.datetime, *, is_taken: bool, caption: str = "") -> str:
    """Return the name of a photo: its caption, or else what it is and when; never a file name."""
    if caption:
        line = " ".join(caption.split())
        return line if len(line) <= NAME else f"{line[: NAME - 1]}…"
    return f"{NOUNS[kind]}{', ' if is_taken else ' added '}{time_in_words(moment)}"


def shown_name(client_name: str | None) -> str:
    """Return the last part of a client's path, one line of it, fit to be kept and shown."""
    name = (client_name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:200].strip() or "unnamed"
