"""Has previews made again, many at a time, behind everything that somebody waits for."""

import datetime as dt
import enum
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, update

from ..extensions import begin_writing, db, now, queue
from ..jobs.lines import Line
from ..jobs.models import Job, JobState, Priority
from ..variants import recipes
from .models import FULL, POSTCARD, SHOWN_BY_FEW, Derivative, Kind, Photo, State
from .waiting import KIND

BATCH = 200  # in the line at once, so that a line that is left ends soon
POLL_SECONDS = 0.5


class Which(enum.StrEnum):
    """Whose previews are made."""

    MISSING = "missing"
    ALL = "all"
    PARKED = "parked"


@dataclass(frozen=True)
class Progress:
    """How many are done of those that were asked for, how many are in the line, and a mark
    that moves as long as anybody works at all."""

    done: int
    in_line: int
    mark: object


def count(which: Which) -> int:
    """Return how many photos are still to be done; `ALL` begins here, or goes on."""
    if which is Which.ALL:
        begin_writing()
        line = Line.of(KIND)
        line.renewing_since = line.renewing_since or now()
    db.session.flush()
    number = db.session.scalar(_ids(which).with_only_columns(func.count(Photo.id)).order_by(None))
    db.session.commit()
    return number or 0


def begun_at() -> dt.datetime | None:
    """Return when somebody began to have all made who did not come to the end."""
    return db.session.scalar(db.select(Line.renewing_since).where(Line.kind == KIND))


def follow(which: Which) -> Iterator[Progress]:
    """Keep the line filled and yield how far it is until all are done.

    Whoever stops it has lost nothing: what is left is found again by the same select.
    """
    queued, last = 0, 0
    while True:
        progress = _progress(queued)
        if progress.in_line < BATCH // 2 and (ids := _queue(which, last)):
            queued, last = queued + len(ids), ids[-1]
            continue
        yield progress
        if not progress.in_line:
            break
        time.sleep(POLL_SECONDS)
    if which is Which.ALL:
        begin_writing()
        Line.of(KIND).renewing_since = None
        db.session.commit()


def again(photo_ids: list[int], *, priority: Priority) -> None:
    """Have every preview of these photos made anew; the caller commits and wakes the queue."""
    pending = {"state": State.PENDING, "reason": ""}
    db.session.execute(update(Photo).where(Photo.id.in_(photo_ids)).values(pending))
    Job.want_all(KIND, photo_ids, priority=priority)


def _queue(which: Which, last: int) -> list[int]:
    begin_writing()
    ids = list(db.session.scalars(_ids(which).where(Photo.id > last).limit(BATCH)))
    if which is Which.MISSING:
        Job.want_all(KIND, ids, priority=Priority.NOBODY)
    else:
        again(ids, priority=Priority.NOBODY)
    db.session.commit()
    queue.wake()
    return ids


def _progress(queued: int) -> Progress:
    kind = Job.kind == KIND
    unfinished = Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    ours = (kind, unfinished, Job.priority == Priority.NOBODY)
    in_line = db.session.scalar(db.select(func.count()).where(*ours)) or 0
    last = db.select(func.max(Job.finished_at)).where(kind, Job.state == JobState.DONE)
    mark = db.session.scalar(last)
    db.session.commit()
    return Progress(max(0, queued - in_line), in_line, (in_line, mark))


def _ids(which: Which) -> Select[int]:
    wanted = {Which.MISSING: _lacks_some, Which.ALL: _is_old, Which.PARKED: _is_parked}[which]()
    return db.select(Photo.id).where(wanted).order_by(Photo.id)


def _lacks_some() -> ColumnElement[bool]:
    """Not all of what the settings want, or something else; the parked have an act of their own.

    A recording may have nothing to show: it is done once it was read, as what came before
    files were read for their words is not.
    """
    names = list(recipes())
    own = db.select(func.count()).where(Derivative.photo_id == Photo.id)
    have = own.where(Derivative.variant.in_(names)).correlate(Photo).scalar_subquery()
    known = [*names, FULL, POSTCARD]
    others = own.where(Derivative.variant.not_in(known)).correlate(Photo).scalar_subquery()
    whole = own.where(Derivative.variant == FULL).correlate(Photo).scalar_subquery()
    lacks = (have < len(names)) | (others > 0) | (Photo.type.in_(SHOWN_BY_FEW) & (whole == 0))
    return (Photo.read_at.is_(None) | ((Photo.kind != Kind.AUDIO) & lacks)) & ~_is_parked()


def _is_old() -> ColumnElement[bool]:
    return ~exists().where(Job.kind == KIND, Job.target == Photo.id, Job.finished_at >= begun_at())


def _is_parked() -> ColumnElement[bool]:
    return exists().where(Job.kind == KIND, Job.target == Photo.id, Job.state == JobState.PARKED)
