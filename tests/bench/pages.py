"""Goals 11 to 13: pages of a list at ten thousand, a hundred thousand and a million photos.

Run it as ``python -m tests.bench.pages [photos …]``. Processor time of whole requests, from the
call of the application to the last byte, as a server makes it: Flask's test client takes a
millisecond itself. Medians of rounds in which each is followed by the floor: the bare driver that
reads the same and joins strings.
"""

import contextlib
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event
from werkzeug.test import EnvironBuilder

from gallery import assets
from gallery.extensions import db
from gallery.factory import create_app
from gallery.photos.models import MonthCount
from tests.bench.servers import say
from tests.conftest import Browser
from tests.make import make_user, sign_in
from tests.seeding import seed

ROUNDS = 31
SIZES = (10_000, 100_000, 1_000_000)
IN_TIMELINE = "trashed_at IS NULL AND still_id IS NULL AND archived_at IS NULL"
FLOOR = f"""SELECT id, public_id, shape, colour, caption, taken_at FROM photos WHERE owner_id = ?
 AND {IN_TIMELINE} ORDER BY local_day DESC, sort_key DESC, id DESC LIMIT 101"""
PICTURES = "SELECT photo_id, variant, digest, width FROM derivatives WHERE photo_id IN ({})"
BY_MONTH = f"""SELECT substr(local_day, 1, 7), count(*) FROM photos WHERE owner_id = ?
 AND {IN_TIMELINE} GROUP BY 1"""


def main() -> None:
    assets.build()
    for number in map(int, sys.argv[1:] or SIZES):
        with tempfile.TemporaryDirectory() as folder, library(Path(folder), number) as (client, me):
            measure(client, me, Path(folder), number)


@contextlib.contextmanager
def library(instance: Path, number: int) -> Iterator[tuple[FlaskClient, int]]:
    os.environ["GALLERY_INSTANCE_PATH"] = str(instance)
    app = create_app({"TESTING": True})
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
        owner = make_user()
        db.session.remove()
        begin = time.monotonic()
        seed(instance, owner.email, number, draw=False)
        say(f"{number:,} photos, seeded in {time.monotonic() - begin:.0f} s")
        yield sign_in(app.test_client(), owner), owner.id
        db.session.remove()
        db.engine.dispose()


def measure(client: FlaskClient, me: int, instance: Path, number: int) -> None:
    assert client.get("/photos").status_code == 200  # from here on its forms have a token
    oldest = client.get("/photos/shape?until=1").json["sections"]
    newest = client.get("/photos/shape").json["sections"]
    first, last = newest[0], oldest[-1]
    cursor = f"_{last['first']}"
    acts: dict[str, Callable[[], object]] = {
        "first page": asks(client, "/photos"),
        "deepest page, by its cursor": asks(client, f"/photos?before={cursor}"),
        "a month in the middle": asks(client, f"/photos/{_middle(newest)}"),
        "first section": asks(client, _section(first)),
        "deepest section": asks(client, _section(last)),
        "shape of the document": asks(client, "/photos/shape"),
        "months, counted as they came": lambda: db.session.scalars(_months(me)).all(),
    }
    with contextlib.closing(sqlite3.connect(instance / "gallery.sqlite")) as bare:
        acts["months by GROUP BY"] = lambda: bare.execute(BY_MONTH, (me,)).fetchall()
        for name, act in acts.items():
            with told() as statements:  # apart from the rounds, in which to listen would be counted
                act()
            rounds = [(taken(act), taken(lambda: floor(bare, me))) for _ in range(ROUNDS + 1)][1:]
            median = statistics.median(seconds for seconds, _ in rounds)
            ratio = statistics.median(seconds / low for seconds, low in rounds)
            asked = f"{len(statements)} statements" if statements else ""
            say(f"  {name:<30} {median * 1e3:8.2f} ms {ratio:7.1f} x the floor   {asked}")


def taken(act: Callable[[], object]) -> float:
    """Seconds of processor time."""
    begin = time.process_time()
    act()
    return time.process_time() - begin


def asks(client: FlaskClient, path: str) -> Callable[[], None]:
    """Return what asks for a page; its request is put together before."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    headers = {"Cookie": f"session={cookie.value}"}
    # By another agent or address than it signed in by, each answer would bring a new cookie.
    agent = client.environ_base
    environment = EnvironBuilder(path=path, headers=headers, environ_base=agent).get_environ()
    application = client.application.wsgi_app

    def ask() -> None:
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        body = application(dict(environment), lambda *head: begun.append(head[:2]))
        assert b"".join(body) and begun[0][0] == "200 OK", (path, begun)
        assert "Set-Cookie" not in dict(begun[0][1])
        body.close()

    return lambda: Context().run(ask)  # as in a server, each has one of its own


def _section(outline: dict[str, str]) -> str:
    return f"/photos/section?from={outline['first']}&size={len(outline['shape'])}"


def _middle(outlines: list[dict[str, str]]) -> str:
    return outlines[len(outlines) // 2]["key"][:7].replace("-", "/")


def _months(owner_id: int):
    return db.select(MonthCount).where(MonthCount.owner_id == owner_id)


def floor(bare: sqlite3.Connection, me: int) -> str:
    rows = bare.execute(FLOOR, (me,)).fetchall()
    marks = ", ".join("?" * len(rows))
    made = bare.execute(PICTURES.format(marks), [row[0] for row in rows]).fetchall()
    pictures = "".join(f'<img src="/i/{n}/{variant}.{d}" {w}w>' for n, variant, d, w in made)
    return pictures + "".join(
        f'<li class="{shape}" data-c="{colour}"><a href="/p/{key}">{caption or taken}</a></li>'
        for _, key, shape, colour, caption, taken in rows
    )


@contextlib.contextmanager
def told() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
