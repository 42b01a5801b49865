"""Shows photos to others, or to nobody: the picture, its place, or the very file."""

from collections.abc import Collection

from sqlalchemy import or_, update

from ..accounts.models import User
from ..extensions import db, rows_changed
from .models import Offer, Photo, Visibility


def show(owner: User, public_ids: Collection[str], *, visibility: Visibility, offer: Offer) -> int:
    """Decide who sees some photos of somebody's and what of them; return how many there were.

    What moves of a live photo goes with the photo.
    """
    chosen = Photo.owned_by(owner).where(Photo.public_id.in_(public_ids))
    ids = db.session.scalars(chosen.with_only_columns(Photo.id)).all()
    rows_changed(
        update(Photo)
        .where(or_(Photo.id.in_(ids), Photo.still_id.in_(ids)))
        .values(visibility=visibility, offer=offer)
    )
    return len(ids)
