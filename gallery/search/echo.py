"""Says in words what was understood of a query."""

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _

from ..languages import N_, Plural
from ..photos.models import Kind
from ..photos.wording import day_in_words, month_in_words
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

KINDS = {
    Kind.PHOTO: N_("photos"),
    Kind.VIDEO: N_("videos"),
    Kind.AUDIO: N_("recordings"),
}
STATES = {
    "favourite": N_("among your favourites"),
    "live": N_("that are live"),
    "animated": N_("that move"),
    "archived": N_("in the archive"),
    "untagged": N_("without tags"),
    "private": N_("that only you see"),
    "members": N_("for members"),
    "public": N_("for everyone"),
}
WITH = Plural("with %(number)s star", "with %(number)s stars")
RATINGS = {
    "": WITH,
    "=": WITH,
    ">=": Plural("with %(number)s star or more", "with %(number)s stars or more"),
    "<=": Plural("with %(number)s star or fewer", "with %(number)s stars or fewer"),
    ">": Plural("with more than %(number)s star", "with more than %(number)s stars"),
    "<": Plural("with fewer than %(number)s star", "with fewer than %(number)s stars"),
}
# In which order a sentence tells them, whatever the order they were typed in.
TOLD = (Word, Tagged, OfFormat, Is, Rated, Camera, Lens, InAlbum, Near, From, Before)


def sentence_of(query: Query, *, is_all: bool = False) -> str:
    """Return what was understood: Photos with “beach” in July 2019, not videos."""
    positive = [term for term in query.terms if not isinstance(term, Not)]
    kinds = [_(KINDS[term.kind]) for term in positive if isinstance(term, OfKind)]
    noun = _at_once(kinds) or (_("everything") if is_all else _("photos"))
    told = [noun, *_told(positive)]
    without = [phrase_of(term) for term in query.terms if isinstance(term, Not)]
    sentence = ", ".join([" ".join(told), *without])
    return sentence[:1].upper() + sentence[1:]


def _told(terms: Sequence[Term]) -> list[str]:
    phrases = []
    span = _span(terms)
    words = [phrase_of(term) for term in terms if isinstance(term, Word)]
    if words:
        phrases.append(_("with %(words)s", words=_and(words)))
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
        return str(_("on %(day)s", day=day_in_words(day)))
    if (day.day, end.day) != (1, 1):
        return ""
    months = 12 * (end.year - day.year) + end.month - day.month
    if months == 12 and day.month == 1:
        return str(_("in %(year)s", year=day.year))
    return str(_("in %(month)s", month=month_in_words(day))) if months == 1 else ""


def phrase_of(term: Term) -> str:
    """Return a term in words, as a chip has it and as a sentence does."""
    if isinstance(term, Not):
        return str(_("not %(what)s", what=_phrase(term.term)))
    return str(_phrase(term))


def _phrase(term: Plain) -> str:
    match term:
        case Word(text, is_start):
            return _("“%(word)s…”", word=text) if is_start else _("“%(word)s”", word=text)
        case Tagged(name):
            return _("tagged “%(name)s”", name=name)
        case Camera(name):
            return _("taken with “%(name)s”", name=name)
        case Lens(name):
            return _("through “%(name)s”", name=name)
        case From(day, said):
            return _("from %(day)s on", day=_date(day, said))
        case Before(day, said):
            return _("before %(day)s", day=_date(day, said))
        case InAlbum(name):
            return _("in the album “%(name)s”", name=name)
        case OfKind(kind):
            return _(KINDS[kind])
        case OfFormat(name):
            return _("of type %(name)s", name=name.upper())
        case Rated(said=said):
            return _stars(said)
        case Is(what):
            return _(STATES[what])
        case Near():
            return _("within %(km)s km of %(place)s", km=format(term.km, "g"), place=_place(term))


def _date(day: dt.date, said: str) -> str:
    return (f"{day.year}", month_in_words(day), day_in_words(day))[said.count("-")]


def _stars(said: str) -> str:
    """Return a rating as it was written, in words: 4 stars or more."""
    return RATINGS[said.rstrip("012345")](int(said[-1]))


def _place(near: Near) -> str:
    north = f"{abs(near.latitude):g}° {'S' if near.latitude < 0 else 'N'}"
    return f"{north}, {abs(near.longitude):g}° {'W' if near.longitude < 0 else 'E'}"


def _and(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return str(_("%(words)s and %(last)s", words=", ".join(words[:-1]), last=words[-1]))


def _at_once(kinds: list[str]) -> str:
    """Return kinds that nothing can be of at once, as they were asked for."""
    noun = kinds[0] if kinds else ""
    for kind in kinds[1:]:
        noun = str(_("%(kinds)s and at once %(kind)s", kinds=noun, kind=kind))
    return noun
