"""What a photo without its previews waits for, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func

from ..extensions import db
from ..jobs.lines import Line
from ..jobs.models import Job, JobState, Priority
from ..languages import Plural, said
from .models import Photo

KIND = "derive"
AFTER = Plural(
    "Its preview comes after %(number)s other.", "Its preview comes after %(number)s others."
)


@dataclass(frozen=True)
class Waiting:
    """A sentence, and whether somebody has to ask for the work again."""

    sentence: str
    is_forgotten: bool = False


def waiting_for(photo: Photo) -> Waiting:
    """Say how far a pending photo is."""
    job = db.session.scalar(db.select(Job).filter_by(kind=KIND, target=photo.id))
    if job is None or job.state in (JobState.DONE, JobState.PARKED):
        return Waiting(_("Its preview is still to be made."), is_forgotten=True)
    if job.state is JobState.RUNNING:
        return Waiting(_("Its preview is being made."))
    if KIND in Line.paused():
        return Waiting(_("Previews are paused by the admin. Its own is made when they go on."))
    if job.reason:
        return Waiting(_("%(reason)s It is tried again.", reason=said(job.reason)))
    if job.priority < Priority.LOOKING:
        return Waiting(_("Its preview waits to be made."))
    return Waiting(_place(job))


def _place(job: Job) -> str:
    # Few have this priority, so they are quickly counted.
    before = db.session.scalar(
        db.select(func.count()).where(
            Job.kind == job.kind,
            Job.state == JobState.QUEUED,
            Job.priority == job.priority,
            Job.id < job.id,
        )
    )
    if not before:
        return str(_("Its preview comes next."))
    return AFTER(before)
