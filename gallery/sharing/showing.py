"""Lays out what a link shows: its list, its photos' pages, and the files that it gives out."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func

from ..access import originals_shared_by, shared_by
from ..albums.arranging import order_of
from ..albums.models import Album
from ..albums.shelf import Card, cards
from ..extensions import db
from ..photos import cleaning, zips
from ..photos.grids import Grid
from ..photos.lists import ALBUM_PAGE, Link, PhotoList
from ..photos.models import FULL, Derivative, Offer, Photo
from ..photos.pages import PhotoPage, Way, photo_page
from ..photos.splicing import Spliced, Stored
from ..photos.tiles import Links
from ..photos.timeline import MOMENT, Order
from ..photos.wording import number_of, size_in_words
from ..upload_sets import SETS
from . import names
from .links import NotShared
from .models import SharedPhoto, ShareLink

# What an address names a photo by, to begin with it or beside it.
PLACES = {"at", "from", "before", "after"}


@dataclass(frozen=True)
class SharedPage:
    """What a link shows, in words ready for a template."""

    title: str
    line: str
    text: str
    card: Card | None
    grid: Grid
    zip: str | None
    size: str
    # Where guests may add to it.
    adding: str | None


def list_of(link: ShareLink, token: str) -> PhotoList:
    """Return the photos that a link shows, as its visitors get them."""
    if link.album is not None:
        scope, order = link.album.photos, order_of(link.album)
    else:
        scope = (
            db.select(Photo)
            .join(SharedPhoto, SharedPhoto.photo_id == Photo.id)
            .where(SharedPhoto.link_id == link.id, Photo.owner_id == link.owner_id)
            .where(Photo.is_shown())
        )
        order = Order(MOMENT)
    return PhotoList(
        "",
        scope,
        Link(url_for("shared.show", token=token), _("Back to all photos")),
        order=order,
        size=ALBUM_PAGE,
        kept={"token": token},
        door="shared",
        host_id=link.owner_id,
        files=originals_shared_by(link),
        led=_links(link, token),
    )


def _links(link: ShareLink, token: str) -> Links:
    start = url_for("shared.show", token=token)
    return Links(
        photos=f"{start}/p/",
        pictures=f"{start}/i/",
        files=f"{start}/d/ID",
        name=partial(names.name_of, link),
    )


def place_in(link: ShareLink, arguments: Mapping[str, str]) -> dict[str, str]:
    """Return what an address asks for, with photos by their public ids."""
    found = dict(arguments)
    for name in PLACES & found.keys():
        moment, mark, photo = found[name].rpartition("_")
        found[name] = moment + mark + names.photo_of(link, photo)
    return found


def shared_page(link: ShareLink, token: str, grid: Grid) -> SharedPage:
    """Lay out the page of a link."""
    files = originals_shared_by(link).with_only_columns(func.count(), func.sum(Photo.size))
    count, size = db.session.execute(files).one() if link.can_download else (0, 0)
    found = None
    if link.album is not None:
        album = db.select(Album).where(Album.id == link.album_id)
        found = cards(album, viewer=None, links=_links(link, token))[0]
    line = found.line if found else number_of(_number(link), "photo")
    return SharedPage(
        title=link.album.title if link.album else line,
        line=_("Shared by %(name)s", name=link.owner.name) + (f" · {line}" if found else ""),
        text=link.album.description if link.album else "",
        card=found,
        grid=grid,
        zip=url_for("shared.download_all", token=token) if count else None,
        size=size_in_words(size or 0),
        adding=url_for("guests.new", token=token) if link.takes_files else None,
    )


def _number(link: ShareLink) -> int:
    shown = shared_by(link).where(Photo.is_shown()).with_only_columns(func.count())
    return db.session.scalar(shown) or 0


def photo_of(link: ShareLink, token: str, name: str) -> PhotoPage:
    """Lay out a photo that a link shows.

    :raises NotShared: when it does not.
    """
    photo = db.session.scalar(shared_by(link).where(_is_called(link, name)))
    if photo is None:
        raise NotShared("This link is not shared.")
    photos = list_of(link, token)
    is_told = photo.owner_id == link.owner_id or photo.offer is not Offer.PICTURE
    is_given = _is_given(link, photo)
    way = Way.within(
        photos,
        photo,
        download=photos.links.file(photo.public_id) if is_given else None,
        jpeg=_jpeg(photo, photos.links) if is_given else None,
    )
    return photo_page(
        photo,
        links=photos.links,
        way=way,
        can_edit=False,
        is_private=True,
        is_placed=is_told and not link.hides_places,
    )


def _is_called(link: ShareLink, name: str) -> ColumnElement[bool]:
    return Photo.public_id == names.photo_of(link, name)


def _is_given(link: ShareLink, photo: Photo) -> bool:
    files = originals_shared_by(link).where(Photo.id == photo.id).with_only_columns(Photo.id)
    if db.session.scalar(files) is None:
        return False
    return not link.hides_places or cleaning.is_possible(photo.id)


def _jpeg(photo: Photo, links: Links) -> str | None:
    whole = next((each for each in photo.derivatives if each.variant == FULL), None)
    return links.previews(photo.public_id) + whole.url_name if whole else None


def preview_of(link: ShareLink, name: str, variant: str, digest: str) -> Derivative:
    """Return a preview that a link shows; the one of the whole size goes with downloads.

    :raises NotShared: when it does not.
    """
    visible = originals_shared_by(link) if variant == FULL else shared_by(link)
    photos = visible.where(_is_called(link, name)).with_only_columns(Photo.id)
    named = (Derivative.variant == variant, Derivative.digest == digest)
    preview = db.session.scalar(
        db.select(Derivative).where(Derivative.photo_id.in_(photos), *named)
    )
    if preview is None:
        raise NotShared("This link is not shared.")
    return preview


def file_of(link: ShareLink, name: str) -> tuple[Photo, Spliced, str]:
    """Return an original that a link gives out, as it goes out, and a tag of these bytes.

    :raises NotShared: when it does not, or where its place cannot be taken out for certain.
    :raises NotClean: when that is still to be found out.
    """
    photo = db.session.scalar(originals_shared_by(link).where(_is_called(link, name)))
    patches = cleaning.patches_of(photo.id) if photo and link.hides_places else ()
    if photo is None or patches is None:
        raise NotShared("This link is not shared.")
    store = SETS[photo.set_name].config.store
    if store.stat(photo.filename) is None:
        raise NotShared("This link is not shared.")
    file = Spliced([Stored(store, photo.filename, photo.size, patches=patches)])
    # A later reader of files may know more places: then these are other bytes.
    tag = f"{photo.sha256}-{zlib.crc32(repr(patches).encode()):08x}" if patches else photo.sha256
    return photo, file, tag


def zip_of(link: ShareLink, token: str) -> zips.Zip:
    """Return all that a link gives out.

    :raises NotShared: when that is nothing.
    :raises NotClean: when it is still to be found out which files tell a place.
    """
    if not link.can_download:
        raise NotShared("This link is not shared.")
    files = originals_shared_by(link)
    patches = cleaning.all_patches(files) if link.hides_places else None
    return zips.packed(files, list_of(link, token), Photo.id.is_not(None), patches=patches)
