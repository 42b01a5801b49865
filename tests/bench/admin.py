"""Every admin page with fifty people and with five thousand, a million photos in both.

Run it as ``python -m tests.bench.admin [photos]``. Statements, and processor time of whole
requests by the test client: medians of rounds that take the two galleries in turn.
"""

import contextlib
import datetime as dt
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from gallery import assets
from gallery.extensions import db
from gallery.factory import create_app
from tests.bench.pages import told
from tests.bench.servers import say
from tests.conftest import Browser
from tests.make import make_user, sign_in

ROUNDS = 21
PEOPLE = (50, 5_000)
PHOTOS = 1_000_000
LOOKED_AT = 20_000  # photos of whom the admin looks at: as many in both
YEARS = 20
ENTRIES, JOBS, ALBUMS = 100_000, 2_000, 40
PAGES = {
    "overview and people": "/admin/users",
    "people, largest first": "/admin/users?sort=-size",
    "people by a name": "/admin/users?q=person",
    "a person": "/admin/users/{folder}",
    "a person, to be deleted": "/admin/users/{folder}/delete",
    "a person's library": "/admin/galleries/{folder}",
    "a photo of theirs": "/admin/galleries/{folder}/p/{photo}",
    "invitations": "/admin/invitations",
    "jobs": "/admin/jobs",
    "storage": "/admin/storage",
    "integrity": "/admin/integrity",
    "log": "/admin/audit",
    "log by a name": "/admin/audit?who=person+4",
}
GOAL, MOST_STATEMENTS = 1.2, 8
# Each has some of every year; the second of them as many in both galleries.
THEIR_PHOTOS = """
INSERT INTO photos (id, public_id, owner_id, kind, set_name, filename, client_name, size, sha256,
  type, width, height, shape, turns, reason, local_day, sort_key, state, taken_at, taken_offset,
  created_at)
WITH RECURSIVE
numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :photos),
owned AS (
  SELECT n + 2 AS id, iif(n < :looked_at, 2, min(:people, 3 + (n - :looked_at) / :share)) AS owner,
    iif(n < :looked_at, n * :days / :looked_at, (n - :looked_at) % :share * :days / :share) AS ago
  FROM numbers
),
dated AS (
  SELECT *, strftime('%Y-%m-%d %H:%M:%S.000000', 'now', -ago || ' days') AS moment FROM owned
)
SELECT id, printf('%022d', id), owner, 'photo', 'photos', printf('%08d.jpg', id), id || '.jpg',
  3000000 + id % 1000, printf('%064x', id), 'image/jpeg', 4000, 3000, 'M', 0, '',
  substr(moment, 1, 10), moment || printf(' %08d', id), 'ready', moment, 0, moment
FROM dated"""
THEIR_PREVIEWS = """
INSERT INTO derivatives (photo_id, variant, set_name, filename, digest, width, height, size)
SELECT id, 'h240', 'previews', printf('%08d.webp', id), printf('%010x', id), 320, 240, 7000
FROM photos"""
THEIR_MONTHS = """
INSERT INTO month_counts (owner_id, month, photos)
SELECT owner_id, substr(local_day, 1, 7) || '-01', count(*) FROM photos GROUP BY 1, 2"""


def main() -> None:
    assets.build()
    photos = int(sys.argv[1]) if sys.argv[1:] else PHOTOS
    with contextlib.ExitStack() as stack:
        few, many = (stack.enter_context(gallery_of(people, photos)) for people in PEOPLE)
        say(f"{'':<26}{PEOPLE[0]:>8,} people {PEOPLE[1]:>8,} people   ratio   statements")
        for name, path in PAGES.items():
            compare(name, path, few, many)


@contextlib.contextmanager
def gallery_of(people: int, photos: int) -> Iterator[tuple[Flask, Browser]]:
    with tempfile.TemporaryDirectory() as folder:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GALLERY_INSTANCE_PATH", folder)
            app = create_app({"TESTING": True})
        app.test_client_class = Browser
        with app.app_context():
            upgrade()
            root = make_user("Root", is_admin=True)
            db.session.remove()
            db.engine.dispose()
            begin = time.monotonic()
            seed(Path(folder) / "gallery.sqlite", people, photos)
            say(f"{people:,} people, {photos:,} photos: {time.monotonic() - begin:.0f} s")
            client = sign_in(app.test_client(), root)
        yield app, client
        with app.app_context():
            db.engine.dispose()


