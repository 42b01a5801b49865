"""`derive`: previews made again by a real worker, followed, interrupted, gone on with."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from gallery import cli, worker
from gallery.extensions import begin_writing, db
from gallery.jobs.lines import Line
from gallery.jobs.models import Job, JobState
from gallery.photos import renewal
from gallery.photos.models import Derivative, Kind, Photo, State
from gallery.photos.renewal import Which
from tests.films import film
from tests.make import encoded, jpeg, make_photo, make_user, picture, recording

ROOT = Path(__file__).parents[2]
NEW = {"w1920": "jpeg 80", "w1280": "jpeg 80", "h480": "webp 80", "h240": "webp 80"}
NEW |= {"w640": "webp 70"}


@pytest.fixture
def photos(app: Flask) -> list[Photo]:
    """Six photos that are as they should be, and one that cannot be shown."""
    ada = make_user()
    made = [make_photo(ada, jpeg((300, 200), seed=n)) for n in range(6)]
    made.append(make_photo(ada, encoded(picture(), "TIFF"), "scan.tif"))
    while worker.perform(app):
        pass
    db.session.rollback()
    return made


@pytest.fixture
def at_work(instance: Path) -> Iterator[None]:
    """The real worker, on this test's gallery."""
    program = subprocess.Popen([sys.executable, "-m", "gallery.worker"], cwd=ROOT, env=os.environ)
    yield
    program.terminate()
    program.wait(20)


def derive(app: Flask, *arguments: str) -> Result:
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["gallery", "derive", *arguments])
    db.session.rollback()
    return done


def variants() -> list[int]:
    """How many previews each photo has."""
    db.session.rollback()
    number = db.func.count(Derivative.id)
    each = db.select(number).select_from(Photo).outerjoin(Derivative).group_by(Photo.id)
    return list(db.session.scalars(each.order_by(Photo.id)))


def test_what_is_missing_is_made_and_nothing_else(
    app: Flask, photos: list[Photo], monkeypatch, at_work: None
) -> None:
    lost = photos[2].derivatives[0]
    begin_writing()
    db.session.delete(lost)
    db.session.commit()

    done = derive(app, "--missing")

    assert done.exit_code == 0, done.output
    assert "2 photos done, 0 of them given up." in done.output, "it, and the one without any"
    assert variants() == [4, 4, 4, 4, 4, 4, 0]
    assert "0 photos" not in derive(app, "--missing").output


def test_a_new_variant_is_made_of_all(app: Flask, photos: list[Photo], monkeypatch) -> None:
    app.config["VARIANTS"] = NEW
    monkeypatch.setenv("GALLERY_VARIANTS", json.dumps(NEW))
    program = subprocess.Popen([sys.executable, "-m", "gallery.worker"], cwd=ROOT, env=os.environ)
    try:
        done = derive(app, "--missing")
    finally:
        program.terminate()
        program.wait(20)

    assert done.exit_code == 0, done.output
    assert variants() == [5, 5, 5, 5, 5, 5, 0]


def test_all_are_made_anew(app: Flask, photos: list[Photo], at_work: None) -> None:
    before = set(db.session.scalars(db.select(Derivative.id)))

    done = derive(app, "--all")

    assert "7 photos done, 0 of them given up." in done.output
    assert variants() == [4, 4, 4, 4, 4, 4, 0]
    assert before.isdisjoint(db.session.scalars(db.select(Derivative.id)))
    assert renewal.begun_at() is None


def test_the_parked_have_another_try(app: Flask, photos: list[Photo], at_work: None) -> None:
    begin_writing()
    db.session.execute(
        db.update(Job).where(Job.target == photos[0].id).values(state=JobState.PARKED, kills=2)
    )
    photos[0].state = State.FAILED
    db.session.commit()

    done = derive(app, "--parked")

    assert "1 photo done, 0 of them given up." in done.output
    assert db.session.get(Photo, photos[0].id, populate_existing=True).state is State.READY


def test_without_a_worker_it_says_so(app: Flask, photos: list[Photo], monkeypatch) -> None:
    monkeypatch.setattr(cli, "QUIET_SECONDS", 1)

    done = derive(app, "--all")

    assert done.exit_code == 1
    assert "does the gallery run?" in done.output


def test_paused_it_says_so(app: Flask, photos: list[Photo]) -> None:
    begin_writing()
    Line.of("derive").pause(goes_on=False)
    db.session.commit()

    done = derive(app, "--all")

    assert done.exit_code == 1 and "Previews are paused" in done.output


def test_it_wants_to_know_which(app: Flask) -> None:
    assert "Say which" in derive(app).output


def test_interrupted_it_says_so_and_goes_on(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(renewal, "BATCH", 4)
    ada = make_user()
    for number in range(12):
        make_photo(ada, jpeg((300, 200), seed=number))
    while worker.perform(app):
        pass
    first = [_step(app) for _ in range(5)]
    begun = renewal.begun_at()
    db.session.rollback()

    assert begun is not None and any(first)
    assert renewal.count(renewal.Which.ALL) == 12 - sum(first)
    assert renewal.begun_at() == begun


def _step(app: Flask) -> int:
    """Begin to have all made, let the worker do one, and leave."""
    renewal.count(renewal.Which.ALL)
    next(iter(renewal.follow(renewal.Which.ALL)))
    return int(worker.perform(app))


def test_ctrl_c_ends_the_program_and_not_the_work(
    app: Flask, photos: list[Photo], instance: Path
) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "gallery", "derive", "--all"]
    begun = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    waiting = db.select(Job.id).where(Job.state == JobState.QUEUED)
    while not db.session.scalar(waiting):
        assert begun.poll() is None
        db.session.rollback()
        time.sleep(0.05)

    begun.send_signal(signal.SIGINT)
    said, _ = begun.communicate(timeout=30)

    assert begun.returncode == 130
    assert "Stopped after 0 of 7; the worker ends what is in its line, 7 photos." in said
    assert "The same line goes on." in said
    db.session.rollback()
    assert worker.perform(app)
    assert "Going on with what was begun on" in _interrupted(app)


def _interrupted(app: Flask) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "QUIET_SECONDS", 0)
        return derive(app, "--all").output


def test_unread_files_lack_all_and_a_read_recording_nothing(
    app: Flask,
) -> None:
    ada = make_user()
    before, after = make_photo(ada, film(), "sea.mp4"), make_photo(ada, recording(), "song.wav")
    while worker.perform(app):
        pass
    begin_writing()
    before = db.session.get(Photo, before.id, populate_existing=True)
    before.read_at, before.duration = None, None
    db.session.execute(db.delete(Job))
    db.session.commit()

    lacking = renewal.count(Which.MISSING)
    renewal._queue(Which.MISSING, 0)
    while worker.perform(app):
        pass

    db.session.refresh(before)
    assert (lacking, renewal.count(Which.MISSING)) == (1, 0)
    assert before.duration == 1
    assert after.kind is Kind.AUDIO
