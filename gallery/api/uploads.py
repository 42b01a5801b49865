"""The doors of uploading for programs and for the pages' queue: batches, known files, tus."""

import datetime as dt
import re
from collections.abc import Mapping

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from .. import languages, storage
from ..accounts.guard import programs
from ..accounts.models import User
from ..albums import choosing
from ..errors import GalleryError
from ..extensions import begin_writing, db, queue
from ..photos.ingest import known, recall
from ..photos.limits import limits_of, look_ahead
from ..photos.models import Batch, BatchItem, Photo
from ..photos.moments import time_of_file
from ..photos.receipts import (
    Chosen,
    begin_batch,
    choose,
    fill_albums,
    place,
    refuse,
    settle,
    take_in,
    to_come,
)
from ..photos.wording import shown_name
from ..upload_sets import photos
from ..uploads import UploadNotAllowed
from ..uploads.incoming import Upload
from ..uploads.resumable import Resumable
from .body import body, listed, number

bp = Blueprint("api", __name__)

MISSING = 10_000  # files that are told of in one answer
SHA256 = re.compile("[0-9a-f]{64}")


@bp.get("/limits.json")
@programs
def limits() -> ResponseReturnValue:
    return limits_of(_user())


@bp.post("/api/uploads/batches")
@programs
def create() -> ResponseReturnValue:
    batch, items = begin_batch(_user(), _chosen())
    ids = [item.id for item in items]
    return {"batch": batch.public_id, "href": _receipt(batch), "files": ids}, 201


@bp.post("/api/uploads/batches/<public_id>/files")
@programs
def add(public_id: str) -> ResponseReturnValue:
    files = _chosen()
    begin_writing()
    items = choose(_batch(public_id), files)
    db.session.commit()
    return {"files": [item.id for item in items]}, 201


@bp.get("/api/uploads/batches/<public_id>/missing")
@programs
def index(public_id: str) -> ResponseReturnValue:
    """Tell what the receipt lacks, so that it can be chosen again; of it the newer than an id."""
    batch, after = _batch(public_id), request.args.get("after", 0, type=number)
    newer = to_come(batch).where(BatchItem.id > after).order_by(BatchItem.id)
    items = db.session.scalars(newer.limit(MISSING))
    files = [{"id": item.id, "name": item.client_name, "size": item.size} for item in items]
    return {"batch": public_id, "href": _receipt(batch), "files": files}


@bp.post("/api/uploads/batches/<public_id>/remove")
@programs
def remove(public_id: str) -> ResponseReturnValue:
    ids = listed("files", body().get("files"), number)
    begin_writing()
    items = db.session.scalars(to_come(_batch(public_id)).where(BatchItem.id.in_(ids))).all()
    for item in items:
        db.session.delete(item)
    db.session.commit()
    return {"removed": len(items)}


@bp.post("/api/uploads/batches/<public_id>/refuse")
@programs
def refuse_some(public_id: str) -> ResponseReturnValue:
    """Note what the sender itself left out, with its reason."""
    reasons = dict(listed("files", body().get("files"), lambda pair: (number(pair[0]), pair[1])))
    begin_writing()
    items = db.session.scalars(to_come(_batch(public_id)).where(BatchItem.id.in_(reasons))).all()
    for item in items:
        refuse(item, shown_name(str(reasons[item.id])))
    db.session.commit()
    return {"refused": len(items)}


@bp.post("/api/uploads/batches/<public_id>/album")
@programs
def fill(public_id: str) -> ResponseReturnValue:
    """Have some files go into an album, which is made if it is called by a new title."""
    asked = body()
    ids = listed("files", asked.get("files"), number)
    begin_writing()
    mine = db.select(BatchItem).where(BatchItem.batch_id == _batch(public_id).id)
    if "album" in asked:
        album = choosing.by_slug(_user(), str(asked["album"]))
    else:
        album = choosing.by_name(_user(), str(asked.get("title", "")))
    place(album, _user(), mine.where(BatchItem.id.in_(ids)))
    db.session.commit()
    return {"title": album.title, "href": url_for("albums.show", slug=album.slug)}


