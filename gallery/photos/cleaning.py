"""Tells what to write over in a copy of an original, so that it says no place."""

import base64
import zlib
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Row, Select

from ..errors import GalleryError
from ..extensions import db
from ..jobs.models import Job, Priority
from .models import Cleaning, Photo

KIND = "clean"
Patches = Sequence[tuple[int, bytes]]


class NotClean(GalleryError):
    """Whether a file says a place is still to be found out."""

    code = 503


def want(files: Select[Photo]) -> None:
    """Have it found out of all files that it is not known of; the caller commits."""
    unknown = files.outerjoin(Cleaning, Cleaning.photo_id == Photo.id)
    ids = db.session.scalars(
        unknown.where(Cleaning.photo_id.is_(None)).with_only_columns(Photo.id)
    ).all()
    Job.want_all(KIND, ids, priority=Priority.SENDER)


def is_possible(photo_id: int) -> bool:
    """Tell whether a file can be given out without its place, as far as that is known."""
    known = db.session.get(Cleaning, photo_id)
    return known is None or known.patches is not None


def patches_of(photo_id: int) -> Patches | None:
    """Return what stands over bytes of a file; None where that is not for certain.

    :raises NotClean: when it is still to be found out.
    """
    files = db.select(Photo).where(Photo.id == photo_id)
    return all_patches(files).get(photo_id)


def all_patches(files: Select[Photo]) -> dict[int, Patches]:
    """Return the same of many, by the ids of photos; without those that cannot be cleaned.

    :raises NotClean: when it is still to be found out of one.
    """
    known = files.outerjoin(Cleaning, Cleaning.photo_id == Photo.id)
    rows = db.session.execute(
        known.with_only_columns(Photo.id, Cleaning.photo_id, Cleaning.patches)
    ).all()
    if any(row[1] is None for row in rows):
        raise NotClean(_("These files are being made ready. Try again in a minute."))
    return {row.id: _read(row) for row in rows if row.patches is not None}


def _read(row: Row) -> Patches:
    return [(offset, zlib.decompress(base64.b64decode(data))) for offset, data in row.patches]
