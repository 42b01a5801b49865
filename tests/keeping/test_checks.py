"""What a check found is kept, whoever made it, and shown to admins."""

import gc
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from gallery import storage, worker
from gallery.extensions import begin_writing, db
from gallery.jobs.models import Job, JobState
from gallery.keeping import checking
from gallery.keeping.models import Check
from gallery.photos import derivatives, verify
from gallery.photos.models import Photo
from tests.conftest import Browser
from tests.make import make_photo, make_user, png, sign_in


@pytest.fixture
def boss(client: Browser) -> Browser:
    return sign_in(client, make_user("Root Boss", is_admin=True))


def lose(photo: Photo) -> str:
    storage.path_of(photo.set_name, photo.filename).unlink()
    return f"photo {photo.public_id} ({photo.set_name}/{photo.filename}): its file is missing."


def perform_all(app: Flask) -> int:
    db.session.commit()
    number = 0
    while worker.perform(app):
        number += 1
    db.session.expire_all()
    return number


def test_the_worker_checks_piece_by_piece(
    app: Flask, boss: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_user()
    photos = [make_photo(ada, png(seed=seed)) for seed in range(5)]
    perform_all(app)
    sentences = [lose(photos[1]), lose(photos[4])]
    preview = derivatives.Derivative
    gone = db.session.scalars(db.select(preview).where(preview.photo_id == photos[2].id)).first()
    storage.path_of(gone.set_name, gone.filename).unlink()
    (storage.root() / "photos" / "stray.png").write_bytes(b"nobody's")
    storage.quarantine("photos", photos[3].filename)
    monkeypatch.setattr(verify, "SOME", 2)
    monkeypatch.setattr(checking, "SECONDS", 0.001)
    assert "Never checked" in boss.get("/admin/integrity").text

    assert boss.submit("/admin/integrity").status_code == 303
    boss.submit("/admin/integrity")
    assert "At work" in boss.get("/admin/integrity").text
    assert boss.get("/admin/audit").text.count("<td>Had everything checked</td>") == 2
    pieces = perform_all(app)

    check = db.session.scalars(db.select(Check)).one()
    assert pieces == 3 and (check.photos, check.wrong, check.without_row) == (5, 4, 1)
    assert check.quarantined == photos[3].size
    page = boss.get("/admin/integrity").text
    assert all(f"<code>{sentence}</code>" in page for sentence in sentences)
    assert f"preview {gone.filename}: its file is missing." in page and "Look at this" in page
    told = verify.verify()
    assert sorted(told.wrong) == sorted(check.sentences), "as the command line finds it"


def test_a_check_of_all_holds_some_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = make_user()
    photos = [make_photo(ada, png(seed=seed)) for seed in range(7)]
    perform_all(app)
    sentence = lose(photos[5])
    del photos
    db.session.expunge_all()
    monkeypatch.setattr(verify, "SOME", 2)
    held = []

    def counted(photos: verify.All) -> Iterator[Photo]:
        for photo in photos:
            gc.collect()
            held.append(sum(isinstance(each, Photo) for each in db.session))
            yield photo
        held.append(len(photos))

    found = verify.verify(deep=True, progress=counted)

    assert (found.wrong, found.photos, held.pop()) == ([sentence], 7, 7)
    assert len(held) == 7 and max(held) <= 4, "those that go, and those that come"


def test_a_check_on_the_command_line_is_written_down(app: Flask, boss: Browser) -> None:
    make_photo(make_user(), png())
    db.session.commit()

    app.test_cli_runner().invoke(args=["gallery", "verify", "--deep"])

    page = boss.get("/admin/integrity").text
    assert "Nothing wrong" in page and "every byte was read" in page


def test_a_check_that_breaks_off_says_so(app: Flask, boss: Browser) -> None:
    make_photo(make_user(), png())
    perform_all(app)
    (storage.root() / storage.MARKER).unlink()

    boss.submit("/admin/integrity")
    perform_all(app)

    page = boss.get("/admin/integrity").text
    assert "This check did not come to its end" in page and str(storage.root()) not in page
    job = db.session.scalars(db.select(Job).where(Job.kind == checking.KIND)).one()
    assert job.state is JobState.PARKED


def test_the_page_asks_as_much_of_a_large_gallery(app: Flask, boss: Browser) -> None:
    ada = make_user()
    for seed in range(20):
        make_photo(ada, png(seed=seed))
    begin_writing()
    checking.begin()
    db.session.commit()
    told: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: told.append(a[2]))

    assert boss.get("/admin/integrity").status_code == 200

    assert len(told) <= 8, told
