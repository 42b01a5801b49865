"""Makes a select of a query: the one place that knows how the database is asked for words.

Who looks is part of the select. Of photos of others only what is shown with them counts:
neither the name of a file nor tags, nor a place that is not offered.
"""

from collections.abc import Sequence
from typing import assert_never

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, not_, or_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ..access import visible_to
from ..accounts.models import User
from ..albums.models import Entry
from ..extensions import db
from ..photos.models import Offer, Photo, Tag, photo_tags
from ..photos.timeline import Order
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
    Word,
)
from .names import Known, is_unspaced
from .places import is_near
from .words import WEIGHTS, is_before, is_of_photo, is_since, words

NEWEST = Order((words.c.rowid,))
BEST = Order((func.bm25(literal_column(words.name), *WEIGHTS), words.c.rowid))

OWN = "{caption place name tags}"
NOTHING = "marks : nothing"


def select_of(query: Query, viewer: User, known: Known, *, is_all: bool = False) -> Select[Photo]:
    """Select what a query finds among somebody's own photos, or with `is_all` all they may see."""
    scope = visible_to(viewer).where(Photo.is_shown()) if is_all else Photo.shown_of(viewer)
    compiler = _Compiler(viewer, known, is_all=is_all)
    wanted = [f"marks : {'any' if is_all else f'u{viewer.id}'}"]
    unwanted: list[str] = []
    clauses: list[ColumnElement[bool]] = []
    for term in query.terms:
        plain = term.term if isinstance(term, Not) else term
        part = compiler.part(plain)
        if isinstance(part, str):
            (unwanted if plain is not term else wanted).append(f"({part})")
        else:
            clauses.append(part if plain is term else not_(part))
    match = " AND ".join(wanted)
    if unwanted:
        match = f"({match}) NOT ({' OR '.join(unwanted)})"
    has_words = literal_column(words.name).op("MATCH")(match)
    return scope.join(words, is_of_photo()).where(has_words, *clauses)


class _Compiler:
    """Says of one term after another what the index is to be asked, or else the rows."""

    def __init__(self, viewer: User, known: Known, *, is_all: bool) -> None:
        self.viewer, self.known, self.is_all = viewer, known, is_all

    def part(self, term: Plain) -> str | ColumnElement[bool]:
        match term:
            case Word():
                return self._word(term)
            case Tagged(name):
                tag = self.known.tags.get(name.casefold())
                return self._private(NOTHING if tag is None else f"marks : t{tag}")
            case Camera(name):
                return f"camera : {_phrase(name, is_start=True)}"
            case Lens(name):
                return f"lens : {_phrase(name, is_start=True)}"
            case From(day):
                return is_since(day)
            case Before(day):
                return is_before(day)
            case InAlbum(name):
                return _in_albums(self.known.called(name))
            case OfKind(kind):
                return f"marks : {kind.value}"
            case OfFormat(name):
                return self._private(f"marks : {name}")
            case Rated(stars):
                rated = " OR ".join(f"rated{number}" for number in stars)
                return self._private(f"marks : ({rated})" if rated else NOTHING)
            case Is("live"):
                return self._is_live()
            case Is(what):
                return self._private(f"marks : {what}")
            case Near():
                return self._near(term)
        assert_never(term)

    def _private(self, part: str) -> str:
        """Keep what nobody but its owner knows of a photo to their own."""
        return f"marks : u{self.viewer.id} AND ({part})" if self.is_all else part

    def _word(self, word: Word) -> str | ColumnElement[bool]:
        albums = self.known.named(word)
        if is_unspaced(word.text):
            return self._within(word.text, albums)
        phrase = _phrase(word.text, is_start=word.is_start)
        own = f"{OWN} : {phrase}"
        parts = [own]
        if self.is_all:
            shown = f"(place : {phrase}) AND (marks : placed)"
            parts = [self._private(own), f"caption : {phrase}", shown]
        if albums:
            parts.append(_in_albums(albums))
        return " OR ".join(f"({part})" for part in parts)

    def _within(self, text: str, albums: list[int]) -> ColumnElement[bool]:
        """Tell whether a photo's words have some letters anywhere, as the index cannot."""
        tags = db.select(Tag.id).join(photo_tags, photo_tags.c.tag_id == Tag.id)
        tagged = tags.where(photo_tags.c.photo_id == Photo.id, _has(Tag.name, text))
        entries = db.select(Entry.photo_id).where(Entry.album_id.in_(albums))
        is_mine = Photo.owner_id == self.viewer.id
        return or_(
            _has(Photo.caption, text),
            _has(Photo.place_name, text) & (is_mine | (Photo.offer != Offer.PICTURE)),
            is_mine & (_has(Photo.client_name, text) | tagged.exists()),
            entries.where(Entry.photo_id == Photo.id).exists(),
        )

    def _is_live(self) -> ColumnElement[bool]:
        moving = aliased(Photo)
        halves = db.select(moving.id).where(moving.still_id == Photo.id).exists()
        return and_(Photo.owner_id == self.viewer.id, halves)

    def _near(self, near: Near) -> ColumnElement[bool]:
        is_told = (Photo.owner_id == self.viewer.id) | (Photo.offer != Offer.PICTURE)
        return and_(is_told, is_near(near))


def _phrase(text: str, *, is_start: bool = False) -> str:
    """Return words as the index takes them for nothing else; with `is_start` they may go on."""
    quoted = text.replace('"', '""')
    return f'"{quoted}"' + (" *" if is_start else "")


def _in_albums(ids: Sequence[int]) -> str:
    return f"marks : ({' OR '.join(f'a{id_}' for id_ in ids)})" if ids else NOTHING


def _has(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    return column.contains(text, autoescape=True)
