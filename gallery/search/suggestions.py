"""Suggests what can be searched for: of the viewer's own, and so many that a page can hold them."""

from collections.abc import Iterable

from sqlalchemy import Row

from ..accounts.models import User
from ..extensions import db
from ..photos.models import Photo, Tag, photo_tags

MOST = 40  # of a kind
LATEST = 1000  # photos, of which cameras and places are told


def suggestions_for(viewer: User, albums: Iterable[Row]) -> list[str]:
    """Return queries: tags, albums, and the cameras, lenses and places of the latest photos."""
    tags = (
        db.select(Tag.name)
        .where(Tag.owner_id == viewer.id)
        .where(db.select(photo_tags.c.photo_id).where(photo_tags.c.tag_id == Tag.id).exists())
        .order_by(Tag.name)
        .limit(MOST)
    )
    latest = (
        Photo.shown_of(viewer)
        .with_only_columns(Photo.camera, Photo.lens, Photo.place_name)
        .order_by(Photo.created_at.desc(), Photo.id.desc())
        .limit(LATEST)
        .subquery()
    )
    facts = db.session.execute(db.select(latest).distinct()).all()
    return [
        *(_said("tag:", name) for name in db.session.scalars(tags)),
        *(_said("album:", album.title) for album in list(albums)[:MOST]),
        *_each("camera:", (row.camera for row in facts)),
        *_each("lens:", (row.lens for row in facts)),
        *_each("", (row.place_name for row in facts)),
    ]


def _each(key: str, names: Iterable[str]) -> list[str]:
    return [_said(key, name) for name in sorted(set(filter(None, names)))[:MOST]]


def _said(key: str, name: str) -> str:
    """Return a term as the grammar reads it: quotes in a name cannot be said."""
    plain = " ".join(name.replace('"', " ").split())
    return f'{key}"{plain}"' if " " in plain or not key else f"{key}{plain}"
