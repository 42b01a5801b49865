"""The table of people, sorted as its address asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from ..accounts.models import User
from ..extensions import db
from ..photos.wording import day_in_words, size_in_words, time_in_words

COLUMNS = {
    "name": (_l("Name"), User.name),
    "photos": (_l("Photos"), User.photo_count),
    "size": (_l("Storage"), User.byte_count),
    "last_seen": (_l("Last seen"), User.last_seen_at),
    "role": (_l("Role"), User.is_admin),
}
PAGE = 50
MOST = 1_000_000  # people that a page may skip


@dataclass(frozen=True)
class Row:
    """One person, in words."""

    name: str
    initials: str
    email: str
    folder: str
    photos: str
    size: str
    quota_percent: int | None
    last_seen: str
    since: str
    role: str


class Column(NamedTuple):
    """A heading that sorts; the direction is the one in force, if it is this column's."""

    key: str
    label: str
    url: str
    direction: str | None


def columns(sort: str, address: Callable[[str], str]) -> list[Column]:
    """Return the headings, each leading to the address of the page sorted by it."""
    chosen, is_descending = sort.removeprefix("-"), sort.startswith("-")
    found = []
    for key, (label, _column) in COLUMNS.items():
        direction = ("descending" if is_descending else "ascending") if key == chosen else None
        # Numbers are asked for largest first, names from A.
        flips = direction == "ascending" or (direction is None and key != "name")
        found.append(Column(key, str(label), address("-" * flips + key), direction))
    return found


def people(sort: str, asked: str, skipped: int) -> tuple[list[Row], int | None]:
    """Return a page of those whose name or email has what is `asked`, and what the next skips.

    An unknown `sort` is that of names.
    """
    column = COLUMNS.get(sort.removeprefix("-"), COLUMNS["name"])[1]
    order = column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_last()
    wanted = db.select(User).order_by(order, User.id)
    if asked:
        wanted = wanted.where(has(asked, User.name, User.email))
    skipped = min(max(skipped, 0), MOST)
    found = db.session.scalars(wanted.offset(skipped).limit(PAGE + 1)).all()
    return [person_row(user) for user in found[:PAGE]], (
        skipped + PAGE if len(found) > PAGE else None
    )


def has(text: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Tell whether a text is in one of some columns, with whatever capitals."""
    # SQLite knows those of A to Z alone: Émile is found by émi as people write it.
    ways = {text, text.lower(), text.upper(), text.title()}
    return db.or_(*(column.icontains(way, autoescape=True) for column in columns for way in ways))


def person_row(user: User) -> Row:
    return Row(
        name=user.name,
        initials=user.initials,
        email=user.email,
        folder=user.folder,
        photos=format_decimal(user.photo_count),
        size=size_in_words(user.byte_count),
        quota_percent=user.byte_count * 100 // user.quota if user.quota else None,
        last_seen=time_in_words(user.last_seen_at) if user.last_seen_at else _("never"),
        since=time_in_words(user.created_at),
        role=_role(user),
    )


def _role(user: User) -> str:
    role = _("Admin") if user.is_admin else _("User")
    if user.is_disabled:
        return _("%(role)s, disabled", role=role)
    if user.leaves_at:
        return _("%(role)s, leaves %(day)s", role=role, day=day_in_words(user.leaves_at))
    return role
