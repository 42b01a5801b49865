"""Has the previews made first of what somebody looks at."""

from collections.abc import Collection

from sqlalchemy.exc import OperationalError

from ..extensions import db, queue
from ..jobs.models import Job
from .waiting import KIND


def hasten(photo_ids: Collection[int]) -> bool:
    """Bring photos that wait for their previews to the front; tell whether there are any."""
    if not photo_ids:
        return False
    try:
        is_hastened = Job.hasten(KIND, photo_ids)
        db.session.commit()
    except OperationalError:  # a full disk or a long writer: the page is shown all the same
        db.session.rollback()
    else:
        if is_hastened:
            queue.wake()
    return True
