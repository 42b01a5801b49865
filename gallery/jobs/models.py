"""The claim: one row for each piece of long work, and who does it until when."""

import datetime as dt
import enum

from sqlalchemy import ColumnElement, Index, Select, UniqueConstraint, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Model, UTCDateTime, db, now, rows_changed


class JobState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"


class Job(Model):
    """What is to be done to which row. The queue may forget; this does not."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "target"),
        Index(None, "state", "lease_until"),
    )

    LEASE = dt.timedelta(seconds=60)
    # Killed so often, a job is parked: a poisonous file never stops the others.
    MOST_TRIES = 2

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    target: Mapped[int]
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)

    @classmethod
    def want(cls, kind: str, target: int) -> "Job":
        """Queue the work, or queue it again; one that runs just now will run once more."""
        job = db.session.scalar(db.select(cls).filter_by(kind=kind, target=target))
        if job is None:
            job = cls(kind=kind, target=target)
            db.session.add(job)
        job.state, job.tries, job.lease_until, job.reason = JobState.QUEUED, 0, None, ""
        db.session.flush()
        return job

    @classmethod
    def waiting(cls) -> Select[int]:
        """Ids of all that nobody works on: queued, or left by a worker that died."""
        return db.select(cls.id).where(cls._is_free()).order_by(cls.id)

    @classmethod
    def claim(cls, job_id: int) -> "Job | None":
        """Take the job for the length of a lease; None when somebody else has it."""
        is_taken = rows_changed(
            update(cls)
            .where(cls.id == job_id, cls._is_free())
            .values(state=JobState.RUNNING, tries=cls.tries + 1, lease_until=now() + cls.LEASE)
        )
        return db.session.get(cls, job_id, populate_existing=True) if is_taken else None

    def close(self, state: JobState, reason: str = "") -> bool:
        """End this claim; False when the work was asked for again in the meantime."""
        mine = (Job.id == self.id, Job.lease_until == self.lease_until)
        ended = {"state": state, "reason": reason, "lease_until": None}
        return bool(rows_changed(update(Job).where(*mine).values(ended)))

    def put_back(self) -> None:
        """Give the claim up without counting it as a try."""
        mine = (Job.id == self.id, Job.lease_until == self.lease_until)
        waiting = {"state": JobState.QUEUED, "tries": self.tries - 1, "lease_until": None}
        rows_changed(update(Job).where(*mine).values(waiting))

    @classmethod
    def _is_free(cls) -> ColumnElement[bool]:
        is_left = (cls.state == JobState.RUNNING) & (cls.lease_until < now())
        return or_(cls.state == JobState.QUEUED, is_left)
