"""The claim: one row for each piece of long work, and who does it until when."""

import datetime as dt
import enum
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    UniqueConstraint,
    case,
    func,
    insert,
    or_,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Model, UTCDateTime, among, begin_writing, db, now, rows_changed
from .lines import Line


class JobState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"


class Priority(enum.IntEnum):
    """Who waits for it: more urgent is greater."""

    NOBODY = -10  # many are made anew
    SENDER = 0
    LOOKING = 10  # it is on somebody's screen


class Job(Model):
    """What is to be done to which row. The queue may forget; this does not."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "target"),
        Index(None, "kind", "state", "finished_at", "id"),
    )

    # Longer than any job: the worker that is not done by then is ended a little before.
    LEASE = dt.timedelta(seconds=60)
    # It failed so often, or so often the jail or the worker was killed by it: it is parked.
    MOST_TRIES = 3
    MOST_KILLS = 2

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    target: Mapped[int]
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    priority: Mapped[int] = mapped_column(default=Priority.SENDER)
    tries: Mapped[int] = mapped_column(default=0)
    kills: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # It did not work out, for no fault of its own: until then nobody tries it again.
    not_before: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    started_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    @classmethod
    def want(cls, kind: str, target: int, *, priority: Priority = Priority.SENDER) -> "Job":
        """Queue the work, or queue it again; one that runs just now will run once more."""
        job = db.session.scalar(db.select(cls).filter_by(kind=kind, target=target))
        if job is None:
            job = cls(kind=kind, target=target)
            db.session.add(job)
        for name, value in _afresh(priority).items():
            setattr(job, name, value)
        db.session.flush()
        return job

    @classmethod
    def is_at_work(cls, kind: str, target: int) -> bool:
        """Tell whether it waits for its turn or has it."""
        job = db.session.scalar(db.select(cls).filter_by(kind=kind, target=target))
        return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)

    @classmethod
    def want_all(cls, kind: str, targets: Collection[int], *, priority: Priority) -> None:
        """Queue the same work for many rows; what waits already keeps its place."""
        same = (cls.kind == kind, cls.target.in_(among(targets)))
        known = set(db.session.scalars(db.select(cls.target).where(*same)))
        over = update(cls).where(*same, cls.state != JobState.QUEUED)
        db.session.execute(over.values(_afresh(priority)))
        if new := [{"kind": kind, "target": t} for t in targets if t not in known]:
            db.session.execute(insert(cls).values(priority=priority), new)

    @classmethod
    def hasten(cls, kind: str, targets: Collection[int]) -> bool:
        """Bring what waits for these rows to the front; False when nothing was behind.

        It begins to write only then, so a page may ask each time it is looked at.
        """
        if not targets:
            return False
        # Only by their rows: with the rest in the question, SQLite reads the whole line for it.
        rows = db.session.execute(
            db.select(cls.id, cls.state, cls.priority).where(
                cls.kind == kind, cls.target.in_(targets)
            )
        )
        behind = [
            id_
            for id_, state, priority in rows
            if state is JobState.QUEUED and priority < Priority.LOOKING
        ]
        if not behind:
            return False
        begin_writing()
        front = update(cls).where(cls.id.in_(behind), cls.state == JobState.QUEUED)
        return bool(rows_changed(front.values(priority=Priority.LOOKING)))

    @classmethod
    def waiting(cls) -> Select[int]:
        """Ids of all that nobody works on: queued, or left by a worker that died."""
        return db.select(cls.id).where(cls._is_free()).order_by(cls.priority.desc(), cls.id)

    @classmethod
    def first(cls, kinds: Iterable[str]) -> int | None:
        """Return the id of the job to do next, of those kinds that are not paused."""
        # One by one, for each is a look into the index, while OR would read and sort the line.
        lines = [
            db.select(cls.priority, cls.id)
            .where(cls.kind == kind, is_free)
            .order_by(cls.priority.desc(), cls.id)
            .limit(1)
            .subquery()
            for kind in set(kinds) - Line.paused()
            for is_free in (cls._is_due(), cls._is_left())
        ]
        if not lines:
            return None
        best = union_all(*(db.select(line) for line in lines)).subquery()
        return db.session.scalar(db.select(best.c.id).order_by(best.c.priority.desc(), best.c.id))

    @classmethod
    def is_any_left(cls, kind: str) -> bool:
        """Tell whether anything of this kind waits or runs."""
        unfinished = cls.state.in_((JobState.QUEUED, JobState.RUNNING))
        some = db.select(cls.id).where(cls.kind == kind, unfinished).limit(1)
        return db.session.scalar(some) is not None

    @classmethod
    def number_parked(cls, kind: str, *, since: dt.datetime) -> int:
        """Return how many of a kind were given up since then."""
        given_up = (cls.kind == kind, cls.state == JobState.PARKED, cls.finished_at >= since)
        return db.session.scalar(db.select(func.count()).where(*given_up)) or 0

    @classmethod
    def claim(cls, kinds: Iterable[str]) -> "Job | None":
        """Take the job that is wanted most for the length of a lease; None when none waits."""
        job_id = cls.first(kinds)
        was_left = case((cls.state == JobState.RUNNING, 1), else_=0)
        taken = update(cls).where(cls.id == job_id, cls._is_free())
        is_mine = job_id is not None and rows_changed(
            taken.values(
                state=JobState.RUNNING,
                kills=cls.kills + was_left,
                started_at=now(),
                lease_until=now() + cls.LEASE,
            )
        )
        return db.session.get(cls, job_id, populate_existing=True) if is_mine else None

    def close(
        self,
        state: JobState,
        reason: str = "",
        *,
        tries: int = 0,
        kills: int = 0,
        not_before: dt.datetime | None = None,
    ) -> bool:
        """End this claim; False when the work was asked for again in the meantime.

        :param tries: failures to count.
        :param kills: likewise, of what had to be killed.
        :param not_before: when it is tried again, if not at once.
        """
        mine = (Job.id == self.id, Job.lease_until == self.lease_until)
        ended = {"state": state, "reason": reason, "lease_until": None, "finished_at": now()}
        counted = {"tries": Job.tries + tries, "kills": Job.kills + kills}
        return bool(
            rows_changed(
                update(Job).where(*mine).values(ended | counted | {"not_before": not_before})
            )
        )

    @classmethod
    def _is_free(cls) -> ColumnElement[bool]:
        return or_(cls._is_due(), cls._is_left())

    @classmethod
    def _is_due(cls) -> ColumnElement[bool]:
        is_time = or_(cls.not_before.is_(None), cls.not_before <= now())
        return (cls.state == JobState.QUEUED) & is_time

    @classmethod
    def _is_left(cls) -> ColumnElement[bool]:
        return (cls.state == JobState.RUNNING) & (cls.lease_until < now())


# In the order in which they are taken, so that the next of a million is one look.
Index("ix_jobs_line", Job.kind, Job.state, Job.priority.desc(), Job.id)


def _afresh(priority: Priority) -> dict[str, Any]:
    fresh = {"state": JobState.QUEUED, "priority": priority, "tries": 0, "kills": 0}
    return fresh | {"lease_until": None, "not_before": None, "reason": "", "finished_at": None}
