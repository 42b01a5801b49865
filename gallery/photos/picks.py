"""Finds the photos that a form has chosen: one by one, by whole months, or all of a list."""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, false, or_
from werkzeug.datastructures import MultiDict

from ..accounts.models import User
from ..errors import NothingChosen, NotThere
from ..extensions import among, db, told_moment
from . import lists, timeline
from .lists import PhotoList
from .models import Photo
from .wording import month_in_words

# What a form says of which photos, and from which page: carried from one form to the next.
NAMES = ("in", "id", "section", "all", "except", "upto", "back")


@dataclass(frozen=True)
class Picks:
    """Which photos a form is about."""

    owner: User
    # The list that it stood on; None where that is not to be seen any more.
    list: PhotoList | None
    ids: Sequence[str]
    # The first and the last day of each month that was chosen whole.
    months: Sequence[tuple[dt.date, dt.date]]
    is_all: bool
    # When the last came that was there to be seen, where more than single ones were chosen.
    upto: dt.datetime | None
    excepted: Sequence[str]
    fields: Sequence[tuple[str, str]]

    @property
    def photos(self) -> Select[Photo]:
        """Select those of them that are the owner's."""
        return Photo.owned_by(self.owner).where(self.is_chosen)

    def count(self) -> int:
        """Return how many of them are the owner's and not in the trash.

        :raises NotThere: when there are none.
        """
        shown = self.photos.where(Photo.is_shown()).with_only_columns(db.func.count())
        number = db.session.scalar(shown)
        if not number:
            raise NotThere(_("None of these photos is there any more."))
        return number

    @functools.cached_property
    def is_chosen(self) -> ColumnElement[bool]:
        """Tell, beside Photo, whether it is one of them, whoever it belongs to."""
        chosen = or_(Photo.public_id.in_(among(self.ids)), self._is_listed)
        if not self.excepted:
            return chosen
        return chosen & Photo.public_id.not_in(among(self.excepted))

    @property
    def number_asked(self) -> int:
        """How many were asked for, those included that are not the owner's."""
        named = len(set(self.ids) - set(self.excepted))
        if not (self.is_all or self.months):
            return named
        listed = Photo.public_id.not_in(among([*self.ids, *self.excepted])) & self._is_listed
        return named + (db.session.scalar(db.select(db.func.count(Photo.id)).where(listed)) or 0)

    @property
    def title(self) -> str:
        """Say which they are, where that is said shortly: July 2019."""
        if self.ids or self.is_all or len(self.months) != 1:
            return ""
        return month_in_words(self.months[0][0])

    @property
    def _is_listed(self) -> ColumnElement[bool]:
        if self.list is None or not (self.is_all or self.months):
            return false()
        listed = self.list.scope.with_only_columns(Photo.id).correlate(None)
        is_listed: ColumnElement[bool] = Photo.id.in_(listed)
        if self.upto is not None:
            is_listed &= Photo.created_at <= self.upto
        if self.is_all:
            return is_listed
        return is_listed & or_(*(Photo.local_day.between(*days) for days in self.months))


def picked(form: "MultiDict[str, str]", owner: User) -> Picks:
    """Read a form: `id`, `section` (2026-07) and `all` of the list `in`, and `except` these.

    What came after `upto` is in neither: whoever chose a month or all has not seen it.

    :raises NothingChosen: when it chooses nothing.
    """
    photos, upto = lists.of(form.get("in", ""), owner), told_moment(form.get("upto"))
    if form.get("upto") and upto is None:
        raise NothingChosen(_("Choose them again on their page."))
    is_by_month = photos is not None and photos.is_by_month
    picks = Picks(
        owner=owner,
        list=photos,
        ids=list(dict.fromkeys(form.getlist("id"))),
        months=[_days(month) for month in form.getlist("section") if is_by_month],
        is_all="all" in form,
        upto=upto,
        excepted=form.getlist("except"),
        fields=[(name, value) for name in NAMES for value in form.getlist(name)],
    )
    if not (picks.ids or picks.months or picks.is_all):
        raise NothingChosen(_("Choose at least one photo first."))
    return picks


def _days(month: str) -> tuple[dt.date, dt.date]:
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise NothingChosen(_("A month is written as 2026-07.")) from error
    return first, timeline.last_day(first.year, first.month)
