"""Finds the album that somebody names for what they send, or makes it."""

from ..access import albums_to_add_to
from ..accounts.models import User
from ..errors import NotPossible
from ..extensions import db
from .making import make
from .models import Album

TITLE = 120  # characters


def by_slug(user: User, slug: str) -> Album:
    """Return the album of an address.

    :raises NotPossible: when it is none that they may add to.
    """
    album: Album | None = db.session.scalar(albums_to_add_to(user).where(Album.slug == slug))
    if album is None:
        raise NotPossible("That album is not there any more, or not yours to add to.")
    return album


def by_title(user: User, title: str) -> Album:
    """Return their own album of a title; the one that changed last, a new one if there is none.

    :raises NotPossible: when no album can have that title.
    """
    title = title.strip()
    mine = Album.owned_by(user).where(Album.title == title).order_by(Album.changed_at.desc())
    return db.session.scalars(mine.limit(1)).first() or new(user, title)


def new(user: User, title: str) -> Album:
    """Make an album.

    :raises NotPossible: when no album can have that title.
    """
    title = title.strip()
    if not 0 < len(title) <= TITLE:
        raise NotPossible(f"An album’s title has 1 to {TITLE} characters.")
    return make(user, title)
