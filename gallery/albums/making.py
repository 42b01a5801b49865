"""Makes albums, renames and nests them, and takes them apart again."""

from flask_babel import gettext as _

from ..accounts.models import User
from ..errors import NotPossible
from ..extensions import db, slug_for
from .models import Album, Slug


def make(owner: User, title: str) -> Album:
    """Add an album that only its owner sees, and flush."""
    album = Album(owner_id=owner.id, owner=owner, title=title, slug=_free_slug(title))
    db.session.add(album)
    db.session.flush()
    return album


def rename(album: Album, title: str) -> None:
    """Give it another title and the address that goes with it; the one before leads there."""
    if title == album.title:
        return
    before, ending = album.slug, album.slug[-4:]
    wanted = slug_for(title, usual="album")[:-4] + ending
    if wanted != before:
        had_before = db.delete(Slug).where(Slug.slug == wanted, Slug.album_id == album.id)
        db.session.execute(had_before)
        album.slug = _free_slug(title) if _is_taken(wanted) else wanted
        db.session.add(Slug(slug=before, album_id=album.id))
    album.title = title


def _free_slug(title: str) -> str:
    while _is_taken(slug := slug_for(title, usual="album")):
        continue
    return slug


def _is_taken(slug: str) -> bool:
    taken = db.select(Album.slug).where(Album.slug == slug)
    return bool(db.session.scalar(taken.union(db.select(Slug.slug).where(Slug.slug == slug))))


def nest(album: Album, parent: Album | None) -> None:
    """Put an album into another of the same owner, or out of it.

    :raises NotPossible: when it would come to be in itself.
    """
    above = parent
    while above is not None:
        if above.id == album.id:
            raise NotPossible(_("An album cannot be in itself, nor in one that is in it."))
        above = above.parent
    album.parent = parent


def delete(album: Album) -> None:
    """Delete an album and no photo; the albums in it move up to where it was."""
    within = db.update(Album).where(Album.parent_id == album.id)
    db.session.execute(within.values(parent_id=album.parent_id))
    db.session.delete(album)
