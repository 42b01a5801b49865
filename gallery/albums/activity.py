"""Says who added what to an album, and when."""

import datetime as dt
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func

from ..accounts.models import User
from ..extensions import db
from ..photos.models import Photo
from ..photos.tiles import Links
from ..photos.wording import time_in_words
from .models import Album, Entry

PAGE = 50


class Addition(NamedTuple):
    """What somebody added at one time and is still there: a picture of it, and in words."""

    who: str
    initials: str
    number: int
    when: str
    added_at: dt.datetime
    href: str


def activity_of(album: Album, *, links: Links, before: dt.datetime | None = None) -> list[Addition]:
    """Return what was added, last first, fifty at a time; `before` is where the last page ended."""
    number, first = func.count(Photo.id), func.min(Photo.public_id)
    additions = (
        db.select(Entry.added_at, Photo.owner_id, number, first)
        .join(Photo, Photo.id == Entry.photo_id)
        .where(Entry.album_id == album.id, Photo.is_shown())
        .group_by(Entry.added_at, Photo.owner_id)
        .order_by(Entry.added_at.desc(), Photo.owner_id)
        .limit(PAGE)
    )
    if before is not None:
        additions = additions.where(Entry.added_at < before)
    rows = db.session.execute(additions).all()
    owners = db.select(User).where(User.id.in_({row.owner_id for row in rows}))
    people = {user.id: user for user in db.session.scalars(owners)}
    return [
        Addition(
            who=people[owner_id].name,
            initials=people[owner_id].initials,
            number=count,
            when=_("%(time)s UTC", time=time_in_words(added_at)),
            added_at=added_at,
            href=links.photo(public_id),
        )
        for added_at, owner_id, count, public_id in rows
    ]
