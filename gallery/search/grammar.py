"""Reads what somebody typed into the search field: text in, a tree out, and never an error."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from ..languages import grouped
from ..photos.models import Kind, Visibility

LONGEST = 1000  # characters
MOST = 24  # terms
USUAL_KM, FURTHEST_KM = 10.0, 20_000.0  # half the way round the earth is everywhere


@dataclass(frozen=True)
class Word:
    """A word, or several in this order; with `is_start` the last one may go on."""

    text: str
    is_start: bool = False


@dataclass(frozen=True)
class Tagged:
    name: str


@dataclass(frozen=True)
class Camera:
    name: str


@dataclass(frozen=True)
class Lens:
    name: str


@dataclass(frozen=True)
class From:
    """Taken on a day or later; `said` is the year, month or day as it was written."""

    day: dt.date
    said: str


@dataclass(frozen=True)
class Before:
    """Taken before a day."""

    day: dt.date
    said: str


@dataclass(frozen=True)
class InAlbum:
    name: str


@dataclass(frozen=True)
class OfKind:
    kind: Kind


@dataclass(frozen=True)
class OfFormat:
    """Of a kind of file, as the end of its media type names it."""

    name: str


@dataclass(frozen=True)
class Rated:
    """With one of some numbers of stars."""

    stars: tuple[int, ...]
    said: str


@dataclass(frozen=True)
class Is:
    what: str


@dataclass(frozen=True)
class Near:
    """Within so many kilometres of a place, in degrees north and east."""

    latitude: float
    longitude: float
    km: float


@dataclass(frozen=True)
class Not:
    term: "Plain"


Plain = (
    Word | Tagged | Camera | Lens | From | Before | InAlbum | OfKind | OfFormat | Rated | Is | Near
)
Term = Plain | Not


@dataclass(frozen=True)
class Said:
    """A term, and the words by which it was said."""

    term: Term
    text: str


@dataclass(frozen=True)
class Query:
    """Everything that was understood, all of which is to hold; and a sentence for the rest."""

    said: tuple[Said, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def terms(self) -> list[Term]:
        return [each.term for each in self.said]

    @property
    def text(self) -> str:
        """What was understood, to be searched again."""
        return " ".join(each.text for each in self.said)

    def without(self, one: Said) -> str:
        return " ".join(each.text for each in self.said if each is not one)


class NotUnderstood(ValueError):
    """Says in a sentence what was wrong with a value."""


_TERM = re.compile(
    r"""(?P<minus>-?)
        (?:(?P<key>[^\W\d_]+):)?
        (?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))?""",
    re.VERBOSE,
)
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_RATING = re.compile(r"(>=|<=|>|<|=)?([0-5])", re.ASCII)
_NUMBER = r"([+-]?\d{1,5}(?:\.\d{1,20})?)"
_NEAR = re.compile(rf"{_NUMBER},{_NUMBER}(?:,{_NUMBER}(?:km)?)?", re.ASCII)

FORMATS = {
    **{name: name for name in ("jpeg", "heic", "png", "gif", "webp", "avif", "tiff", "bmp", "jxl")},
    **{name: name for name in ("mp4", "webm", "matroska", "ogg", "wav", "aac", "flac")},
    **{"jpg": "jpeg", "heif": "heic", "tif": "tiff", "mov": "quicktime", "mkv": "matroska"},
    **{"avi": "msvideo", "mp3": "mpeg"},
}
IS = {
    **{"favourite": "favourite", "favorite": "favourite", "favourites": "favourite"},
    **{name: name for name in ("live", "animated", "archived", "untagged")},
    **{visibility.value: visibility.value for visibility in Visibility},
}


def parse(text: str) -> Query:
    """Return the tree of a query; what is not understood is left out of it, and noted."""
    notes: list[str] = []
    said: list[Said] = []
    line = _tidy(text)
    if len(line) > LONGEST:
        line = line[:LONGEST]
        notes.append(
            _("Only the first %(number)s characters were searched for.", number=grouped(LONGEST))
        )
    for found in _TERM.finditer(line):
        if not found[0].strip():
            continue
        if len(said) == MOST:
            notes.append(
                _("Only the first %(number)s words and filters were searched for.", number=MOST)
            )
            break
        try:
            term = _read(found)
        except NotUnderstood as sentence:
            notes.append(_("%(problem)s It was left out.", problem=sentence))
            continue
        if term not in [each.term for each in said]:
            said.append(Said(term, _written(found)))
    return Query(tuple(said), tuple(dict.fromkeys(notes)))


_JOINERS = "\u200c\u200d"


def _tidy(text: str) -> str:
    """Return one line, without what no keyboard writes, and with plain quotes."""
    kinds = ((c, unicodedata.category(c)) for c in text[: LONGEST * 4])
    # Marks that nobody sees come along with what is pasted; two of them are of words and emoji.
    seen = ((c, kind) for c, kind in kinds if kind not in ("Cs", "Cf") or c in _JOINERS)
    kept = (" " if kind == "Cc" else c for c, kind in seen)
    return " ".join("".join(kept).translate(_QUOTES).split())


def _written(found: re.Match[str]) -> str:
    """Return a term as it was written, with its quotes closed."""
    text = found[0]
    return text + '"' if text.count('"') == 1 else text


def _read(found: re.Match[str]) -> Term:
    key, is_quoted = found["key"], found["quoted"] is not None
    value = " ".join((found["quoted"] if is_quoted else found["bare"] or "").split())
    if key is None:
        term: Plain = _word(value if value or is_quoted else found[0], is_quoted=is_quoted)
    elif key.casefold() not in KEYS:
        raise NotUnderstood(_("We do not know “%(word)s”.", word=key + ":"))
    elif not value:
        raise NotUnderstood(_("“%(word)s” needs something after it.", word=key + ":"))
    else:
        term = KEYS[key.casefold()](value)
    return _excluding(term) if found["minus"] and (key or value) else term


def _excluding(term: Plain) -> Term:
    """Return the opposite; of a day it is the other side of it."""
    if isinstance(term, From):
        return Before(term.day, term.said)
    if isinstance(term, Before):
        return From(term.day, term.said)
    return Not(term)


def _word(value: str, *, is_quoted: bool) -> Word:
    if not has_letters(value) and not any(unicodedata.category(c) == "So" for c in value):
        raise NotUnderstood(_("“%(word)s” has no letters to look for.", word=value))
    is_start = not is_quoted and value.endswith("*") and has_letters(value)
    return Word(value.rstrip("*") if is_start else value, is_start)


def has_letters(value: str) -> bool:
    """Tell whether there is a letter or a number in it."""
    return any(unicodedata.category(c)[0] in "LN" for c in value)


def _from(value: str) -> From:
    return From(_first_day(value), value)


def _before(value: str) -> Before:
    return Before(_first_day(value), value)


def _first_day(value: str) -> dt.date:
    found = _DAY.fullmatch(value)
    try:
        if found:
            return dt.date(*(int(part or 1) for part in found.groups()))
    except ValueError:
        pass
    raise NotUnderstood(
        _("“%(word)s” is no year, month or day like 2024, 2024-07 or 2024-07-12.", word=value)
    )


def _type(value: str) -> OfKind | OfFormat:
    name = value.casefold()
    if name in list(Kind):
        return OfKind(Kind(name))
    if name not in FORMATS:
        raise NotUnderstood(
            _("“%(word)s” is no type that we know, like video or jpeg.", word=value)
        )
    return OfFormat(FORMATS[name])


def _rating(value: str) -> Rated:
    found = _RATING.fullmatch(value)
    if found is None:
        raise NotUnderstood(_("“%(word)s” is no rating from 0 to 5, like 4 or >=4.", word=value))
    sign, number = found[1] or "=", int(found[2])
    fits = {
        ">=": number.__le__,
        "<=": number.__ge__,
        ">": number.__lt__,
        "<": number.__gt__,
        "=": number.__eq__,
    }
    return Rated(tuple(stars for stars in range(6) if fits[sign](stars)), value)


def _is(value: str) -> Is | OfKind:
    name = value.casefold()
    if name in list(Kind):
        return OfKind(Kind(name))
    if name not in IS:
        raise NotUnderstood(_("We do not know “%(word)s”.", word="is:" + value))
    return Is(IS[name])


def _near(value: str) -> Near:
    found = _NEAR.fullmatch(value.replace(" ", "").casefold())
    if found is None:
        raise NotUnderstood(_("“%(word)s” is no place like 43.26,-2.93.", word=value))
    latitude, longitude, km = float(found[1]), float(found[2]), float(found[3] or USUAL_KM)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise NotUnderstood(_("“%(word)s” is no place on earth.", word=value))
    if not 0 < km <= FURTHEST_KM or math.isnan(km):
        raise NotUnderstood(
            _(
                "“%(word)s”: a distance is more than 0 and up to %(number)s km.",
                word=value,
                number=grouped(round(FURTHEST_KM)),
            )
        )
    return Near(latitude, longitude, km)


KEYS: dict[str, Callable[[str], Plain]] = {
    "tag": Tagged,
    "camera": Camera,
    "lens": Lens,
    "from": _from,
    "before": _before,
    "album": InAlbum,
    "type": _type,
    "rating": _rating,
    "is": _is,
    "near": _near,
}
