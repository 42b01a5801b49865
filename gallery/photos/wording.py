"""Sizes, dates and names in the words people read."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import format_decimal
from flask_babel import gettext as _

from ..languages import N_, Plural, catalogue, grouped, said, spoken
from .models import Kind

UNITS = (N_("%(size)s KB"), N_("%(size)s MB"), N_("%(size)s GB"), N_("%(size)s TB"))
BYTES = Plural("%(number)s bytes", "%(number)s bytes")
NAME = 200  # characters: the length of a name, not of a story
# What is called by its moment: when it was taken, or else when it was added.
TAKEN = {
    Kind.PHOTO: N_("Photo, %(moment)s"),
    Kind.VIDEO: N_("Video, %(moment)s"),
    Kind.AUDIO: N_("Recording, %(moment)s"),
}
ADDED = {
    Kind.PHOTO: N_("Photo added %(moment)s"),
    Kind.VIDEO: N_("Video added %(moment)s"),
    Kind.AUDIO: N_("Recording added %(moment)s"),
}
AT = N_("%(day)s, %(time)s")
NOUNS = {
    "photo": Plural("%(number)s photo", "%(number)s photos"),
    "picture": Plural("%(number)s picture", "%(number)s pictures"),
    "album": Plural("%(number)s album", "%(number)s albums"),
    "link": Plural("%(number)s link", "%(number)s links"),
    "file": Plural("%(number)s file", "%(number)s files"),
    "job": Plural("%(number)s job", "%(number)s jobs"),
    "day": Plural("%(number)s day", "%(number)s days"),
    "hour": Plural("%(number)s hour", "%(number)s hours"),
    "minute": Plural("%(number)s minute", "%(number)s minutes"),
    "second": Plural("%(number)s second", "%(number)s seconds"),
}


def size_in_words(size: int) -> str:
    """Return a size as a person reads it: 640 bytes, 3.4 MB, 12 GB."""
    if size < 1000:
        return BYTES(size)
    number = float(size)
    for unit in UNITS:
        number /= 1000
        if number < 999.5 or unit == UNITS[-1]:
            break
    return str(_(unit, size=decimal(number, 1 if number < 10 and unit != UNITS[0] else 0)))


def number_of(number: int, noun: str) -> str:
    """Return a number with its noun: 1 photo, 2,000 photos."""
    return NOUNS[noun](number)


def decimal(number: float, digits: int) -> str:
    """Return a number with so many digits behind its point, or comma."""
    return _decimal(f"{number:.{digits}f}", spoken())


def day_in_words(day: dt.date) -> str:
    """Return a day: 26 July 2026."""
    return _dated(day, "d MMMM y", "long", spoken())


def month_in_words(day: dt.date) -> str:
    """Return the month of a day: July 2026."""
    return _month(day, spoken())


def month_alone(day: dt.date) -> str:
    """Return the name of a day's month, as it stands by itself: July."""
    return str(format_date(day, "LLLL", locale=spoken()))


def month_in_short(day: dt.date) -> str:
    """Return the name of a day's month where there is little room: Jul."""
    return str(format_date(day, "LLL", locale=spoken()))


def day_in_short(day: dt.date) -> str:
    """Return a day of about now where there is little room: 26 Jul."""
    locale = spoken()
    if locale.language == "en":
        return str(format_date(day, "d MMM", locale=locale))
    return str(format_skeleton("MMMd", day, locale=locale))


def _dated(day: dt.date, pattern: str, width: str, locale: Locale) -> str:
    """Return a day by our own pattern in English, by what is usual in other languages."""
    return str(format_date(day, pattern if locale.language == "en" else width, locale=locale))


def _timed(clock: dt.time, pattern: str, width: str, locale: Locale) -> str:
    return str(format_time(clock, pattern if locale.language == "en" else width, locale=locale))


# The photos of a page are of few days, and a day has few minutes. A text is compared more
# quickly than what it names.


@lru_cache(1000)
def _decimal(text: str, locale: Locale) -> str:
    return str(format_decimal(Decimal(text), "0.0" if "." in text else "0", locale))


@lru_cache(1000)
def _month(day: dt.date, locale: Locale) -> str:
    return str(format_skeleton("yMMMM", day, locale=locale))


@lru_cache(1000)
def _short_day(day: dt.date, language: str) -> str:
    return _dated(day, "d MMMM y", "long", Locale.parse(language))


