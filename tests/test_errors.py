"""Whatever goes wrong: one sentence in the usual frame, the right status, and no traceback."""

import errno
import sqlite3
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import NotFound

from gallery.accounts.guard import everyone
from gallery.extensions import db
from tests.conftest import Browser
from tests.make import jpeg, make_user, sign_in


def failing(app: Flask, error: Exception) -> Browser:
    @everyone
    def fail() -> str:
        raise error

    app.add_url_rule("/fail", "fail", fail)
    return app.test_client()


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (RuntimeError("/secret/path"), 500, "Something broke on our side"),
        (OSError(errno.ENOSPC, "No space left"), 507, "Nothing more can be stored"),
        (OSError(errno.EIO, "/secret/path"), 500, "Something broke on our side"),
        (
            OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked")),
            503,
            "The server is busy",
        ),
        (NotFound("/secret/path"), 404, "There is no such page"),
    ],
)
def test_an_error_is_a_sentence(app: Flask, error: Exception, code: int, sentence: str) -> None:
    answer = failing(app, error).get("/fail")

    assert (answer.status_code, answer.text.count("<h1>")) == (code, 1)
    assert sentence in answer.text
    assert "Traceback" not in answer.text and "secret" not in answer.text
    assert code != 503 or answer.headers["Retry-After"] == "5"


def test_an_unknown_page_has_the_frame_of_who_asks(client: Browser) -> None:
    assert "Sign in" in client.get("/nowhere").text

    sign_in(client, make_user())

    assert "Sign out" in client.get("/nowhere").text


def test_a_wrong_method_says_which_are_right(client: Browser) -> None:
    answer = client.submit("/upload")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_every_answer_carries_the_policy(client: Browser) -> None:
    for url in ("/login", "/nowhere", "/healthz", "/robots.txt"):
        headers = client.get(url).headers

        assert headers["Content-Security-Policy"].startswith("default-src 'none'"), url
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_health_names_what_does_not_answer(app: Flask, client: Browser, instance) -> None:
    assert client.get("/healthz").json == {"database": "ok", "queue": "ok", "storage": "ok"}

    (instance / "uploads" / ".gallery-storage").unlink()
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json["storage"]) == (503, "no answer")


def test_a_database_that_does_not_answer_is_a_503_even_for_the_signed_in(
    app: Flask, client: Browser, instance
) -> None:
    sign_in(client, make_user())
    db.session.remove()
    db.engine.dispose()
    for path in instance.glob("gallery.sqlite*"):
        path.unlink()
    (instance / "gallery.sqlite").write_bytes(b"SQLite format 3\0" + bytes(84))

    answer = client.get("/photos")

    assert answer.status_code in (500, 503)
    assert "Traceback" not in answer.text and answer.text.count("<h1>") == 1


def test_only_the_upload_form_takes_a_large_body(client: Browser) -> None:
    for url in ("/login", "/register", "/logout"):
        body = {"file": (BytesIO(bytes(100_000)), "x.bin")}
        answer = client.post(url, data=body, headers={"Origin": "http://localhost"})

        assert answer.status_code == 413, url


def test_people_can_sign_in_while_every_place_for_uploads_is_taken(
    app: Flask, client: Browser
) -> None:
    ada = make_user()
    places = app.extensions["bodies"]
    for _ in range(app.config["MAX_BODIES"]):
        assert places[True].acquire(blocking=False)

    sign_in(client, ada)
    upload = client.send_files((BytesIO(jpeg()), "a.jpg"))
    assert (upload.status_code, upload.headers["Retry-After"]) == (503, "5")
    assert "default-src 'none'" in upload.headers["Content-Security-Policy"]


def test_a_place_is_given_back_whatever_happens(app: Flask) -> None:
    client = failing(app, RuntimeError())
    places = app.extensions["bodies"][False]

    for _ in range(3):
        client.post("/fail", data={"a": "b"}, headers={"Origin": "http://localhost"})

    assert places._value == 30


def test_uploads_leave_the_disk_a_reserve(app: Flask, client: Browser) -> None:
    sign_in(client, make_user())
    app.config["DISK_RESERVE"] = 10**18

    answer = client.send_files((BytesIO(jpeg()), "a.jpg"))

    assert answer.status_code == 507
    assert "There is no room left" in answer.text
    assert client.get("/photos").status_code == 200
