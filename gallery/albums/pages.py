"""What the page of an album shows, in words ready for a template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..access import albums_visible_to
from ..accounts.models import User
from ..photos import lists
from ..photos.grids import Grid, grid_page
from ..photos.models import Visibility
from .models import Album, Order, Role
from .people import Guest, guests_of
from .shelf import Card, cards

SEEN_BY = {Visibility.MEMBERS: _l("Seen by members"), Visibility.PUBLIC: _l("Public")}


@dataclass(frozen=True)
class AlbumPage:
    """An album with a page of its photos, and what the viewer may do with it."""

    album: Album
    card: Card
    # Whose it is, and who sees it.
    line: str
    grid: Grid
    within: list[Card]
    role: Role | None
    viewer_id: int | None

    @property
    def title(self) -> str:
        return self.album.title

    @property
    def is_owner(self) -> bool:
        return self.viewer_id == self.album.owner_id

    @property
    def can_add(self) -> bool:
        return self.role in (Role.ADD, Role.EDIT)

    @property
    def can_edit(self) -> bool:
        return self.role is Role.EDIT

    @property
    def is_by_hand(self) -> bool:
        return self.album.order is Order.HAND


def album_page(
    card: Card, *, viewer: User | None, kept: Mapping[str, str], at: Mapping[str, str]
) -> AlbumPage:
    """Lay out an album, of its photos the page that an address asks for.

    `kept` stands in the addresses of its photos.
    """
    album = card.album
    guests = guests_of(album) if viewer else []
    role = _role(album, guests, viewer)
    return AlbumPage(
        album=album,
        card=card,
        line=_line(card, guests),
        grid=grid_page(lists.of_album(album, viewer, role, kept), at),
        within=_within(album, viewer),
        role=role,
        viewer_id=viewer.id if viewer else None,
    )


def _line(card: Card, guests: Sequence[Guest]) -> str:
    by = _("By %(name)s", name=card.by) if card.by else ""
    parts = [by, str(SEEN_BY.get(card.album.visibility, ""))]
    if guests:
        parts.append(
            ngettext("Shared with %(num)s person", "Shared with %(num)s people", len(guests))
        )
    return " · ".join(filter(None, [card.line, *parts]))


def _within(album: Album, viewer: User | None) -> list[Card]:
    inner = albums_visible_to(viewer).where(Album.parent_id == album.id)
    return cards(inner.order_by(Album.title, Album.id), viewer=viewer)


def _role(album: Album, guests: Sequence[Guest], viewer: User | None) -> Role | None:
    if viewer is None:
        return None
    if viewer.id == album.owner_id:
        return Role.EDIT
    return next((guest.role for guest in guests if guest.user.id == viewer.id), None)
