"""Says what becomes of albums when somebody leaves."""

from typing import NamedTuple

from sqlalchemy import func, select

from ..accounts.models import User
from ..extensions import db
from ..photos.models import Photo
from .models import Album, Collaborator, Entry


class Ends(NamedTuple):
    """Albums that end: how many, and the titles of those in which others take part."""

    number: int
    shared: list[str]


def ends(owner: User) -> Ends:
    """Return which albums end with somebody's account."""
    is_shared = select(Collaborator.user_id).where(Collaborator.album_id == Album.id).exists()
    mine = Album.owned_by(owner).with_only_columns(Album.title, is_shared).order_by(Album.title)
    rows = db.session.execute(mine).all()
    return Ends(len(rows), [title for title, shared in rows if shared])


def visited(owner: User) -> int:
    """Return in how many albums of others photos of somebody are."""
    theirs = (
        select(func.count(Album.id.distinct()))
        .join(Entry, Entry.album_id == Album.id)
        .join(Photo, Photo.id == Entry.photo_id)
        .where(Album.owner_id != owner.id, Photo.owner_id == owner.id)
    )
    return db.session.scalar(theirs) or 0
