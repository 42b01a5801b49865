"""Forms that take their time: what holds when their last byte is here counts."""

import io
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gallery.accounts.guard import A_MOMENT
from gallery.accounts.models import Session, User
from gallery.accounts.signing_in import hashed
from gallery.extensions import db
from tests.conftest import ORIGIN, Browser
from tests.make import PASSWORD, make_user, sign_in

NEW = "another horse battery"


class Held(io.BytesIO):
    """A form that is held back until something has happened."""

    def __init__(self, data: bytes, act: Callable[[], object]) -> None:
        super().__init__(data)
        self.acts = [act]

    def read(self, size: int | None = -1) -> bytes:
        self._wait()
        return super().read(size)

    def readinto(self, buffer: bytearray) -> int:
        self._wait()
        return super().readinto(buffer)

    def _wait(self) -> None:
        while self.acts:
            self.acts.pop()()
            time.sleep(2 * A_MOMENT)


def hold(
    client: Browser, url: str, act: Callable[[], object], *, token: str = "", **fields: str
) -> TestResponse:
    data = urlencode({"csrf_token": token or client.token(), **fields}).encode()
    return client.post(
        url,
        input_stream=Held(data, act),
        content_type="application/x-www-form-urlencoded",
        content_length=len(data),
        headers={"Origin": ORIGIN},
    )


@pytest.fixture
def elsewhere(instance: Path) -> Callable[..., None]:
    """A function that changes rows by a connection of its own, as another process does."""

    def change(statement: str, *values: object) -> None:
        with sqlite3.connect(instance / "gallery.sqlite", timeout=10) as rows:
            rows.execute(statement, values)
        rows.close()

    return change


def test_who_is_signed_out_meanwhile_changes_no_password(
    client: Browser, elsewhere: Callable[..., None]
) -> None:
    ada = make_user()
    sign_in(client, ada)
    end = partial(elsewhere, "DELETE FROM sessions")

    answer = hold(client, "/settings/password", end, current=PASSWORD, password=NEW)

    before = ada.password_hash
    db.session.refresh(ada)
    assert (answer.status_code, answer.location) == (302, "/login")
    assert ada.password_hash == before


def test_a_form_that_took_its_time_is_taken_and_a_busy_database_signs_nobody_out(
    client: Browser, instance: Path, elsewhere: Callable[..., None]
) -> None:
    sign_in(client, make_user())
    # So long ago that the form's request would like to write down that the session is in use.
    elsewhere("UPDATE sessions SET seen_at = datetime('now', '-1 day')")
    token = client.token()
    rows = sqlite3.connect(instance / "gallery.sqlite", isolation_level=None)
    rows.execute("BEGIN IMMEDIATE")

    end = partial(rows.execute, "COMMIT")
    answer = hold(client, "/settings/name", end, token=token, name="Ada Lovelace")

    rows.close()
    assert answer.status_code == 303
    assert db.session.scalar(db.select(User.name)) == "Ada Lovelace"


def test_who_runs_the_place_no_more_meanwhile_disables_nobody(
    client: Browser, elsewhere: Callable[..., None]
) -> None:
    root, eve = make_user("Root", is_admin=True), make_user("Eve")
    sign_in(client, root)
    demote = partial(elsewhere, "UPDATE users SET is_admin = 0 WHERE id = ?", root.id)

    answer = hold(client, f"/admin/users/{eve.folder}/disable", demote)

    db.session.refresh(eve)
    assert (answer.status_code, eve.is_disabled) == (404, False)


def test_nobody_gets_in_by_a_password_that_was_replaced_while_they_waited(
    app: Flask, instance: Path
) -> None:
    ada, other = make_user(), hashed(NEW)
    rows = sqlite3.connect(instance / "gallery.sqlite", timeout=10, isolation_level=None)
    rows.execute("BEGIN IMMEDIATE")
    answers: list[int] = []

    def enter() -> None:
        with app.app_context():
            guest = app.test_client()
            answers.append(guest.submit("/login", email=ada.email, password=PASSWORD).status_code)

    thread = threading.Thread(target=enter)
    thread.start()
    time.sleep(1.5)  # by now the password was found right, and the lock is waited for
    rows.execute("UPDATE users SET password_hash = ?", (other,))
    rows.execute("COMMIT")
    thread.join()
    rows.close()

    db.session.rollback()
    assert answers and db.session.scalars(db.select(Session)).all() == []
    assert db.session.get(User, ada.id, populate_existing=True).password_hash == other
