"""What pictures pass by: a cookie read once, a question of the driver, and no hooks."""

import datetime as dt
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from gallery.extensions import db
from gallery.headers import EVERYWHERE
from gallery.photos.derivatives import derive
from gallery.photos.models import Photo
from tests.conftest import Browser
from tests.make import jpeg, make_photo, make_user, sign_in


@pytest.fixture
def picture(client: Browser) -> str:
    """The address of a preview that `client` may see."""
    ada = make_user()
    photo = make_photo(ada, jpeg())
    derive(photo.id)
    db.session.commit()
    photo = db.session.get(Photo, photo.id, populate_existing=True)
    sign_in(client, ada)
    return f"/i/{photo.public_id}/{photo.derivatives[0].url_name}"


def test_a_picture_says_what_every_answer_says(client: Browser, picture: str) -> None:
    answer = client.get(picture)

    assert {name: answer.headers[name] for name in EVERYWHERE} == EVERYWHERE


def test_a_missing_picture_is_the_page_of_missing_ones(client: Browser, picture: str) -> None:
    answer = client.get(picture.replace("/i/", "/i/x"))

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "There is no such page" in answer.text
    assert "Sign out" in answer.text


def test_a_picture_takes_nothing(client: Browser, picture: str) -> None:
    assert client.submit(picture).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_cookie_that_was_read_once_is_still_held_against_the_time(
    app: Flask, client: Browser, picture: str
) -> None:
    assert client.get(picture).status_code == HTTPStatus.OK
    app.permanent_session_lifetime = dt.timedelta(seconds=-1)

    assert client.get(picture).status_code == HTTPStatus.NOT_FOUND


def test_a_cookie_of_another_key_is_not_read(client: Browser, picture: str) -> None:
    assert client.get(picture).status_code == HTTPStatus.OK
    signed = client.get_cookie("session")
    assert signed is not None
    client.set_cookie("session", signed.value[:-2] + "AA")

    assert client.get(picture).status_code == HTTPStatus.NOT_FOUND


def test_what_one_request_does_to_its_session_is_not_in_the_next(app: Flask) -> None:
    reader = app.session_interface
    with app.test_request_context() as context:
        cookie = reader.get_signing_serializer(app).dumps({"list": ["one"]})  # type: ignore[union-attr]
        context.request.cookies = {"session": cookie}  # type: ignore[assignment]
        for _ in range(2):
            session = reader.open_session(app, context.request)
            assert session is not None and session["list"] == ["one"]
            session["list"].append("two")


def test_a_database_that_fails_is_said_to_be_busy(client: Browser, picture: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE derivatives RENAME TO gone"))

    answer = client.get(picture)

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "The server is busy" in answer.text


def test_a_database_that_cannot_be_opened_is_said_to_be_busy(
    client: Browser, picture: str, tmp_path: Path
) -> None:
    db.engine.dispose()
    for path in tmp_path.rglob("gallery.sqlite*"):
        path.unlink()
    (tmp_path / "instance" / "gallery.sqlite").mkdir()

    assert client.get(picture).status_code == HTTPStatus.SERVICE_UNAVAILABLE
