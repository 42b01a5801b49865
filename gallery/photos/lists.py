"""Finds a list of photos by the name that addresses give it: what is in it, and in which order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from ..access import albums_visible_to, is_looking_into, originals_for
from ..accounts.models import User
from ..albums.arranging import order_of
from ..albums.models import Album, Role
from ..albums.people import role_of
from ..extensions import db
from ..search.compiling import NEWEST as NEWEST_FOUND
from ..search.finding import Search
from ..sharing.models import Gift
from . import timeline, trash
from .models import Photo
from .tiles import Links
from .timeline import LAST_ADDED, NEWEST, Calendar, Listed, Order

ALBUM_PAGE = 60  # photos: so a large album opens as quickly as a small one


class Link(NamedTuple):
    url: str
    label: str


def _nobody(row: Listed) -> bool:
    return False


def anybody(row: Listed) -> bool:
    return True


@dataclass(frozen=True)
class PhotoList:
    """Some photos in their order, as one viewer gets them."""

    # As `?in=` has it; the timeline, which is where photos are at home, has none.
    name: str
    scope: Select[Photo]
    back: Link
    order: Order = NEWEST
    # Whether its sections are months, or merely so many photos each.
    is_by_month: bool = False
    # Whose months' counters are about it.
    counted: User | None = None
    # Whose photos all of them are, if it is their own list.
    owner: User | None = None
    # Photos on a page, where it is not the usual number.
    size: int | None = None
    # What stands in the addresses of its photos besides the list itself.
    kept: Mapping[str, Any] = field(default_factory=dict)
    # The blueprint that gives out its shape and its sections.
    door: str = "grid"
    # The address of a photo's page, without the photo.
    photos: str = field(default_factory=lambda: url_for("photos.show", public_id=""))
    # Which tiles can be ticked.
    can_tick: Callable[[Listed], bool] = _nobody
    # What stands on a tile in place of what it says itself.
    note: Callable[[Listed], str] | None = None
    # Whose list it is, where photos of others say whose they are.
    host_id: int | None = None
    # The photos whose very file the viewer may have; None where that is all of them.
    files: Select[Photo] | None = None
    # Where its tiles lead, where that is not to photos as they are found here.
    led: Links | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """What addresses say that are about this list."""
        return {**({"in": self.name} if self.name else {}), **self.kept}

    def part(self, name: str, **position: str) -> str:
        """Return the address of its shape, or of a section."""
        return url_for(f"{self.door}.{name}", **{**self.arguments, **self._named(position)})

    def page(self, **position: str) -> str:
        """Return the address of its page, or of a part of it."""
        mark = "&" if "?" in self.back.url else "?"
        return self.back.url + (mark + urlencode(self._named(position)) if position else "")

    def _named(self, position: Mapping[str, str]) -> dict[str, str]:
        """Say a position as addresses of this list do: a photo by its name, after its moment."""
        name = self.links.name
        return {
            key: moment + mark + (name(photo) if photo and key != "until" else photo)
            for key, (moment, mark, photo) in (
                (key, str(value).rpartition("_")) for key, value in position.items()
            )
        }

    @property
    def ticks_sections(self) -> bool:
        """Tell whether whole months can be ticked, and all of it."""
        return self.is_by_month and self.owner is not None

    @cached_property
    def upto(self) -> str:
        """When the last came of which somebody ticks whole months: of what comes later they know
        nothing."""
        if self.owner is None or not self.ticks_sections:
            return ""
        newest = self.calendar.newest if self.calendar else timeline.newest_of(self.owner)
        return newest.isoformat() if newest else ""

    @cached_property
    def calendar(self) -> Calendar | None:
        """The months that it is counted by."""
        return timeline.calendar_of(self.counted) if self.counted else None

    @cached_property
    def links(self) -> Links:
        """Where its tiles lead, and where their pictures are."""
        if self.led is not None:
            return self.led
        ending = urlencode(self.arguments, safe=":")
        return Links.to(self.photos, f"?{ending}" if ending else "")


def of(name: str, viewer: User | None, **kept: str) -> PhotoList | None:
    """Return the list of a name as the viewer gets it; None if there is none to be seen.

    `kept` stands in the addresses of its photos besides the list itself.
    """
    if name in OWN:
        return OWN[name](viewer) if viewer is not None else None
    kind, _, rest = name.partition(":")
    return KINDS[kind](rest, viewer, kept) if kind in KINDS else None


def mine(name: str, user: User) -> PhotoList:
    """Return a list of one's own that is always there."""
    return OWN[name](user)


def _own(
    owner: User, name: str, scope: Select[Photo], way: str, back: str, **more: Any
) -> PhotoList:
    """Return a list of somebody's own photos, all of them to be ticked; its page is a `way`."""
    link = Link(url_for(way), back)
    return PhotoList(name, scope, link, owner=owner, can_tick=anybody, **more)


