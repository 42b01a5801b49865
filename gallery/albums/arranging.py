"""Puts the photos of an album into an order: by time, by name, or by hand."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, update

from ..errors import NotPossible
from ..extensions import db
from ..photos import timeline
from ..photos.models import Photo
from .models import Album, Entry, Order
from .positions import spread

_BY_TIME = (Entry.local_day, Entry.sort_key, Entry.photo_id)
ORDERS = {
    Order.OLDEST: timeline.Order(_BY_TIME),
    Order.NEWEST: timeline.Order(_BY_TIME, is_descending=True),
    Order.NAME: timeline.Order((Entry.name(), Entry.photo_id)),
    Order.HAND: timeline.Order((Entry.place, Entry.photo_id)),
}


def order_of(album: Album) -> timeline.Order:
    """Return the order in which an album's photos are read."""
    return ORDERS[album.order]


def sort(album: Album, order: Order) -> None:
    """Choose the order of an album. The first one by hand begins with what is seen now."""
    if order is Order.HAND and not album.is_arranged:
        seen = order_of(album).columns(is_backwards=False)
        mine = db.select(Entry.photo_id).where(Entry.album_id == album.id).order_by(*seen)
        _place(album, db.session.scalars(mine).all(), None, None)
        album.is_arranged = True
    album.order = order


def aim_at(album: Album, public_ids: Sequence[str], number: int) -> dict[str, str]:
    """Return how photos are moved so that the first of them is then of that number."""
    others = album.photos.where(Photo.public_id.not_in(public_ids))
    ordered = others.order_by(*order_of(album).columns(is_backwards=False))
    ahead = min(max(number, 1), album.photo_count + 1) - 1
    following = db.session.scalar(ordered.with_only_columns(Photo.public_id).offset(ahead).limit(1))
    return {"before": following} if following else {"to": "end"}


def move(
    album: Album, public_ids: Sequence[str], *, before: str = "", after: str = "", to: str = ""
) -> None:
    """Move photos, as they follow each other, before or after one, or to the "start" or the "end".

    :raises NotPossible: when that one is not in the album.
    """
    sort(album, Order.HAND)
    mine = db.select(Entry.photo_id, Entry.place).where(Entry.album_id == album.id)
    named = mine.join(Photo, Photo.id == Entry.photo_id)
    moved = named.where(Photo.public_id.in_(public_ids)).order_by(Entry.place, Entry.photo_id)
    ids = [row.photo_id for row in db.session.execute(moved)]
    others = db.select(Entry.place).where(Entry.album_id == album.id, Entry.photo_id.not_in(ids))
    if to == "start":
        _place(album, ids, None, db.session.scalar(others.with_only_columns(func.min(Entry.place))))
        return
    if to == "end":
        _place(album, ids, db.session.scalar(others.with_only_columns(func.max(Entry.place))), None)
        return
    aim = db.session.scalar(
        others.join(Photo, Photo.id == Entry.photo_id).where(Photo.public_id == (before or after))
    )
    if aim is None:
        raise NotPossible(_("The photo to move them to is not in this album, or moves itself."))
    if before:
        beside = others.with_only_columns(func.max(Entry.place)).where(Entry.place < aim)
        _place(album, ids, db.session.scalar(beside), aim)
    else:
        beside = others.with_only_columns(func.min(Entry.place)).where(Entry.place > aim)
        _place(album, ids, aim, db.session.scalar(beside))


def _place(album: Album, ids: Sequence[int], before: str | None, after: str | None) -> None:
    """Give photos the places between two others, in the order of their ids."""
    places = spread(before, after, len(ids))
    rows = [
        {"album_id": album.id, "photo_id": id_, "place": place}
        for id_, place in zip(ids, places, strict=True)
    ]
    if rows:
        db.session.execute(update(Entry), rows)
