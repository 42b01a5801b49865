"""The plain form: what is sent, what becomes of it, and what the receipt says."""

import re

from flask import Flask

from gallery import storage
from gallery.extensions import db
from gallery.photos.models import Batch, BatchItem, Outcome, Photo
from tests.conftest import ORIGIN, Browser
from tests.make import a_file, empty_trash, jpeg, make_photo, make_user, png, recording, sign_in

HTML = b"<!doctype html><script>alert(1)</script>"


def test_each_file_has_its_own_outcome(client: Browser) -> None:
    ada = make_user()
    make_photo(ada, jpeg(seed=9), "old.jpg")
    sign_in(client, ada)

    answer = client.send_files(
        a_file(jpeg(seed=1), "new.jpg"),
        a_file(jpeg(seed=9), "copy.jpg"),
        a_file(HTML, "page.jpg"),
        a_file(recording(), "song.wav"),
    )
    receipt = client.get(answer.location)

    assert answer.status_code == 303
    assert "2 added, 1 already in your library, 1 refused" in receipt.text
    assert "This is not a photo, a video or a recording that we can read." in receipt.text
    outcomes = db.session.scalars(db.select(BatchItem.outcome).order_by(BatchItem.id)).all()
    assert outcomes == [Outcome.ADDED, Outcome.ALREADY, Outcome.REFUSED, Outcome.ADDED]
    assert sorted(storage.files_of("photos")) == [f"{ada.folder}/new.jpg", f"{ada.folder}/old.jpg"]


def test_the_photo_page_shows_set_and_saved_name(client: Browser) -> None:
    ada = make_user()
    sign_in(client, ada)
    client.send_files(a_file(jpeg(seed=1)), a_file(jpeg(seed=2)))

    second = db.session.scalars(db.select(Photo).order_by(Photo.id.desc())).first()
    page = client.get(f"/p/{second.public_id}").text

    assert f"{ada.folder}/cat_1.jpg" in page
    assert "In the set “photos”" in page


def test_names_with_markup_are_shown_as_text(client: Browser) -> None:
    sign_in(client, make_user())

    answer = client.send_files(a_file(jpeg(), '<img src=x onerror="alert(1)">.jpg'))
    receipt = client.get(answer.location).text

    assert "<img src=x" not in receipt
    assert "&lt;img src=x" in receipt


def test_sending_nothing_shows_the_form_again_with_a_sentence(client: Browser) -> None:
    sign_in(client, make_user())

    answer = client.post("/photos", data={}, headers={"Origin": ORIGIN})

    assert answer.status_code == 422
    assert "Choose at least one photo" in answer.text
    assert not db.session.scalars(db.select(Batch)).all()


def test_over_the_limit_is_a_readable_413(app: Flask, client: Browser) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 20_000
    sign_in(client, make_user())

    answer = client.send_files(a_file(jpeg((2000, 1500))))

    assert answer.status_code == 413
    assert "larger than one upload may be" in answer.text
    assert not db.session.scalars(db.select(Photo)).all()


def test_a_body_that_was_cut_is_refused_and_leaves_nothing(client: Browser) -> None:
    sign_in(client, make_user())
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="cat.jpg"\r\n\r\n' + jpeg()
    )

    answer = client.post(
        "/photos",
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"Origin": ORIGIN},
    )

    assert answer.status_code == 400
    assert "did not arrive whole" in answer.text
    assert list(storage.files_of("photos")) == []


def test_a_receipt_is_its_owners_alone(app: Flask, client: Browser) -> None:
    sign_in(client, make_user())
    receipt = client.send_files(a_file(png())).location

    other = sign_in(app.test_client(), make_user("Jonas Lind"))

    assert client.get(receipt).status_code == 200
    assert other.get(receipt).status_code == 404
    assert other.get("/upload/neverwas11").status_code == 404


def test_a_deleted_photo_stays_on_the_receipt(client: Browser) -> None:
    sign_in(client, make_user())
    receipt = client.send_files(a_file(png())).location
    photo = db.session.scalars(db.select(Photo)).one()

    client.submit(f"/p/{photo.public_id}/trash")
    empty_trash(client)

    assert "Deleted since" in client.get(receipt).text


def test_upload_page_says_the_limit_and_what_it_takes(client: Browser) -> None:
    sign_in(client, make_user())

    page = client.get("/upload").text

    assert re.search(r'type="file" name="file" multiple', page)
    assert ".heic" in page and ".mp4" in page and "1.0 GB" in page
