"""Shows what an act would change before it is done: how much of what, and some photos of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, extract
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import MultiDict

from ..extensions import db
from ..languages import grouped
from ..variants import SMALL
from .models import Derivative, Kind, Photo
from .pages import title_of
from .tiles import Links
from .timeline import MOMENT
from .wording import number_of

MANY = 100  # photos: an act with more is shown first
EXAMPLES = 4
GROUPS = 8


@dataclass(frozen=True)
class Before:
    """A photo, what is to be changed of it, and what it would become."""

    title: str
    href: str
    src: str | None
    colour: str | None
    kind: Kind
    before: str
    after: str


class Group(NamedTuple):
    """Photos of a year by one camera."""

    year: str
    camera: str
    number: str


@dataclass(frozen=True)
class Preview:
    """All that is said of an act before it is done."""

    number: str
    button: str
    groups: list[Group]
    # Of the groups that are not among them, in words.
    others: str
    examples: list[Before]


def preview(
    photos: Select[Photo],
    button: Callable[[int], str],
    before: Callable[[Photo], str],
    after: Callable[[Photo], str],
) -> Preview:
    """Count what an act is about, now; no more than the largest groups are named."""
    groups = _groups(photos)
    number = sum(number for *_, number in groups)
    rest = sum(number for *_, number in groups[GROUPS:])
    return Preview(
        number=number_of(number, "photo"),
        button=button(number),
        groups=[
            Group(str(year), camera or _("No camera known"), grouped(number))
            for year, camera, number in groups[:GROUPS]
        ],
        others=grouped(rest) if rest else "",
        examples=examples(photos.order_by(*MOMENT), before, after),
    )


def is_many(photos: Select[Photo]) -> bool:
    """Tell whether an act with these is to be shown before it is done."""
    some = photos.with_only_columns(Photo.id).limit(MANY + 1).subquery()
    return (db.session.scalar(db.select(db.func.count()).select_from(some)) or 0) > MANY


def carried(form: "MultiDict[str, str]") -> list[tuple[str, str]]:
    """Return what a form says, so that the next one says it again."""
    return [
        (name, value)
        for name, value in form.items(multi=True)
        if name not in ("csrf_token", "step")
    ]


def _groups(photos: Select[Photo]) -> Sequence[tuple[int, str, int]]:
    year, number = extract("year", Photo.local_day), db.func.count(Photo.id)
    counted = photos.with_only_columns(year, Photo.camera, number).group_by(year, Photo.camera)
    rows = db.session.execute(counted.order_by(number.desc(), year.desc(), Photo.camera))
    return [(row[0], row[1], row[2]) for row in rows]


def examples(
    photos: Select[Photo], before: Callable[[Photo], str], after: Callable[[Photo], str]
) -> list[Before]:
    """Show what would become of the first of some photos."""
    links = Links.to(url_for("photos.show", public_id=""))
    small = (Derivative.photo_id == Photo.id) & (Derivative.variant == SMALL)
    rows = db.session.execute(
        photos.add_columns(Derivative)
        .outerjoin(Derivative, small)
        .options(selectinload(Photo.tags))
        .limit(EXAMPLES)
    )
    return [
        Before(
            title=title_of(photo),
            href=links.photo(photo.public_id),
            src=links.previews(photo.public_id) + made.url_name if made else None,
            colour=photo.colour,
            kind=photo.kind,
            before=before(photo),
            after=after(photo),
        )
        for photo, made in rows
    ]
