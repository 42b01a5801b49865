"""Who may see what: one select for pages and bytes alike, for people and for nobody."""

import datetime as dt
from typing import NamedTuple, cast

from flask import current_app
from sqlalchemy import ColumnElement, ScalarSelect, Select, false, func
from sqlalchemy.orm import InstrumentedAttribute

from .accounts.models import AuditEntry, Session, User
from .albums.models import Album, Collaborator, Entry, Role
from .extensions import db, now
from .photos.models import Offer, Photo, Visibility
from .sharing.models import SharedPhoto, ShareLink

Viewer = User | None


class Holder(NamedTuple):
    """Whoever a session is of, as far as a select that is built once can know them."""

    id: ScalarSelect[int]
    is_admin: bool = False


def visible_to_holder(*, files: bool = False) -> Select[Photo]:
    """Select the photos to be seen by a session, if it holds: it is asked for along with them.

    With `files`, those whose very file may be had. Not what an admin sees besides, which is of
    the hour. The parameters are those of `Session.asked`.
    """
    id_ = Session.holder()
    holder = cast(User, Holder(id_))
    visible = originals_for(holder) if files else visible_to(holder)
    return visible.where(id_.is_not(None))


def visible_to(viewer: Viewer) -> Select[Photo]:
    """Select the photos that the viewer may see; None is a visitor without an account.

    Their own, and of others, unless they are in the trash, those that are for everyone or
    for members, and those in an album that the viewer may see. Who is disabled or about to
    leave shows nothing to all; what they put into an album of others, these go on showing.
    """
    return db.select(Photo).where(_has_all_of(Photo.owner_id, viewer) | _is_shown_to(viewer))


def originals_for(viewer: Viewer) -> Select[Photo]:
    """Select the photos whose very file the viewer may have."""
    is_given = _is_shown_to(viewer) & (Photo.offer == Offer.ORIGINAL)
    return db.select(Photo).where(_has_all_of(Photo.owner_id, viewer) | is_given)


def shared_by(link: ShareLink) -> Select[Photo]:
    """Select the photos that an open link shows: its album's as they are now, or those chosen.

    What a live photo moves by is where the photo is. One that only takes shows nothing.
    """
    if not link.shows_photos:
        return db.select(Photo).where(false())
    itself = func.coalesce(Photo.still_id, Photo.id)
    if link.album_id is not None:
        listed = db.select(Entry.photo_id).where(
            Entry.album_id == link.album_id, Entry.photo_id == itself
        )
        return db.select(Photo).where(Photo.trashed_at.is_(None), listed.exists())
    listed = db.select(SharedPhoto.photo_id).where(
        SharedPhoto.link_id == link.id, SharedPhoto.photo_id == itself
    )
    mine = Photo.owner_id == link.owner_id
    return db.select(Photo).where(mine, Photo.trashed_at.is_(None), listed.exists())


def originals_shared_by(link: ShareLink) -> Select[Photo]:
    """Select the photos whose very file a link gives out.

    In an album, those of others only as far as these give them to everybody who sees them.
    """
    may = (Photo.owner_id == link.owner_id) | (Photo.offer == Offer.ORIGINAL)
    return shared_by(link).where(may) if link.can_download else db.select(Photo).where(false())


def albums_visible_to(viewer: Viewer) -> Select[Album]:
    """Select the albums that the viewer may see: in them, all that is not in the trash."""
    return db.select(Album).where(_is_open_to(viewer))


def albums_to_add_to(user: User) -> Select[Album]:
    """Select the albums into which somebody may put photos of their own."""
    return _albums(user, Role.ADD, Role.EDIT)


def albums_to_edit(user: User) -> Select[Album]:
    """Select the albums that somebody may arrange, rename and take photos out of."""
    return _albums(user, Role.EDIT)


def is_looking_into(owner_id: int, viewer: Viewer) -> bool:
    """Tell whether an admin looks into somebody's gallery, as the log has it."""
    if viewer is None or not viewer.is_admin or viewer.id == owner_id:
        return False
    return (
        db.session.scalar(
            db.select(User.id).where(User.id == owner_id, _has_all_of(User.id, viewer))
        )
        is not None
    )


def _albums(user: User, *roles: Role) -> Select[Album]:
    return db.select(Album).where((Album.owner_id == user.id) | Collaborator.is_of(user, *roles))


def _is_shown_to(viewer: Viewer) -> ColumnElement[bool]:
    """Tell, beside Photo, whether it is shown to somebody who does not own it."""
    # What moves of a live photo is where the photo is.
    itself = func.coalesce(Photo.still_id, Photo.id)
    in_album = (
        db.select(Entry.photo_id)
        .join(Album, Album.id == Entry.album_id)
        .where(Entry.photo_id == itself, _is_open_to(viewer))
        .exists()
    )
    return Photo.trashed_at.is_(None) & (_is_for(viewer, Photo) | in_album)


def _is_open_to(viewer: Viewer) -> ColumnElement[bool]:
    """Tell, beside Album, whether the viewer may see it."""
    is_for = _is_for(viewer, Album) | _has_all_of(Album.owner_id, viewer)
    return is_for | Collaborator.is_of(viewer) if viewer else is_for


def _is_for(viewer: Viewer, what: type[Photo] | type[Album]) -> ColumnElement[bool]:
    """Tell whether its owner shows it to all like the viewer, and has not gone."""
    is_for_all = what.visibility == Visibility.PUBLIC
    is_for = is_for_all if viewer is None else what.visibility != Visibility.PRIVATE
    owner = db.select(User.id).where(User.id == what.owner_id, User.is_here())
    return is_for & owner.correlate(what).exists()


def _has_all_of(owner_id: InstrumentedAttribute[int], viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether a row is the viewer's, or of a gallery that they look into as an admin.

    Only of one that the log says they have opened, so that no admin's look goes unwritten.
    """
    if viewer is None:
        return false()
    if not viewer.is_admin:
        return owner_id == viewer.id
    since = now() - dt.timedelta(minutes=current_app.config["ADMIN_LOOK_MINUTES"])
    return (owner_id == viewer.id) | owner_id.in_(AuditEntry.looked_into_by(viewer, since=since))