def compare(name: str, path: str, *galleries: tuple[Flask, Browser]) -> None:
    address = path.format(folder="person-2", photo=f"{2:022}")
    seconds: list[list[float]] = [[] for _ in galleries]
    counts = [0 for _ in galleries]
    for _ in range(ROUNDS):
        for n, (app, client) in enumerate(galleries):
            with app.app_context(), told() as statements:
                begin = time.process_time()
                assert client.get(address).status_code == 200, address
                seconds[n].append(time.process_time() - begin)
            counts[n] = len([each for each in statements if not each.startswith("PRAGMA")])
    few, many = (statistics.median(each) * 1e3 for each in seconds)
    is_met = many / few <= GOAL and max(counts) <= MOST_STATEMENTS
    said = f"{counts[0]} and {counts[1]}{'' if is_met else '   over the goal'}"
    say(f"{name:<26}{few:12.1f} ms {many:12.1f} ms {many / few:7.2f}   {said}")


def seed(database: Path, people: int, photos: int) -> None:
    """Write the rows; of photos without the search, whose triggers would take minutes."""
    with contextlib.closing(sqlite3.connect(database)) as rows:
        rows.execute("PRAGMA journal_mode = OFF")
        rows.execute("PRAGMA synchronous = OFF")
        kept = rows.execute(
            "SELECT type, name, sql FROM sqlite_master"
            " WHERE sql IS NOT NULL AND tbl_name = 'photos' AND type IN ('index', 'trigger')"
        ).fetchall()
        for kind, name, _sql in kept:
            rows.execute(f"DROP {kind} {name}")
        share = (photos - LOOKED_AT) // (people - 2)
        fill(rows, "users", _users(people, share))
        facts = {"photos": photos, "people": people, "looked_at": LOOKED_AT, "share": share}
        rows.execute(THEIR_PHOTOS, {**facts, "days": YEARS * 365})
        rows.execute(THEIR_PREVIEWS)
        rows.execute(THEIR_MONTHS)
        fill(rows, "audit_entries", _entries(people))
        fill(rows, "jobs", _jobs())
        fill(rows, "invitations", _invitations())
        fill(rows, "albums", _albums())
        for _kind, _name, sql in kept:
            rows.execute(sql)
        rows.execute("ANALYZE")
        rows.commit()
        rows.execute("PRAGMA journal_mode = WAL")


def fill(rows: sqlite3.Connection, table: str, facts: Iterator[dict[str, object]]) -> None:
    first = next(facts)
    marks = ", ".join(f":{name}" for name in first)
    insert = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({marks})"
    rows.execute(insert, first)
    rows.executemany(insert, facts)


def _users(people: int, share: int) -> Iterator[dict[str, object]]:
    for n in range(2, people + 1):  # the first is the admin
        number = LOOKED_AT if n == 2 else share
        yield {
            **{"id": n, "name": f"Person {n}", "email": f"person-{n}@example.org"},
            **{"folder": f"person-{n}", "password_hash": "", "is_admin": 0, "is_disabled": 0},
            **{"byte_count": number * 3_000_000, "photo_count": number, "quota": 10**12},
            **{"created_at": _moment(n % 7000), "last_seen_at": _moment(n % 90)},
        }


def _entries(people: int) -> Iterator[dict[str, object]]:
    for n in range(1, ENTRIES + 1):
        whom = 2 + n * 7919 % (people - 1)
        yield {
            **{"id": n, "at": _moment((ENTRIES - n) // 50), "act": "photo", "actor_id": 1},
            **{"subject_id": whom, "actor_name": "Root", "subject_name": f"Person {whom}"},
        }


def _jobs() -> Iterator[dict[str, object]]:
    for n in range(2, JOBS + 2):
        yield {
            **{"kind": "derive", "target": n, "state": "done" if n % 20 else "parked"},
            **{"priority": 0, "tries": 1, "kills": 0, "reason": ""},
            **{"created_at": _moment(1), "started_at": _moment(1), "finished_at": _moment(1)},
        }


def _invitations() -> Iterator[dict[str, object]]:
    for n in range(100):
        yield {
            **{"public_id": f"{n:022}", "digest": f"{n:064x}", "maker_id": 1, "label": f"For {n}"},
            **{"is_admin": 0, "places": 2, "taken": n % 3, "created_at": _moment(n)},
            "expires_at": _moment(n - 50),
        }


def _albums() -> Iterator[dict[str, object]]:
    for n in range(1, ALBUMS + 1):
        yield {
            **{"id": n, "slug": f"album-{n}", "owner_id": 2, "title": f"Album {n}"},
            **{"visibility": ("private", "public")[n % 2], "photo_count": 0},
            **{"description": "", "sorting": "oldest", "is_arranged": 0},
            **{"created_at": _moment(n), "changed_at": _moment(n)},
        }


def _moment(days_ago: int) -> str:
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago, seconds=days_ago)
    return f"{moment:%Y-%m-%d %H:%M:%S}.000000"


if __name__ == "__main__":
    main()
