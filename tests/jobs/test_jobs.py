"""The rows of the work: in which order it is done, by whom, and when it is given up."""

import datetime as dt
import os
import signal
import time

import pytest
from flask import Flask

from gallery import storage, worker
from gallery.extensions import begin_writing, db, now, queue
from gallery.imaging import Outcome, Rendering
from gallery.jobs.lines import Line
from gallery.jobs.models import Job, JobState, Priority
from gallery.photos import derivatives
from gallery.photos.models import State
from tests.make import make_photo, make_user

KINDS = ["derive"]


def queued(*priorities: int) -> list[int]:
    """Jobs for rows that are not there, so that doing them does nothing."""
    begin_writing()
    jobs = [Job(kind="derive", target=1000 + n, priority=p) for n, p in enumerate(priorities)]
    db.session.add_all(jobs)
    db.session.commit()
    return [job.id for job in jobs]


def order_of_work(app: Flask) -> list[int]:
    while worker.perform(app):
        pass
    db.session.rollback()
    done = db.select(Job.id).where(Job.state == JobState.DONE).order_by(Job.started_at)
    return list(db.session.scalars(done))


def end_lease(job_id: int) -> None:
    begin_writing()
    db.session.get(Job, job_id).lease_until = now() - dt.timedelta(seconds=1)
    db.session.commit()


def claim() -> Job | None:
    begin_writing()
    job = Job.claim(KINDS)
    db.session.commit()
    return job


def test_the_most_wanted_comes_first_and_then_the_oldest(app: Flask) -> None:
    low, first, second, high = queued(-10, 0, 0, 10)

    assert order_of_work(app) == [high, first, second, low]


def test_what_somebody_looks_at_is_hastened_once(app: Flask) -> None:
    _, second, third = queued(-10, -10, 0)
    targets = [1001, 1002]

    assert Job.hasten("derive", targets)
    db.session.commit()

    assert not Job.hasten("derive", targets)
    assert not Job.hasten("derive", [])
    assert order_of_work(app)[:2] == [second, third]


def test_looking_again_writes_nothing(app: Flask) -> None:
    queued(0)
    Job.hasten("derive", [1000])
    db.session.commit()
    with db.engine.connect() as other:
        other.exec_driver_sql("COMMIT")
        other.exec_driver_sql("BEGIN IMMEDIATE")

        assert not Job.hasten("derive", [1000]), "the lock is somebody else's"


def test_many_are_queued_at_once_and_what_waits_keeps_its_place(app: Flask) -> None:
    _, done = queued(10, 0)
    begin_writing()
    db.session.get(Job, done).state = JobState.DONE
    db.session.commit()

    begin_writing()
    Job.want_all("derive", [1000, 1001, 1002], priority=Priority.NOBODY)
    db.session.commit()

    rows = db.session.execute(db.select(Job.target, Job.priority, Job.state).order_by(Job.target))
    assert [tuple(row) for row in rows] == [
        (1000, 10, JobState.QUEUED),
        (1001, -10, JobState.QUEUED),
        (1002, -10, JobState.QUEUED),
    ]


def test_a_claim_holds_for_its_lease_and_no_longer(app: Flask) -> None:
    (job_id,) = queued(0)

    assert claim().id == job_id
    assert claim() is None
    end_lease(job_id)
    assert claim().kills == 1, "who had it is dead"


def test_a_file_that_kills_its_worker_twice_is_parked(app: Flask) -> None:
    photo = make_photo(make_user())
    for _ in range(2):
        end_lease(claim().id)

    assert worker.perform(app)

    db.session.expire_all()
    job = db.session.scalars(db.select(Job)).one()
    assert (job.state, job.kills, job.tries) == (JobState.PARKED, 2, 0)
    assert (photo.state, photo.reason) == (State.FAILED, worker.POISONOUS)


def test_a_jail_killed_twice_parks_the_photo_with_its_reason(app: Flask, monkeypatch) -> None:
    photo = make_photo(make_user())
    killed = Rendering(Outcome.KILLED, "This picture took longer than 15 seconds to read.")
    monkeypatch.setattr(derivatives, "render", lambda *_, **__: killed)

    done = [worker.perform(app) for _ in range(3)]

    db.session.expire_all()
    assert done == [True, True, False]
    assert (photo.state, photo.reason) == (State.FAILED, killed.reason)


def test_an_unexpected_failure_is_tried_three_times_and_told_in_words(app: Flask) -> None:
    photo = make_photo(make_user())
    storage.path_of("photos", photo.filename).unlink()

    done = [worker.perform(app) for _ in range(4)]

    db.session.expire_all()
    assert done == [True, True, True, False]
    assert (photo.state, photo.reason) == (State.FAILED, worker.UNEXPECTED)


def test_a_disk_that_is_full_counts_against_nobody(app: Flask, monkeypatch) -> None:
    photo = make_photo(make_user())
    monkeypatch.setattr(worker, "REST_SECONDS", 0)
    with monkeypatch.context() as full:
        full.setitem(worker.VERBS, "derive", _full)
        assert all(worker.perform(app) for _ in range(5))

    worker.perform(app)

    db.session.expire_all()
    assert photo.state is State.READY


