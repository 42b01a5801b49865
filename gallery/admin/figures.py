"""The four figures that say how the place stands."""

import datetime as dt
from typing import NamedTuple

from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import func

from .. import storage
from ..accounts.models import User
from ..extensions import db, now
from ..jobs.models import Job, JobState
from ..photos.models import Photo
from ..photos.wording import size_in_words
from .jobs import KINDS, UNFINISHED

LATELY = dt.timedelta(days=30)


class Figure(NamedTuple):
    """A number, and below it what has changed."""

    label: str
    number: str
    change: str


def figures() -> list[Figure]:
    """Return photos, storage, people and queue."""
    since = now() - LATELY
    added = db.select(func.count()).where(Photo.created_at > since)
    sums = db.select(
        func.coalesce(func.sum(User.photo_count), 0),
        added.scalar_subquery(),
        func.coalesce(func.sum(User.byte_count), 0),
        func.count(),
        func.count().filter(User.last_seen_at > since),
    )
    photos, new, size, people, seen = db.session.execute(sums).one()
    free = size_in_words(storage.free())
    photos, new, people, seen, left, parked = map(
        format_decimal, (photos, new, people, seen, *_jobs())
    )
    return [
        Figure(_("Photos"), photos, _("%(number)s new in 30 days", number=new)),
        Figure(_("Storage"), size_in_words(size), _("%(size)s free", size=free)),
        Figure(_("People"), people, _("%(number)s seen in 30 days", number=seen)),
        Figure(_("Jobs that wait"), left, _("%(number)s given up", number=parked)),
    ]


def _jobs() -> tuple[int, int]:
    """Return how many jobs wait or run, and how many were given up."""
    states = db.select(Job.state, func.count()).where(
        Job.kind.in_(KINDS), Job.state.in_(UNFINISHED)
    )
    counts = {state: number for state, number in db.session.execute(states.group_by(Job.state))}
    parked = counts.pop(JobState.PARKED, 0)
    return sum(counts.values()), parked
