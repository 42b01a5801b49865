"""While previews are made: who looks is served first, and told how it stands."""

import pytest
from flask import Flask
from sqlalchemy import event

from gallery import worker
from gallery.accounts.models import User
from gallery.extensions import begin_writing, db, now
from gallery.jobs.lines import Line
from gallery.jobs.models import Job, JobState, Priority
from gallery.photos.models import Photo, State
from tests.conftest import Browser
from tests.make import a_file, jpeg, make_photo, make_user, sign_in


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user()
    sign_in(client, ada)
    return ada


def priorities() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Job.priority).order_by(Job.target)))


def change(**values: object) -> None:
    begin_writing()
    db.session.execute(db.update(Job).values(**values))
    db.session.commit()


def test_a_photo_that_is_looked_at_comes_first(client: Browser, ada: User) -> None:
    _, second = (make_photo(ada, jpeg(seed=n)) for n in range(2))

    client.get(f"/p/{second.public_id}")

    assert priorities() == [Priority.SENDER, Priority.LOOKING]


def test_the_photos_of_a_page_come_first(client: Browser, ada: User) -> None:
    make_photo(ada)
    client.get("/photos")

    assert priorities() == [Priority.LOOKING]


def test_the_files_of_a_receipt_come_first(client: Browser, ada: User) -> None:
    receipt = client.send_files(a_file(jpeg())).location

    client.get(receipt)

    assert priorities() == [Priority.LOOKING]


def test_a_page_that_looks_again_writes_nothing(client: Browser, ada: User) -> None:
    photo = make_photo(ada)
    client.get(f"/p/{photo.public_id}")
    written = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        written.extend([statement] * statement.startswith(("UPDATE", "INSERT", "BEGIN IMM")))

    event.listen(db.engine, "before_cursor_execute", note)
    client.get(f"/p/{photo.public_id}")
    client.get("/photos")

    assert written == []


def test_a_page_is_shown_while_somebody_else_writes(app: Flask, client: Browser, ada: User) -> None:
    photo = make_photo(ada)
    client.get("/photos/2000")  # the sign-in notes its use at the first page
    with db.engine.connect() as other:
        other.exec_driver_sql("COMMIT")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        answer = client.get(f"/p/{photo.public_id}")
        other.exec_driver_sql("ROLLBACK")

    assert answer.status_code == 200 and "Its preview waits to be made." in answer.text


def test_the_page_says_how_far_it_is(client: Browser, ada: User) -> None:
    photos = [make_photo(ada, jpeg(seed=n)) for n in range(3)]

    def said(photo: Photo) -> str:
        return client.get(f"/p/{photo.public_id}").text

    assert "Its preview comes next." in said(photos[0])
    assert "Its preview comes after 1 other." in said(photos[1])
    assert "Its preview comes after 2 others." in said(photos[2])
    change(reason="This picture took longer than 15 seconds to read.")
    assert "to read. It is tried again." in said(photos[0])
    change(state=JobState.RUNNING, lease_until=now())
    assert "Its preview is being made." in said(photos[0])
    begin_writing()
    db.session.execute(db.delete(Job))
    db.session.commit()
    assert "Its preview is still to be made." in said(photos[0])
    assert "Try again" in said(photos[0])


def test_the_page_says_that_previews_are_paused(client: Browser, ada: User) -> None:
    photo = make_photo(ada)
    begin_writing()
    Line.of("derive").pause(goes_on=False)
    db.session.commit()

    page = client.get(f"/p/{photo.public_id}").text

    assert "Previews are paused by the admin." in page and "/retry" not in page


def test_a_photo_shown_in_part_can_be_tried_again(app: Flask, client: Browser, ada: User) -> None:
    data = jpeg((1600, 1200))
    photo = make_photo(ada, data[: len(data) // 2])
    worker.perform(app)

    page = client.get(f"/p/{photo.public_id}").text
    client.submit(f"/p/{photo.public_id}/retry")

    assert "Make its previews again" in page and "damaged" in page
    db.session.rollback()
    assert db.session.get(Photo, photo.id, populate_existing=True).state is State.PENDING


def test_a_good_photo_has_nothing_to_try_again(app: Flask, client: Browser, ada: User) -> None:
    photo = make_photo(ada)
    worker.perform(app)

    assert "/retry" not in client.get(f"/p/{photo.public_id}").text
