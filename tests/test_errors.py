"""Whatever goes wrong: one sentence in the usual frame, the right status, and no traceback."""

import errno
import sqlite3

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import NotFound

from gallery.accounts.guard import everyone
from tests.conftest import Browser
from tests.make import make_user, sign_in


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