@lru_cache(2000)
def _minute(clock: dt.time, language: str) -> str:
    return _timed(clock, "HH:mm", "short", Locale.parse(language))


def span_in_words(first: dt.date, last: dt.date) -> str:
    """Return the days from one to another: 11–19 July 2026, May – July 2026, 2024–2026."""
    if first == last:
        return day_in_words(first)
    locale = spoken()
    if locale.language != "en":
        is_long = first.year != last.year
        skeleton = "y" if is_long else "yMMMMd" if first.month == last.month else "yMMMM"
        return str(format_interval(first, last, skeleton, locale=locale))
    if first.year != last.year:
        return f"{first.year}–{last.year}"
    if first.month != last.month:
        return f"{month_alone(first)} – {month_in_words(last)}"
    return f"{first.day}–{day_in_words(last)}"


def time_in_words(moment: dt.datetime) -> str:
    return said(AT) % _when(moment, str(spoken()))


def _when(moment: dt.datetime, language: str) -> dict[str, str]:
    minute = dt.time(moment.hour, moment.minute)
    return {"day": _short_day(moment.date(), language), "time": _minute(minute, language)}


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
    """Return a moment: Sunday 26 July 2026, 14:05."""
    locale = spoken()
    day = _dated(moment, "EEEE d MMMM y", "full", locale)
    return said(AT) % {"day": day, "time": _timed(moment.time(), "HH:mm", "short", locale)}


def clock_in_words(clock: dt.datetime, offset: int | None) -> str:
    """Return what a clock showed, and its zone where that is known."""
    zone = "" if offset is None else f" · {zone_in_words(offset)}"
    time = _timed(clock.time(), "HH:mm:ss", "medium", spoken())
    return said(AT) % {"day": day_in_words(clock), "time": time} + zone


def exposure_in_words(
    aperture: float | None, exposure: float | None, iso: int | None, focal_length: float | None
) -> str:
    """Return what is known of ƒ/2.8 · 1/250 s · ISO 400 · 35 mm."""
    parts = (
        aperture and _("ƒ/%(number)s", number=_short(aperture)),
        exposure and _("%(time)s s", time=_fraction(exposure)),
        iso and _("ISO %(number)s", number=iso),
        focal_length and _("%(length)s mm", length=_short(focal_length)),
    )
    return " · ".join(part for part in parts if part)


def _fraction(seconds: float) -> str:
    """Return seconds as cameras say them: 1/250, 1/1.5 is 0.7, and 30."""
    return _short(seconds) if seconds > 0.3 else f"1/{round(1 / seconds)}"


def _short(number: float) -> str:
    return decimal(number, 1 if number < 100 and f"{number:.1f}"[-1] != "0" else 0)


def place_in_words(latitude: float, longitude: float, altitude: float | None) -> str:
    """Return a place: 48.8584° N, 2.2945° E · 35 m."""
    north = f"{abs(latitude):.4f}° {'S' if latitude < 0 else 'N'}"
    east = f"{abs(longitude):.4f}° {'W' if longitude < 0 else 'E'}"
    place = f"{north}, {east}"
    if altitude is None:
        return place
    height = grouped(round(altitude)).replace("-", "−")
    return str(_("%(place)s · %(height)s m", place=place, height=height))


def length_in_words(seconds: float) -> str:
    """Return how long something lasts: 1:02, 1:00:05."""
    minutes, left = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def stars(rating: int) -> str:
    return "★" * rating + "☆" * (5 - rating)


def naming() -> Callable[[Kind, dt.datetime, bool, str], str]:
    """Return what names a photo by its kind, its moment, whether that is when it was taken,
    and its caption: by this, or else by what it is and when; never by its file.

    It speaks the language of this request; that is looked for once, and not for each of a page.
    """
    say, language = catalogue().gettext, str(spoken())
    at = say(AT)

    def name(kind: Kind, moment: dt.datetime, is_taken: bool, caption: str) -> str:
        if caption:
            line = " ".join(caption.split())
            return line if len(line) <= NAME else f"{line[: NAME - 1]}…"
        moment_said = at % _when(moment, language)
        return str(say((TAKEN if is_taken else ADDED)[kind]) % {"moment": moment_said})

    return name


def shown_name(client_name: str | None) -> str:
    """Return the last part of a client's path, one line of it, fit to be kept and shown."""
    name = (client_name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:200].strip() or "unnamed"
