"""Keeps the receipt of what somebody sends: a row for each chosen file, and what became of it."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from flask import current_app
from sqlalchemy import Select, update
from werkzeug.datastructures import FileStorage

from ..access import albums_to_add_to
from ..accounts.models import User
from ..albums import choosing
from ..albums.filling import put_in
from ..albums.models import Album
from ..errors import GalleryError
from ..extensions import begin_writing, db, now, rows_changed
from ..uploads import UploadError
from .ingest import Taken, ingest
from .models import Batch, BatchItem, Outcome, Photo
from .wording import shown_name


class Chosen(NamedTuple):
    """A file that somebody means to send, by the client's word."""

    name: str
    size: int


class Into(NamedTuple):
    """Where what is sent goes besides the library: an album, by its slug, or a new one."""

    slug: str = ""
    title: str = ""


def begin_batch(
    owner: User, chosen: Iterable[Chosen] = (), *, into: Into | None = None
) -> tuple[Batch, list[BatchItem]]:
    """Commit a new batch, so that each of its files can be committed by itself.

    :raises NotPossible: when there is no such album.
    """
    begin_writing()
    album = album_of(owner, into) if into else None
    batch = Batch(owner_id=owner.id)
    db.session.add(batch)
    db.session.flush()
    items = choose(batch, chosen)
    for item in items:
        item.album_id = album.id if album else None
    db.session.commit()
    return batch, items


def album_of(owner: User, into: Into) -> Album | None:
    """Return the album that is named, a new one for a title; None where none is named.

    :raises NotPossible: when there is no such album.
    """
    if into.title:
        return choosing.new(owner, into.title)
    return choosing.by_slug(owner, into.slug) if into.slug else None


def choose(batch: Batch, chosen: Iterable[Chosen]) -> list[BatchItem]:
    """Add files that are still to come, and flush."""
    items = [
        BatchItem(batch_id=batch.id, client_name=shown_name(file.name), size=file.size)
        for file in chosen
    ]
    db.session.add_all(items)
    db.session.flush()
    return items


def take_in(
    file: FileStorage,
    *,
    owner: User,
    item: BatchItem | None,
    modified_at: dt.datetime | None = None,
) -> Taken:
    """Ingest a file and note what became of it; the caller commits.

    :raises GalleryError, UploadError: when it is refused, which is noted and committed.
    """
    try:
        taken = ingest(file, owner=owner, modified_at=modified_at)
    except (GalleryError, UploadError) as refusal:
        begin_writing()
        if item is not None:
            refuse(item, refusal.description)
        db.session.commit()
        raise
    if item is not None:
        settle(item, taken)
        fill_albums(owner, [item])
    return taken


def place(album: Album, owner: User, items: "Select[BatchItem]") -> None:
    """Have files go into an album: those that came already at once, the others as they come."""
    ids = items.with_only_columns(BatchItem.id)
    rows_changed(update(BatchItem).where(BatchItem.id.in_(ids)).values(album_id=album.id))
    put_in(album, owner, items.with_only_columns(BatchItem.photo_id))


def fill_albums(owner: User, items: Iterable[BatchItem]) -> None:
    """Put what came into the albums it is meant for, as far as its owner may still add to them."""
    meant: dict[int, list[int]] = {}
    for item in items:
        if item.album_id is not None and item.photo_id is not None:
            meant.setdefault(item.album_id, []).append(item.photo_id)
    if not meant:
        return
    for album in db.session.scalars(albums_to_add_to(owner).where(Album.id.in_(meant))).all():
        put_in(album, owner, db.select(Photo.id).where(Photo.id.in_(meant[album.id])))


def settle(item: BatchItem, taken: Taken) -> None:
    """Note that the file is in the library; the first word on how it came there stays."""
    if item.photo_id != taken.photo.id:
        item.outcome, item.reason, item.photo_id = taken.outcome, "", taken.photo.id


def refuse(item: BatchItem, reason: str) -> None:
    """Note why a file is not taken; one that is in the library already stays so."""
    if item.photo_id is None:
        item.outcome, item.reason = Outcome.REFUSED, reason


def to_come(batch: Batch) -> "Select[BatchItem]":
    """The files of a batch that are not in the library."""
    return db.select(BatchItem).where(
        BatchItem.batch_id == batch.id,
        BatchItem.outcome.in_((Outcome.WAITING, Outcome.REFUSED)),
    )


def forget_old() -> None:
    """Delete the receipts whose time is over."""
    oldest = now() - dt.timedelta(days=current_app.config["RECEIPT_DAYS"])
    begin_writing()
    rows_changed(db.delete(Batch).where(Batch.created_at < oldest))
    db.session.commit()
