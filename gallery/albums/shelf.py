"""Reads albums as they stand side by side: each with its cover, its size and its days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import format_decimal, ngettext
from sqlalchemy import ColumnElement, ScalarSelect, Select, func
from sqlalchemy.orm import joinedload

from ..accounts.models import User
from ..extensions import db
from ..photos.models import Derivative, Photo
from ..photos.tiles import Links
from ..photos.wording import span_in_words
from ..variants import LARGE, ROWS
from .models import Album, Entry


@dataclass(frozen=True)
class Card:
    """An album, and all that a template shows of it beside others."""

    album: Album
    href: str
    title: str
    # How many photos it has, and of which days; and whose it is, where it is not the viewer's.
    line: str
    by: str
    colour: str | None
    src: str | None
    # The cover over the whole width of a page.
    large: str | None
    srcset: str
    width: int
    height: int


def cards(scope: Select[Album], *, viewer: User | None, links: Links | None = None) -> list[Card]:
    """Read albums in the order of the scope, by two statements however many they are.

    `links` say where their covers are, if not where pictures are found here.
    """
    columns = (_edge(last=False), _edge(last=True), cover())
    wanted = scope.add_columns(*columns).options(joinedload(Album.owner))
    rows = db.session.execute(wanted).all()
    made = _previews(cover_id for *_, cover_id in rows if cover_id is not None)
    links = links or Links.to("")
    return [
        _card(album, _line(album, first, last), made.get(cover, []), links, viewer)
        for album, first, last, cover in rows
    ]


def _card(
    album: Album,
    line: str,
    made: list[tuple[str, str | None, Derivative]],
    links: Links,
    viewer: User | None,
) -> Card:
    urls = {each.variant: links.previews(photo) + each.url_name for photo, _, each in made}
    sizes = {each.variant: each for *_, each in made}
    large = [name for name in urls if name.startswith(LARGE)]
    small = [name for name in urls if name.startswith(ROWS)]
    wide = [*small[-1:], *large]  # a phone has enough in the larger of the rows' pictures
    return Card(
        album=album,
        href=url_for("albums.show", slug=album.slug),
        title=album.title,
        line=line,
        by="" if viewer and viewer.id == album.owner_id else album.owner.name,
        colour=made[0][1] if made else None,
        src=urls[small[-1]] if small else None,
        large=urls[large[-1]] if large else None,
        srcset=", ".join(f"{urls[name]} {sizes[name].width}w" for name in wide),
        width=sizes[large[-1]].width if large else 0,
        height=sizes[large[-1]].height if large else 0,
    )


def _line(album: Album, first: dt.date | None, last: dt.date | None) -> str:
    count = format_decimal(album.photo_count)
    number: str = ngettext("%(count)s photo", "%(count)s photos", album.photo_count, count=count)
    return f"{number} · {span_in_words(first, last)}" if first and last else number


def _shown() -> Select[Photo]:
    return (
        db.select(Photo)
        .join(Entry, Entry.photo_id == Photo.id)
        .where(Entry.album_id == Album.id, Photo.is_shown())
        .correlate(Album)
        .limit(1)
    )


def _edge(*, last: bool) -> ScalarSelect[dt.date]:
    """The day of the first photo, or of the last: one look into an index, not a walk along it."""
    key = (Entry.local_day, Entry.sort_key, Entry.photo_id)
    order = [column.desc() if last else column.asc() for column in key]
    return _shown().with_only_columns(Entry.local_day).order_by(*order).scalar_subquery()


def cover() -> ColumnElement[int]:
    """The chosen cover, while it is to be seen in the album; else the oldest photo."""
    chosen = _shown().with_only_columns(Photo.id).where(Photo.id == Album.cover_id)
    oldest = _shown().with_only_columns(Photo.id)
    oldest = oldest.order_by(Entry.local_day, Entry.sort_key, Entry.photo_id)
    return func.coalesce(chosen.scalar_subquery(), oldest.scalar_subquery())


def _previews(ids: Iterable[int]) -> dict[int, list[tuple[str, str | None, Derivative]]]:
    """Return the previews of some photos, smallest first, each with the photo's id and colour."""
    wanted = set(ids)
    if not wanted:
        return {}
    made = (
        db.select(Photo.public_id, Photo.colour, Derivative)
        .join(Derivative, Derivative.photo_id == Photo.id)
        .where(Photo.id.in_(wanted))
        .order_by(Derivative.width)
    )
    found: dict[int, list[tuple[str, str | None, Derivative]]] = {}
    for public_id, colour, derivative in db.session.execute(made):
        found.setdefault(derivative.photo_id, []).append((public_id, colour, derivative))
    return found
