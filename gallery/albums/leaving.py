"""Says what goes with somebody's account."""

from typing import NamedTuple

from sqlalchemy import func

from ..accounts.models import User
from ..extensions import db
from ..photos.models import Photo
from ..photos.wording import number_of, size_in_words
from ..sharing.models import ShareLink
from .audience import Within, shown_of
from .models import Album, Entry


class Ends(NamedTuple):
    """What ends with an account, in words."""

    photos: str
    size: str
    albums: str
    links: str
    # The albums that others see, and who these are.
    shown: list[Within]
    # Photos that go out of albums of others, and how many albums these are, if any.
    gone: tuple[str, str] | None


def ends(owner: User) -> Ends:
    """Return what ends with somebody's account."""
    albums = Album.owned_by(owner).with_only_columns(func.count(Album.id))
    links = ShareLink.owned_by(owner).where(ShareLink.lasts())
    links = links.with_only_columns(func.count(ShareLink.id))
    theirs = (
        db.select(func.count(Photo.id.distinct()), func.count(Album.id.distinct()))
        .join(Entry, Entry.photo_id == Photo.id)
        .join(Album, Album.id == Entry.album_id)
        .where(Photo.owner_id == owner.id, Album.owner_id != owner.id)
    )
    photos, visited = db.session.execute(theirs).one()
    return Ends(
        photos=number_of(owner.photo_count, "photo"),
        size=size_in_words(owner.byte_count),
        albums=number_of(db.session.scalar(albums) or 0, "album"),
        links=number_of(db.session.scalar(links) or 0, "link"),
        shown=shown_of(owner),
        gone=(number_of(photos, "photo"), number_of(visited, "album")) if visited else None,
    )
