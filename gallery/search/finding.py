"""Finds photos by what somebody typed: among their own, or among all that they may see."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from flask import url_for
from sqlalchemy import Select

from ..accounts.models import User
from ..photos.models import Photo
from ..photos.timeline import Order
from .compiling import BEST, NEWEST, select_of
from .grammar import Query, Word, parse
from .names import Known, known_to


@dataclass(frozen=True)
class Search:
    """A query, whose photos it is about, and in which order they come."""

    text: str
    viewer: User
    # Everybody's that the viewer may see, and not their own alone.
    is_all: bool = False
    is_best: bool = False

    @cached_property
    def query(self) -> Query:
        return parse(self.text)

    @cached_property
    def known(self) -> Known:
        return known_to(self.viewer, self.query)

    @property
    def has_best(self) -> bool:
        """Tell whether one photo can match better than another.

        Of photos of others the rank would tell how often a word is in what they do not show.
        """
        return not self.is_all and any(isinstance(term, Word) for term in self.query.terms)

    @property
    def scope(self) -> Select[Photo]:
        return select_of(self.query, self.viewer, self.known, is_all=self.is_all)

    @property
    def order(self) -> Order:
        return BEST if self.is_best and self.has_best else NEWEST

    @property
    def name(self) -> str:
        """Its name as a list of photos."""
        whose, order = "-all" if self.is_all else "", "-best" if self.is_best else ""
        return f"search{whose}{order}:{self.text}"

    def url(self, text: str | None = None, **other: str | None) -> str:
        """Return the address of its page, or of one like it."""
        values = {
            "q": self.text if text is None else text,
            "whose": "all" if self.is_all else None,
            "order": "best" if self.is_best else None,
            **other,
        }
        said = {name: value for name, value in values.items() if value}
        return url_for("search.index") + (f"?{urlencode(said)}" if said else "")
