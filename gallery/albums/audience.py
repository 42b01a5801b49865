"""Says who can see a photo or an album, by name."""

from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import joinedload

from ..accounts.models import User
from ..extensions import db
from ..photos.models import Photo, Visibility
from ..sharing.models import SharedPhoto, ShareLink
from .models import Album, Collaborator, Entry

WORDS = {
    Visibility.PRIVATE: _l("Only you, and people you name"),
    Visibility.MEMBERS: _l("Everybody with an account here"),
    Visibility.PUBLIC: _l("Everyone, with or without an account"),
}
NAMED = 3  # in one sentence


class Within(NamedTuple):
    """An album that a photo is in, and who sees it there: names, its owner's first."""

    album: Album
    names: list[str]

    @property
    def line(self) -> str:
        if self.album.visibility is Visibility.PRIVATE:
            return _and(self.names)
        return str(WORDS[self.album.visibility])


@dataclass(frozen=True)
class Audience:
    """Who can see something besides the one who reads this: at large, and by name."""

    visibility: Visibility
    names: list[str]
    # Open share links that show it.
    links: int = 0

    @property
    def sentence(self) -> str:
        """The answer in one line."""
        if not self.links or self.visibility is Visibility.PUBLIC:
            return self._people
        return str(
            ngettext(
                "%(people)s; and whoever has the link to it",
                "%(people)s; and whoever has one of %(num)s links to it",
                self.links,
                people=self._people,
            )
        )

    @property
    def _people(self) -> str:
        if self.visibility is not Visibility.PRIVATE:
            return str(WORDS[self.visibility])
        if not self.names:
            return str(_("Only you"))
        shown = self.names[:NAMED]
        more = len(self.names) - len(shown)
        others = [ngettext("%(num)s more", "%(num)s more", more)] if more else []
        return _and([_("You"), *shown, *others])


def of_album(album: Album, reader: User) -> Audience:
    """Return who sees an album besides the one who reads it."""
    people = {album.owner_id: album.owner.name} | _guests([album.id])[album.id]
    people.pop(reader.id, None)
    number = _number_of(ShareLink.album_id == album.id)
    return Audience(album.visibility, list(people.values()), number)


def of_photo(photo: Photo) -> tuple[Audience, list[Within]]:
    """Return who sees a photo in all, and by which albums."""
    itself = photo.still_id or photo.id
    holding = db.select(Album).join(Entry, Entry.album_id == Album.id)
    albums = db.session.scalars(
        holding.where(Entry.photo_id == itself)
        .options(joinedload(Album.owner))
        .order_by(Album.title, Album.id)
    ).all()
    guests = _guests([album.id for album in albums])
    people = {a.id: {a.owner_id: a.owner.name} | guests[a.id] for a in albums}
    named = {id_: name for names in people.values() for id_, name in names.items()}
    named.pop(photo.owner_id, None)
    reached = [photo.visibility, *(album.visibility for album in albums)]
    widest = max(reached, key=list(Visibility).index)
    within = [Within(album, list(people[album.id].values())) for album in albums]
    if photo.trashed_at is not None:
        return Audience(Visibility.PRIVATE, []), within
    chosen = db.select(SharedPhoto.link_id).where(SharedPhoto.photo_id == itself)
    is_by_album = ShareLink.album_id.in_([album.id for album in albums])
    number = _number_of(is_by_album | ShareLink.id.in_(chosen))
    return Audience(widest, sorted(named.values()), number), within


def shown_of(owner: User) -> list[Within]:
    """Return the albums of somebody that others see, by title, with the names of these."""
    albums = db.session.scalars(Album.owned_by(owner).order_by(Album.title, Album.id)).all()
    guests = _guests([album.id for album in albums])
    every = [Within(album, list(guests[album.id].values())) for album in albums]
    return [each for each in every if each.names or each.album.visibility is not Visibility.PRIVATE]


def _number_of(shows_it: ColumnElement[bool]) -> int:
    """Count the open links that show something."""
    counted = db.select(func.count(ShareLink.id)).join(ShareLink.owner)
    shown = counted.where(ShareLink.is_open(), ShareLink.shows_photos, shows_it)
    return db.session.scalar(shown) or 0


def _guests(album_ids: list[int]) -> dict[int, dict[int, str]]:
    """Return the names of those who were asked into albums, by album and id."""
    asked = (
        db.select(Collaborator.album_id, User.id, User.name)
        .join(User, Collaborator.user_id == User.id)
        .where(Collaborator.album_id.in_(album_ids), User.is_disabled.is_(False))
        .order_by(User.name, User.id)
    )
    found: dict[int, dict[int, str]] = {id_: {} for id_ in album_ids}
    for album_id, user_id, name in db.session.execute(asked):
        found[album_id][user_id] = name
    return found


def _and(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return str(_("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1]))
