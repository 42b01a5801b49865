"""Says in words what was understood of a query."""

import datetime as dt
from collections.abc import Sequence

from ..photos.models import Kind
from ..photos.wording import day_in_words
from .grammar import (
    Before,
    Camera,
    From,
    InAlbum,
    Is,
    Lens,
    Near,
    Not,
    OfFormat,
    OfKind,
    Plain,
    Query,
    Rated,
    Tagged,
    Term,
    Word,
)

KINDS = {Kind.PHOTO: "photos", Kind.VIDEO: "videos", Kind.AUDIO: "recordings"}
STATES = {
    "favourite": "among your favourites",
    "live": "that are live",
    "animated": "that move",
    "archived": "in the archive",
    "untagged": "without tags",
    "private": "that only you see",
    "members": "for members",
    "public": "for everyone",
}
# In which order a sentence tells them, whatever the order they were typed in.
TOLD = (Word, Tagged, OfFormat, Is, Rated, Camera, Lens, InAlbum, Near, From, Before)


def sentence_of(query: Query, *, is_all: bool = False) -> str:
    """Return what was understood: Photos with “beach” in July 2019, not videos."""
    positive = [term for term in query.terms if not isinstance(term, Not)]
    kinds = [KINDS[term.kind] for term in positive if isinstance(term, OfKind)]
    noun = " and at once ".join(kinds) or ("everything" if is_all else "photos")
    told = [noun, *_told(positive)]
    without = [f"not {phrase_of(term.term)}" for term in query.terms if isinstance(term, Not)]
    sentence = ", ".join([" ".join(told), *without])
    return sentence[:1].upper() + sentence[1:]


def _told(terms: Sequence[Term]) -> list[str]:
    phrases = []
    span = _span(terms)
    words = [phrase_of(term) for term in terms if isinstance(term, Word)]
    if words:
        phrases.append(f"with {_and(words)}")
    for kind in TOLD[1:]:
        if span and kind in (From, Before):
            continue
        phrases += [phrase_of(term) for term in terms if isinstance(term, kind)]
    return [*phrases, span] if span else phrases


def _span(terms: Sequence[Term]) -> str:
    """Return one year, month or day, where exactly that was asked for."""
    begins = [term for term in terms if isinstance(term, From)]
    ends = [term for term in terms if isinstance(term, Before)]
    if len(begins) != 1 or len(ends) != 1:
        return ""
    day, end = begins[0].day, ends[0].day
    if end.toordinal() == day.toordinal() + 1:
        return f"on {day_in_words(day)}"
    if (day.day, end.day) != (1, 1):
        return ""
    months = 12 * (end.year - day.year) + end.month - day.month
    if months == 12 and day.month == 1:
        return f"in {day.year}"
    return f"in {day:%B} {day.year}" if months == 1 else ""


def phrase_of(term: Term) -> str:
    """Return a term in words, as a chip has it and as a sentence does."""
    if isinstance(term, Not):
        return f"not {phrase_of(term.term)}"
    return _phrase(term)


def _phrase(term: Plain) -> str:
    match term:
        case Word(text, is_start):
            return f"“{text}…”" if is_start else f"“{text}”"
        case Tagged(name):
            return f"tagged “{name}”"
        case Camera(name):
            return f"taken with “{name}”"
        case Lens(name):
            return f"through “{name}”"
        case From(day, said):
            return f"from {_date(day, said)} on"
        case Before(day, said):
            return f"before {_date(day, said)}"
        case InAlbum(name):
            return f"in the album “{name}”"
        case OfKind(kind):
            return KINDS[kind]
        case OfFormat(name):
            return f"of type {name.upper()}"
        case Rated(_, said):
            return _stars(said)
        case Is(what):
            return STATES[what]
        case Near():
            return f"within {term.km:g} km of {_place(term)}"


def _date(day: dt.date, said: str) -> str:
    return (f"{day.year}", f"{day:%B} {day.year}", day_in_words(day))[said.count("-")]


def _stars(said: str) -> str:
    """Return a rating as it was written, in words: 4 stars or more."""
    sign, number = said.rstrip("012345"), int(said[-1])
    noun = "star" if number == 1 else "stars"
    words = {">=": "or more", "<=": "or fewer", ">": "more than", "<": "fewer than"}
    if sign in (">", "<"):
        return f"with {words[sign]} {number} {noun}"
    return f"with {number} {noun}" + (f" {words[sign]}" if sign in words else "")


def _place(near: Near) -> str:
    north = f"{abs(near.latitude):g}° {'S' if near.latitude < 0 else 'N'}"
    return f"{north}, {abs(near.longitude):g}° {'W' if near.longitude < 0 else 'E'}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
