"""Finds the album that somebody names for what they send, or makes it."""

from collections.abc import Sequence

from flask_babel import gettext as _

from ..access import albums_to_add_to
from ..accounts.models import User
from ..errors import NotPossible
from ..extensions import db
from .making import make
from .models import Album

LONGEST_TITLE = 120  # characters
OFFERED = 200


def offered(user: User) -> Sequence[Album]:
    """Return the albums that somebody may add to, those that changed last first."""
    last_first = (Album.changed_at.desc(), Album.id.desc())
    return db.session.scalars(albums_to_add_to(user).order_by(*last_first).limit(OFFERED)).all()


def by_slug(user: User, slug: str) -> Album:
    """Return the album of an address.

    :raises NotPossible: when it is none that they may add to.
    """
    album: Album | None = db.session.scalar(albums_to_add_to(user).where(Album.slug == slug))
    if album is None:
        raise NotPossible(_("That album is not there any more, or not yours to add to."))
    return album


def by_name(user: User, name: str) -> Album:
    """Return the album of an address, or their own of a title; a new one if there is none.

    Of several of that title it is the one that changed last.

    :raises NotPossible: when no album can have that title.
    """
    name = name.strip()
    # Others choose the titles of theirs: one called "Camera" is not to catch a folder of that name.
    mine = (Album.owner_id == user.id) & (Album.title == name)
    called = albums_to_add_to(user).where(mine | (Album.slug == name))
    found = called.order_by((Album.slug == name).desc(), Album.changed_at.desc()).limit(1)
    return db.session.scalars(found).first() or new(user, name)


def new(user: User, title: str) -> Album:
    """Make an album.

    :raises NotPossible: when no album can have that title.
    """
    title = title.strip()
    if not 0 < len(title) <= LONGEST_TITLE:
        raise NotPossible(
            _("An album’s title has 1 to %(number)s characters.", number=LONGEST_TITLE)
        )
    return make(user, title)