def _timeline(me: User) -> PhotoList:
    scope, back = Photo.timeline_of(me), _("Back to photos")
    return _own(me, "", scope, "photos.index", back, is_by_month=True, counted=me)


def _recent(me: User) -> PhotoList:
    scope, back = Photo.timeline_of(me), _("Back to what came last")
    return _own(me, "recent", scope, "albums.recent", back, order=LAST_ADDED)


def _favourites(me: User) -> PhotoList:
    scope, back = Photo.favourites_of(me), _("Back to your favourites")
    return _own(me, "favourites", scope, "lists.favourites", back, is_by_month=True)


def _archive(me: User) -> PhotoList:
    scope, back = Photo.archive_of(me), _("Back to the archive")
    return _own(me, "archive", scope, "lists.archive", back, is_by_month=True)


def _trash(me: User) -> PhotoList:
    def note(row: Listed) -> str:
        return trash.days_left(row.trashed_at) if row.trashed_at else ""

    return _own(me, "trash", trash.tiles_of(me), "trash.index", _("Back to the trash"), note=note)


def _guests(me: User) -> PhotoList:
    """What guests gave and nobody has decided about; each says by whom."""

    @cache
    def names() -> dict[int, str]:
        return {id_: guest for id_, guest in db.session.execute(Gift.guests_of(me))}

    def note(row: Listed) -> str:
        return names().get(row.id, "")

    scope, back = Gift.waiting_for(me), _("Back to what guests gave")
    return _own(me, "guests", scope, "gifts.index", back, order=LAST_ADDED, note=note)


def _album(slug: str, viewer: User | None, kept: Mapping[str, Any]) -> PhotoList | None:
    album = db.session.scalar(albums_visible_to(viewer).where(Album.slug == slug))
    if album is None:
        return None
    return of_album(album, viewer, role_of(album, viewer), kept)


def of_album(
    album: Album, viewer: User | None, role: Role | None, kept: Mapping[str, Any]
) -> PhotoList:
    """Return what is in an album; an editor ticks any photo, and who may add some their own."""
    ticks = {Role.EDIT: anybody, Role.ADD: lambda row: bool(viewer and row.owner_id == viewer.id)}
    return PhotoList(
        f"album:{album.slug}",
        album.photos,
        Link(
            url_for("albums.show", slug=album.slug, **kept),
            _("Back to %(title)s", title=album.title),
        ),
        order=order_of(album),
        size=ALBUM_PAGE,
        kept=kept,
        can_tick=ticks.get(role, _nobody) if role else _nobody,
        host_id=album.owner_id,
        files=originals_for(viewer),
    )


def of_search(search: Search) -> PhotoList:
    """Return what a search finds; one's own photos can be ticked."""
    viewer = search.viewer
    return PhotoList(
        search.name,
        search.scope,
        Link(search.url(), _("Back to what was found")),
        order=search.order,
        is_by_month=search.order is NEWEST_FOUND,
        owner=None if search.is_all else viewer,
        can_tick=(lambda row: row.owner_id == viewer.id) if search.is_all else anybody,
        host_id=viewer.id if search.is_all else None,
        files=originals_for(viewer) if search.is_all else None,
    )


def _search(
    text: str,
    viewer: User | None,
    kept: Mapping[str, Any],
    *,
    is_all: bool = False,
    is_best: bool = False,
) -> PhotoList | None:
    search = viewer and Search(text, viewer, is_all=is_all, is_best=is_best)
    return of_search(search) if search and search.query.said else None


def _gallery(folder: str, viewer: User | None, kept: Mapping[str, Any]) -> PhotoList | None:
    """Somebody's timeline as an admin sees it, who has looked into it by its page."""
    person = db.session.scalar(db.select(User).where(User.folder == folder))
    if person is None or not is_looking_into(person.id, viewer):
        return None
    return of_gallery(person)


def of_gallery(person: User) -> PhotoList:
    """Return somebody's timeline for an admin of whose look the log knows already."""
    return PhotoList(
        f"gallery:{person.folder}",
        Photo.timeline_of(person),
        Link(
            url_for("admin.gallery", folder=person.folder),
            _("Back to %(name)s’s photos", name=person.name),
        ),
        is_by_month=True,
        counted=person,
        photos=url_for("admin.show", folder=person.folder, public_id=""),
    )


OWN: dict[str, Callable[[User], PhotoList]] = {
    "": _timeline,
    "recent": _recent,
    "favourites": _favourites,
    "archive": _archive,
    "trash": _trash,
    "guests": _guests,
}
# By what stands before the colon, called with what stands behind it.
KINDS: dict[str, Callable[[str, User | None, Mapping[str, Any]], PhotoList | None]] = {
    "album": _album,
    "gallery": _gallery,
    "search": _search,
    "search-all": partial(_search, is_all=True),
    "search-best": partial(_search, is_best=True),
    "search-all-best": partial(_search, is_all=True, is_best=True),
}
