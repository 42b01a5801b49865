"""Knows what the names in a query mean to a viewer: their tags, and the albums they may see."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row

from ..access import albums_visible_to
from ..accounts.models import User
from ..albums.models import Album
from ..extensions import db
from ..photos.models import Tag
from .grammar import Not, Query, Tagged, Word, has_letters

ALBUMS = 100  # that one word names, at most
MOST_ALBUMS = 2000  # of those that a viewer may see, the ones that changed last
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
        mine = db.select(Tag.id, Tag.name).where(Tag.owner_id == viewer.id)
        tags = {name.casefold(): id_ for id_, name in db.session.execute(mine)}
    return Known(tags, db.session.execute(latest).all())


def _is_in(word: Word, title: str) -> bool:
    """Tell whether the index would find a word in a title."""
    if is_unspaced(word.text):
        return word.text.casefold() in title.casefold()
    wanted = f" {_folded(word.text)}" + ("" if word.is_start else " ")
    return wanted in f" {_folded(title)} "


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        re.findall(r"[^\W_]+", "".join(c for c in parts if not unicodedata.combining(c)))
    )


def is_unspaced(text: str) -> bool:
    return bool(_UNSPACED.search(text)) or not has_letters(text)
