"""The charts of the overview, as rows have it."""

import csv
import datetime as dt
import re

import pytest
from flask import Flask

from gallery.admin import growth
from gallery.extensions import db
from gallery.photos.models import Photo
from tests.conftest import Browser
from tests.crowded import crowd, statements
from tests.make import make_user, sign_in

NOW = dt.datetime(2026, 3, 31, 23, 59, tzinfo=dt.UTC)


@pytest.fixture
def boss(client: Browser) -> Browser:
    return sign_in(client, make_user("Root Boss", is_admin=True))


@pytest.fixture
def place(app: Flask, boss: Browser, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A place of two people, whose photos of a kilobyte came over the years."""
    came = [
        *(NOW.replace(year=2020), dt.datetime(2025, 4, 30, 23, 59, 59, tzinfo=dt.UTC)),
        *(dt.datetime(2025, 5, 1, tzinfo=dt.UTC), dt.datetime(2026, 2, 28, tzinfo=dt.UTC)),
        *(dt.datetime(2026, 3, 1, 23, 59, tzinfo=dt.UTC), dt.datetime(2026, 3, 2, tzinfo=dt.UTC)),
        *(NOW, NOW),
    ]
    for name in ("Ada", "Eve"):
        crowd(make_user(name), len(came) // 2, day=NOW.date())
    for photo, moment in zip(db.session.scalars(db.select(Photo)), came, strict=True):
        photo.created_at = moment
    db.session.commit()
    monkeypatch.setattr(growth, "now", lambda: NOW)
    return boss


def table(browser: Browser, path: str) -> list[list[str]]:
    answer = browser.get(path)
    assert answer.mimetype == "text/csv"
    return list(csv.reader(answer.text.splitlines()))[1:]


def test_storage_is_told_for_the_end_of_each_month(place: Browser) -> None:
    rows = table(place, "/admin/stored.csv")

    assert rows[0] == ["2025-04-01", "2000"] and rows[1] == ["2025-05-01", "3000"]
    assert rows[9:] == [["2026-01-01", "3000"], ["2026-02-01", "4000"], ["2026-03-01", "8000"]]
    assert len(rows) == 12


def test_uploads_are_told_for_each_day(place: Browser) -> None:
    rows = dict(table(place, "/admin/uploaded.csv"))

    assert len(rows) == 30 and min(rows) == "2026-03-02" and max(rows) == "2026-03-31"
    assert {day: number for day, number in rows.items() if number != "0"} == {
        "2026-03-02": "1",
        "2026-03-31": "2",
    }


def test_charts_say_and_draw_the_same_by_few_statements(place: Browser) -> None:
    with statements() as told:
        page = place.get("/admin/users").text

    storage, uploads = re.findall(r'role="img" aria-label="([^"]+)"', page)
    assert storage.startswith("2 KB were stored at the end of April 2025 and 8 KB are now, ")
    assert "3 files came in 30 days: 1 file on 2 March 2026, 2 files today" in uploads
    assert "at most 2 files on one day, 31 March 2026" in uploads
    assert '<tr><td>May 2025</td><td class="number">3 KB</td></tr>' in page
    bars = re.search(r'class="chart-bars" d="([^"]+)"', page)[1]
    heights = re.findall(r"V([\d.]+)h", bars)
    assert (heights[0], heights[1], heights[-1]) == ("50.00", "100.00", "0.00")
    assert len([statement for statement in told if not statement.startswith("BEGIN")]) <= 8, told


def test_an_empty_place_has_charts(boss: Browser) -> None:
    page = boss.get("/admin/users").text

    assert page.count('role="img"') == 2 and "nan" not in page
    assert "0 bytes are now" in page and "Nothing of what is here came" in page


def test_what_is_stored_is_summed_from_the_index_alone(place: Browser) -> None:
    with statements() as told:
        growth.stored()

    plan = db.session.connection().exec_driver_sql(
        "EXPLAIN QUERY PLAN " + told[-1], ("2026",) * told[-1].count("?")
    )
    reads = [row.detail for row in plan if "photos" in row.detail]
    assert len(reads) == 11 and all("COVERING INDEX" in read for read in reads), reads