@bp.post("/api/uploads/known")
@programs
def ask_known() -> ResponseReturnValue:
    """Tell which files the asker has already, by SHA-256; with a batch, settle them there."""
    asked = body()
    digests = listed("sha256", asked.get("sha256"), _digest)
    files = listed(
        "files", asked.get("files", {}), lambda pair: (number(pair[0]), _digest(pair[1]))
    )
    found = _settle_known(str(asked.get("batch")), dict(files)) if files else {}
    there = known(_user(), set(digests) - set(found))
    found |= {digest: photo for digest, photo in there.items() if photo.trashed_at is None}
    return {"known": {digest: _href(photo) for digest, photo in found.items()}}


def _settle_known(public_id: str, files: dict[int, str]) -> dict[str, Photo]:
    begin_writing()
    found = known(_user(), files.values())
    items = db.session.scalars(to_come(_batch(public_id)).where(BatchItem.id.in_(files))).all()
    for item in items:
        if photo := found.get(files[item.id]):
            settle(item, recall(photo))
    fill_albums(_user(), items)
    db.session.commit()
    return found


def _chosen() -> list[Chosen]:
    files = body().get("files")
    return listed("files", files, lambda file: Chosen(str(file["name"]), number(file["size"])))


def _digest(text: object) -> str:
    if not isinstance(text, str) or not SHA256.fullmatch(text):
        raise ValueError
    return text


def _receipt(batch: Batch) -> str:
    return url_for("sending.batch", public_id=batch.public_id)


def _href(photo: Photo) -> str:
    return url_for("photos.show", public_id=photo.public_id)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


def _batch(public_id: str) -> Batch:
    mine = Batch.owned_by(_user()).where(Batch.public_id == public_id)
    batch: Batch = db.one_or_404(mine)
    return batch


# Files in parts


def owner() -> str:
    """Who sends; while the bytes come in, the request holds no connection."""
    name = str(_user().id)
    db.session.commit()
    storage.keep_room(request.content_length or 0)
    return name


def begin(upload: Upload) -> None:
    """Look at a file before its first byte; a refusal is noted on the receipt."""
    try:
        look_ahead(upload.filename, upload.length, _user())
    except GalleryError as refusal:
        begin_writing()
        if item := _item(upload.metadata):
            refuse(item, refusal.description)
        db.session.commit()
        raise


def finish(file: FileStorage, upload: Upload) -> Mapping[str, str]:
    """Make a photo of a file that is whole."""
    item = _item(upload.metadata)
    try:
        modified_at = _modified(upload.metadata)
        taken = take_in(file, owner=_user(), item=item, modified_at=modified_at)
    except GalleryError as refusal:
        if refusal.code == 415:  # for good: no second try can make a photo of it
            raise UploadNotAllowed(refusal.description) from refusal
        raise
    db.session.commit()
    if taken.job_id:
        queue.wake()
    return {"Upload-Outcome": taken.outcome, "Content-Location": _href(taken.photo)}


def _modified(metadata: Mapping[str, str]) -> dt.datetime | None:
    """When the file was last changed where it comes from, told in milliseconds since 1970."""
    try:
        return time_of_file(number(metadata.get("modified")) / 1000)
    except ValueError:
        return None


def _item(metadata: Mapping[str, str]) -> BatchItem | None:
    mine = Batch.owned_by(_user()).where(Batch.public_id == metadata.get("batch", ""))
    batch = db.session.scalar(mine)
    if batch is None or not metadata.get("file", "").isdecimal():
        return None
    item = db.session.get(BatchItem, number(metadata["file"]))
    return item if item and item.batch_id == batch.id else None


parts = Resumable(photos, owner=owner, begin=begin, finish=finish, name="uploads")
parts.after_request(languages.say)
