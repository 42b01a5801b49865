"""Asks for the pictures that stand for links where these were sent to."""

from collections.abc import Collection

from ..extensions import db
from ..jobs.models import Job, Priority

KIND = "postcard"


def want(photo_ids: Collection[int]) -> None:
    """Have the postcards of photos made, in the shape of other sites; the caller commits."""
    Job.want_all(KIND, photo_ids, priority=Priority.LOOKING)


def renew(photo_id: int) -> None:
    """Have it made again of other previews, if somebody has ever asked for it."""
    asked = db.select(Job.id).where(Job.kind == KIND, Job.target == photo_id)
    if db.session.scalar(asked) is not None:
        want([photo_id])