def _full(_target: int) -> None:
    raise worker.StorageFull


def test_work_asked_for_again_while_it_runs_is_done_again(app: Flask) -> None:
    photo = make_photo(make_user())
    job = claim()
    db.session.expunge(job)
    begin_writing()
    Job.want("derive", photo.id)

    assert job.close(JobState.DONE) is False
    assert db.session.scalars(Job.waiting()).all() == [job.id]


def test_a_paused_kind_waits_and_goes_on(app: Flask) -> None:
    make_photo(make_user())
    begin_writing()
    Line.of("derive").pause(goes_on=False)
    db.session.commit()
    assert not worker.perform(app)

    begin_writing()
    Line.of("derive").pause(goes_on=True)
    db.session.commit()

    assert worker.perform(app)


def test_messages_that_wait_keep_nobody_waiting(app: Flask) -> None:
    for _ in range(200):
        queue.wake()
    assert queue.length() <= 64
    low, high = queued(-10, 10)

    assert worker.perform(app)

    assert db.session.get(Job, high, populate_existing=True).state is JobState.DONE
    assert db.session.get(Job, low, populate_existing=True).state is JobState.QUEUED


def test_work_that_waits_rings_for_the_other_processes(app: Flask) -> None:
    queued(0, 0, 0)
    app.config["WORKERS"] = 2

    worker.perform(app)

    assert queue.length() == 2, "though nobody was told of these jobs"


def test_the_line_says_since_when_it_is_empty(app: Flask) -> None:
    queued(0, 0)

    worker.perform(app)
    assert Line.of("derive").emptied_at is None
    db.session.rollback()
    worker.perform(app)

    assert Line.of("derive").emptied_at is not None


def test_who_overruns_the_lease_is_ended_before_it(app: Flask, monkeypatch) -> None:
    make_photo(make_user())
    monkeypatch.setattr(Job, "LEASE", dt.timedelta(seconds=2))
    monkeypatch.setattr(worker, "MARGIN_SECONDS", 1)
    monkeypatch.setitem(worker.VERBS, "derive", lambda _target: time.sleep(30))
    db.session.remove()
    db.engine.dispose()

    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        worker.in_time(app)
        os._exit(0)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGALRM
    assert db.session.scalar(db.select(Job.lease_until)) > now()


@pytest.mark.parametrize("state", ["queued", "running"])
def test_the_next_of_a_million_is_one_look(app: Flask, state: str) -> None:
    statement = (
        "SELECT priority, id FROM jobs WHERE kind = 'derive' AND state = :state"
        " ORDER BY priority DESC, id LIMIT 1"
    )
    plan = db.session.execute(db.text("EXPLAIN QUERY PLAN " + statement), {"state": state}).all()

    assert [row.detail for row in plan] == [
        "SEARCH jobs USING COVERING INDEX ix_jobs_line (kind=? AND state=?)"
    ]


def test_two_claim_at_once_and_one_has_it(app: Flask) -> None:
    queued(*[0] * 20)
    db.session.remove()
    db.engine.dispose()
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            while worker.perform(app):
                pass
            os._exit(0)
        children.append(child)

    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    rows = db.session.scalars(db.select(Job)).all()
    assert {(job.state, job.kills, job.tries) for job in rows} == {(JobState.DONE, 0, 0)}


def test_a_queue_that_does_not_answer_spoils_no_job(app: Flask, instance) -> None:
    first, second = queued(0, 0)
    app.extensions["queue"].huey.storage.close()
    for path in instance.glob("queue.sqlite*"):
        path.unlink()
    (instance / "queue.sqlite").write_bytes(b"not a database" * 100)

    assert order_of_work(app) == [first, second]


def test_an_end_that_cannot_be_written_is_written_later(app: Flask, monkeypatch) -> None:
    (job_id,) = queued(0)
    blocker = db.engine.connect()

    def block(_target: int) -> None:
        blocker.exec_driver_sql("COMMIT")
        blocker.exec_driver_sql("BEGIN IMMEDIATE")

    monkeypatch.setitem(worker.VERBS, "derive", block)
    monkeypatch.setattr(worker.time, "sleep", lambda _: blocker.exec_driver_sql("ROLLBACK"))

    assert worker.perform(app)

    blocker.close()
    job = db.session.get(Job, job_id, populate_existing=True)
    assert (job.state, job.kills) == (JobState.DONE, 0)


def test_any_number_of_jobs_is_wanted_at_once(app: Flask) -> None:
    many = range(1, 260_001)  # more than any build of SQLite binds

    for _ in range(2):
        begin_writing()
        Job.want_all("derive", many, priority=Priority.SENDER)
        db.session.commit()

    assert db.session.scalar(db.select(db.func.count(Job.id))) == 260_000
