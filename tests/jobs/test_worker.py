"""The worker as a program: told to end, killed, and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from flask import Flask

from gallery.extensions import begin_writing, db, now
from gallery.jobs.models import Job, JobState
from gallery.photos.models import Photo, State
from gallery.photos.verify import verify
from tests.bench.previews import family
from tests.make import jpeg, make_photo, make_user

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(app: Flask) -> Iterator[Callable[[], subprocess.Popen]]:
    """A function that starts the real worker on this test's gallery."""
    with ExitStack() as stack:

        def start() -> subprocess.Popen:
            env = {**os.environ, "GALLERY_WORKERS": "2"}
            program = subprocess.Popen([sys.executable, "-m", "gallery.worker"], cwd=ROOT, env=env)
            stack.callback(program.wait, 30)
            stack.callback(program.terminate)
            return program

        yield start


def signal_all(program: subprocess.Popen, number: int) -> None:
    for member in family(program.pid):
        with suppress(ProcessLookupError):  # the child of a file that was just done
            os.kill(member, number)


def add_photos(number: int) -> None:
    ada = make_user()
    for seed in range(number):
        make_photo(ada, jpeg((1600, 1200), seed=seed))


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        db.session.rollback()
        assert time.monotonic() < end
        time.sleep(0.05)


def number(state: JobState) -> int:
    return len(db.session.scalars(db.select(Job.id).where(Job.state == state)).all())


def test_told_to_end_it_finishes_what_it_has(start) -> None:
    add_photos(30)
    program = start()
    wait_until(lambda: number(JobState.DONE) > 2)

    program.terminate()
    program.wait(30)

    db.session.rollback()
    assert number(JobState.RUNNING) == 0 and number(JobState.QUEUED) > 0
    assert set(db.session.scalars(db.select(Job.kills))) == {0}


def test_two_processes_work_though_one_message_came(start) -> None:
    add_photos(12)
    program = start()

    wait_until(lambda: number(JobState.DONE) == 12)

    assert len(family(program.pid)) >= 4, "itself, its clock, and two that work"
    assert verify().wrong == []


def test_killed_in_the_middle_it_is_counted_and_done_by_the_next(start) -> None:
    add_photos(30)
    program = start()
    wait_until(lambda: number(JobState.DONE) > 2 and number(JobState.RUNNING) > 0)

    signal_all(program, signal.SIGSTOP)
    db.session.rollback()
    left = number(JobState.RUNNING)
    signal_all(program, signal.SIGKILL)
    program.wait(30)
    begin_writing()
    db.session.execute(
        db.update(Job).where(Job.state == JobState.RUNNING).values(lease_until=now())
    )
    db.session.commit()
    start()
    wait_until(lambda: number(JobState.DONE) == 30)

    assert sum(db.session.scalars(db.select(Job.kills))) == left
    assert set(db.session.scalars(db.select(Photo.state))) == {State.READY}
    assert verify().wrong == []
