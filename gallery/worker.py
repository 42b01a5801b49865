"""The queue's consumer: maps each kind of job to its verb, and leaves no job behind."""

import datetime as dt
import logging
import signal
import sys
import time
from dataclasses import dataclass
from functools import partial

from flask import Flask
from sqlalchemy.exc import OperationalError

from . import machine
from .accounts import mailing, posting
from .errors import CannotStart, GalleryError, NotSent
from .exports import making
from .extensions import begin_writing, db, now, queue
from .factory import create_app
from .imaging import missing_limits
from .jobs.lines import Line
from .jobs.models import Job, JobState
from .keeping import checking
from .languages import N_
from .photos import cropping, derivatives, placeless
from .photos.sweep import sweep_when_due
from .uploads import StorageFull

log = logging.getLogger("gallery.worker")

VERBS = {
    "derive": derivatives.derive,
    "clean": placeless.clean,
    "postcard": cropping.crop,
    checking.KIND: checking.go_on,
    making.KIND: making.go_on,
    posting.KIND: mailing.send,
}
GIVE_UP = {
    "derive": derivatives.give_up,
    "clean": placeless.give_up,
    "postcard": cropping.give_up,
    checking.KIND: checking.give_up,
    making.KIND: making.give_up,
}

# Before a mail is tried again, and then it is given up.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
# After a disk or a database that did not answer; and before the lease ends.
REST_SECONDS = 10
MARGIN_SECONDS = 5

UNEXPECTED = N_("Something went wrong while its previews were made.")
POISONOUS = N_("Reading this file stopped the worker twice, so it is left alone.")


@dataclass(frozen=True)
class End:
    """How a claim ends, and what that counts."""

    state: JobState
    reason: str = ""
    tries: int = 0
    kills: int = 0
    not_before: dt.datetime | None = None


def perform(app: Flask) -> bool:
    """Claim the job that is wanted most, do it, and say how it ended.

    False when none waits: a late or doubled message does nothing.
    """
    with app.app_context():
        begin_writing()
        job = Job.claim(VERBS)
        db.session.commit()
        if job is None:
            return False
        db.session.expunge(job)  # it is to stay what was claimed, whatever becomes of the row
        _wake_others(app)
        _close(job, _done(job))
        _wake_others(app)  # for this one again, or for one that it asked for
        return True


def _wake_others(app: Flask) -> None:
    """While work waits, have a message for each process: one that was lost stops nobody."""
    if Job.first(VERBS) is not None:
        queue.wake_all(app.config["WORKERS"] or 1)


def _done(job: Job) -> End:
    if job.kills >= Job.MOST_KILLS:
        return End(JobState.PARKED, POISONOUS)
    try:
        VERBS[job.kind](job.target)
        db.session.commit()
    except (StorageFull, OperationalError) as error:
        db.session.rollback()
        log.warning("Job %s has to wait: %r", job.id, error)
        # Not the file's fault, and neither disk nor database will answer the next one.
        time.sleep(REST_SECONDS)
        return End(JobState.QUEUED, job.reason)
    except NotSent as error:
        db.session.rollback()
        log.warning("Mail %s was not sent: %r", job.target, error.__cause__)
        if job.tries >= len(PAUSES):
            return End(JobState.PARKED, error.description, tries=1)
        not_before = now() + PAUSES[job.tries]
        return End(JobState.QUEUED, error.description, tries=1, not_before=not_before)
    except derivatives.Killed as error:
        db.session.rollback()
        return _again(job, error.description, kills=1)
    except Exception as error:  # whatever a file did, the next one has its turn
        db.session.rollback()
        log.exception("Job %s (%s %s) failed.", job.id, job.kind, job.target)
        reason = error.description if isinstance(error, GalleryError) else UNEXPECTED
        return _again(job, reason, tries=1)
    return End(JobState.DONE)


def _again(job: Job, reason: str, *, tries: int = 0, kills: int = 0) -> End:
    is_hopeless = job.tries + tries >= Job.MOST_TRIES or job.kills + kills >= Job.MOST_KILLS
    return End(JobState.PARKED if is_hopeless else JobState.QUEUED, reason, tries, kills)


def _close(job: Job, end: End) -> None:
    """Write down how the claim ended: a claim that is only left would count as a kill."""
    try:
        _write_end(job, end)
    except OperationalError:
        db.session.rollback()
        time.sleep(REST_SECONDS)
        _write_end(job, end)


def _write_end(job: Job, end: End) -> None:
    begin_writing()
    counts = {"tries": end.tries, "kills": end.kills}
    is_closed = job.close(end.state, end.reason, **counts, not_before=end.not_before)
    if is_closed and end.state is JobState.PARKED and job.kind in GIVE_UP:
        GIVE_UP[job.kind](job.target, end.reason)
    if not Job.is_any_left(job.kind):
        Line.of(job.kind).emptied_at = now()
    db.session.commit()


def remind(app: Flask) -> None:
    """Wake the workers when anything waits: messages may be lost, and workers die."""
    with app.app_context():
        _wake_others(app)


def each_minute(app: Flask) -> None:
    """Remind the queue; once a day, sweep."""
    remind(app)
    with app.app_context():
        sweep_when_due()


def in_time(app: Flask) -> None:
    """Perform a job, or be ended before its lease is: nobody has it twice at once."""
    signal.setitimer(signal.ITIMER_REAL, Job.LEASE.total_seconds() - MARGIN_SECONDS)
    try:
        perform(app)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> int:
    """Work until told to stop."""
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s", level=logging.WARNING)
    try:
        app = create_app()
        shares = machine.shares(app.config)
    except CannotStart as error:
        print(error.description, file=sys.stderr)  # noqa: T201
        return 1
    app.config.update(WORKERS=shares.processes, PICTURE_MEMORY=shares.picture)
    for limit in missing_limits():
        log.warning("This platform cannot limit a decoder's %s.", limit)
    remind(app)
    with app.app_context():
        db.engine.dispose()  # connections do not survive the fork of the workers
    consumer = queue.consumer(
        app,
        work=partial(in_time, app),
        each_minute=partial(each_minute, app),
        workers=shares.processes,
    )
    consumer.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
