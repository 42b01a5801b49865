"""Makes a select of a query: the one place that knows how the database is asked for words.

Who looks is part of the select. Of photos of others only what is shown with them counts:
neither the name of a file nor tags, nor a place that is not offered.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, not_, or_, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ..access import albums_visible_to, visible_to
from ..accounts.models import User
from ..albums.models import Album, Entry
from ..extensions import db
from ..photos.models import Offer, Photo, photo_tags
from ..photos.models import Tag as TagRow
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
    has_letters,
)
from .words import WEIGHTS, is_before, is_of_photo, is_since, words

NEWEST = Order((words.c.rowid,))
BEST = Order((func.bm25(literal_column(words.name), *WEIGHTS), words.c.rowid))

OWN = "{caption place name tags}"
NOTHING = "marks : nothing"
ALBUMS = 100  # that one word names, at most
MOST_ALBUMS = 2000  # of those that a viewer may see, the ones that changed last
EARTH_KM = 6371.0088
# Scripts that are written without spaces: what the index takes for a word is a whole line.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True)
class Known:
    """What names mean to a viewer: the ids of their tags, and the albums they may see."""

    tags: Mapping[str, int]
    albums: Sequence[Row]

    def named(self, word: Word) -> list[int]:
        """Return the ids of the albums that have a word in their title."""
        return [album.id for album in self.albums if _is_in(word, album.title)][:ALBUMS]

    def called(self, name: str) -> list[int]:
        """Return the ids of the albums with this address, or else with this in their title."""
        by_slug = [album.id for album in self.albums if album.slug == name.casefold()]
        return by_slug or self.named(Word(name))


def known_to(viewer: User, query: Query) -> Known:
    """Read what a query may name."""
    albums = albums_visible_to(viewer).with_only_columns(Album.id, Album.slug, Album.title)
    latest = albums.order_by(Album.changed_at.desc(), Album.id.desc()).limit(MOST_ALBUMS)
    tags: dict[str, int] = {}
    if any(
        isinstance(term.term if isinstance(term, Not) else term, Tagged) for term in query.terms
    ):
        # All of them: the database's lower() knows no letters but ASCII's.
        mine = db.select(TagRow.id, TagRow.name).where(TagRow.owner_id == viewer.id)
        tags = {name.casefold(): id_ for id_, name in db.session.execute(mine)}
    return Known(tags, db.session.execute(latest).all())


def _is_in(word: Word, title: str) -> bool:
    """Tell whether the index would find a word in a title."""
    if _is_unspaced(word.text):
        return word.text.casefold() in title.casefold()
    wanted = f" {_folded(word.text)}" + ("" if word.is_start else " ")
    return wanted in f" {_folded(title)} "


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        re.findall(r"[^\W_]+", "".join(c for c in parts if not unicodedata.combining(c)))
    )


def _is_unspaced(text: str) -> bool:
    return bool(_UNSPACED.search(text)) or not has_letters(text)


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
        if _is_unspaced(word.text):
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
        tags = db.select(TagRow.id).join(photo_tags, photo_tags.c.tag_id == TagRow.id)
        tagged = tags.where(photo_tags.c.photo_id == Photo.id, _has(TagRow.name, text))
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
        return and_(is_told, _is_near(near))


def _phrase(text: str, *, is_start: bool = False) -> str:
    """Return words as the index takes them for nothing else; with `is_start` they may go on."""
    quoted = text.replace('"', '""')
    return f'"{quoted}"' + (" *" if is_start else "")


def _in_albums(ids: Sequence[int]) -> str:
    return f"marks : ({' OR '.join(f'a{id_}' for id_ in ids)})" if ids else NOTHING


def _has(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    return column.contains(text, autoescape=True)


def _is_near(near: Near) -> ColumnElement[bool]:
    """Tell whether a photo was taken within a circle on the earth, by the haversine formula."""
    angle = near.km / EARTH_KM
    height = Photo.latitude.between(
        near.latitude - math.degrees(angle), near.latitude + math.degrees(angle)
    )
    half_up = func.sin((Photo.latitude - near.latitude) * math.radians(0.5))
    half_along = func.sin((Photo.longitude - near.longitude) * math.radians(0.5))
    shrunk = func.cos(Photo.latitude * math.radians(1)) * math.cos(math.radians(near.latitude))
    squared = half_up * half_up + shrunk * half_along * half_along
    # In this order: the exact formula is only for what is in the box.
    return and_(
        Photo.latitude.is_not(None),
        Photo.longitude.is_not(None),
        height,
        _is_beside(near, angle),
        squared <= math.sin(min(angle, math.pi) / 2) ** 2,
    )


def _is_beside(near: Near, angle: float) -> ColumnElement[bool]:
    """Tell whether a photo is as far east or west as a circle reaches, over the date line too."""
    latitude = math.radians(near.latitude)
    if abs(latitude) + angle >= math.pi / 2:  # a pole is within: there all ways lead on
        return true()
    reach = math.degrees(math.asin(math.sin(angle) / math.cos(latitude)))
    west, east = near.longitude - reach, near.longitude + reach
    if west < -180:
        return (Photo.longitude >= west + 360) | (Photo.longitude <= east)
    if east > 180:
        return (Photo.longitude >= west) | (Photo.longitude <= east - 360)
    return Photo.longitude.between(west, east)
