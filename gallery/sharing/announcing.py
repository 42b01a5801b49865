"""Finds what stands for a link where it was sent to: a picture of what it shows first."""

from sqlalchemy import ColumnElement

from ..access import shared_by
from ..albums.models import Album
from ..albums.shelf import cover
from ..extensions import db
from ..photos import postcards
from ..photos.models import POSTCARD, Derivative, Photo, State
from ..photos.timeline import MOMENT
from ..variants import LARGE
from .models import SharedPhoto, ShareLink


def postcard_of(link: ShareLink) -> Derivative | None:
    """Return it, as far as it is made; of a link with a password there is never one."""
    if link.password_hash is not None:
        return None
    first = shared_by(link).where(Photo.id == _first(link)).with_only_columns(Photo.id)
    mine = (Derivative.photo_id.in_(first), Derivative.variant == POSTCARD)
    return db.session.scalar(db.select(Derivative).where(*mine))


def want_postcard(link: ShareLink) -> bool:
    """Have it made unless it is, and tell whether it is still to come; the caller commits."""
    if link.password_hash is not None:
        return False
    is_made = Photo.derivatives.any(Derivative.variant == POSTCARD)
    is_possible = Photo.derivatives.any(Derivative.variant.startswith(LARGE))
    lacking = shared_by(link).where(
        Photo.id == _first(link), ~is_made, is_possible | (Photo.state == State.PENDING)
    )
    ids = db.session.scalars(lacking.with_only_columns(Photo.id)).all()
    postcards.want(ids)
    return bool(ids)


def _first(link: ShareLink) -> ColumnElement[int]:
    """The photo that stands at the head of its page."""
    if link.album_id is not None:
        return db.select(cover()).where(Album.id == link.album_id).scalar_subquery()
    chosen = (
        db.select(Photo.id)
        .join(SharedPhoto, SharedPhoto.photo_id == Photo.id)
        .where(SharedPhoto.link_id == link.id, Photo.is_shown())
    )
    return chosen.order_by(*MOMENT).limit(1).scalar_subquery()
