"""The queue's consumer: maps each kind of job to its verb, and leaves no job behind."""

import logging
import sys
from functools import partial

from flask import Flask
from sqlalchemy.exc import OperationalError

from . import create_app
from .errors import CannotStart, GalleryError
from .extensions import begin_writing, db, queue
from .imaging import missing_limits
from .jobs.models import Job, JobState
from .photos import derivatives
from .photos.sweep import sweep_when_due
from .uploads import StorageFull

log = logging.getLogger("gallery.worker")

VERBS = {"derive": derivatives.derive}
GIVE_UP = {"derive": derivatives.give_up}

UNEXPECTED = "Something went wrong while its previews were made."
POISONOUS = "Reading this file stopped the worker twice, so it is left alone."


def perform(app: Flask, job_id: int) -> None:
    """Claim the job, do it, and say how it ended. A late or doubled message does nothing."""
    with app.app_context():
        begin_writing()
        job = Job.claim(job_id)
        db.session.commit()
        if job is None:
            return
        db.session.expunge(job)  # it is to stay what was claimed, whatever becomes of the row
        if job.tries > Job.MOST_TRIES:
            _park(job, POISONOUS)
            return
        try:
            VERBS[job.kind](job.target)
            db.session.commit()
        except (StorageFull, OperationalError) as error:
            # Not the file's fault: the reminder brings it back until disk and database answer.
            db.session.rollback()
            log.warning("Job %s has to wait: %r", job.id, error)
            begin_writing()
            job.put_back()
            db.session.commit()
            return
        except Exception as error:  # whatever a file did, the next one has its turn
            db.session.rollback()
            log.exception("Job %s (%s %s) failed.", job.id, job.kind, job.target)
            _try_again(job, error.description if isinstance(error, GalleryError) else UNEXPECTED)
            return
        begin_writing()
        job.close(JobState.DONE)
        db.session.commit()


def _try_again(job: Job, reason: str) -> None:
    if job.tries >= Job.MOST_TRIES:
        _park(job, reason)
        return
    begin_writing()
    job.close(JobState.QUEUED, reason)
    db.session.commit()
    queue.tell([job.id])


def _park(job: Job, reason: str) -> None:
    begin_writing()
    if job.close(JobState.PARKED, reason):
        GIVE_UP[job.kind](job.target, reason)
    db.session.commit()


def remind(app: Flask) -> None:
    """Tell the queue of all that waits: messages may be lost, and workers die."""
    with app.app_context():
        if not queue.length():
            queue.tell(db.session.scalars(Job.waiting().limit(1000)).all())


def each_minute(app: Flask) -> None:
    """Remind the queue; once a day, sweep."""
    remind(app)
    with app.app_context():
        sweep_when_due()


def main() -> int:
    """Work until told to stop."""
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s", level=logging.WARNING)
    try:
        app = create_app()
    except CannotStart as error:
        print(error.description, file=sys.stderr)  # noqa: T201
        return 1
    for limit in missing_limits():
        log.warning("This platform cannot limit a decoder's %s.", limit)
    remind(app)
    with app.app_context():
        db.engine.dispose()  # connections do not survive the fork of the workers
    consumer = queue.consumer(
        app,
        perform=partial(perform, app),
        each_minute=partial(each_minute, app),
        workers=app.config["WORKERS"],
    )
    consumer.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
