"""Keeps the receipt of what somebody sends: a row for each chosen file, and what became of it."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from flask import current_app
from sqlalchemy import Select
from werkzeug.datastructures import FileStorage

from ..accounts.models import User
from ..errors import GalleryError
from ..extensions import begin_writing, db, now, rows_changed
from ..uploads import UploadError
from .ingest import Taken, ingest
from .models import Batch, BatchItem, Outcome
from .wording import shown_name


class Chosen(NamedTuple):
    """A file that somebody means to send, by the client's word."""

    name: str
    size: int


def begin_batch(owner: User, chosen: Iterable[Chosen] = ()) -> tuple[Batch, list[BatchItem]]:
    """Commit a new batch, so that each of its files can be committed by itself."""
    begin_writing()
    batch = Batch(owner_id=owner.id)
    db.session.add(batch)
    db.session.flush()
    items = choose(batch, chosen)
    db.session.commit()
    return batch, items


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
    return taken


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
