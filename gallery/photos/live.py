"""Joins the two halves of a live photo, so that they stand as one tile."""

import datetime as dt
import posixpath

from sqlalchemy import ColumnElement, exists

from ..extensions import db
from .counts import count_shown
from .models import BatchItem, Kind, Photo
from .timeline import moment_of

LONGEST = 10  # seconds; what is longer is a video that has a photo's name by chance
APART = dt.timedelta(seconds=3)
NAMES = {
    Kind.PHOTO: (".heic", ".HEIC", ".jpg", ".JPG", ".jpeg", ".JPEG"),
    Kind.VIDEO: (".mov", ".MOV", ".mp4", ".MP4"),
}


def pair(photo: Photo) -> None:
    """Join a photo and a short video of the same name, moment and batch, and flush.

    To be called for each when its moment is known: the later of the two finds the other.
    """
    if photo.kind not in NAMES or photo.trashed_at or photo.still_id or photo.motion:
        return
    for other in db.session.scalars(db.select(Photo).where(*_others(photo))):
        still, motion = (photo, other) if photo.kind is Kind.PHOTO else (other, photo)
        if still.motion is None and _belong_together(still, motion):
            count_shown(motion, -1)
            still.motion = motion
            motion.visibility, motion.offer = still.visibility, still.offer
            db.session.flush()
            return


def _others(photo: Photo) -> tuple[ColumnElement[bool], ...]:
    kind = Kind.VIDEO if photo.kind is Kind.PHOTO else Kind.PHOTO
    stem = posixpath.splitext(photo.client_name)[0]
    batches = db.select(BatchItem.batch_id).where(BatchItem.photo_id == photo.id)
    came_along = BatchItem.batch_id.in_(batches) & (BatchItem.photo_id == Photo.id)
    return (
        Photo.owner_id == photo.owner_id,
        Photo.client_name.in_([stem + suffix for suffix in NAMES[kind]]),
        Photo.kind == kind,
        Photo.is_shown(),
        exists().where(came_along),
    )


def _belong_together(still: Photo, motion: Photo) -> bool:
    if still.taken_at is None or motion.taken_at is None or motion.duration is None:
        return False
    if motion.duration > LONGEST:
        return False
    # A file may know its zone where the other only has a clock, or only UTC.
    instants, clocks = (still.taken_at, motion.taken_at), (moment_of(still), moment_of(motion))
    return any(abs(one - other) <= APART for one, other in (instants, clocks))
