"""Setting right what a camera's clock said, for all that it took."""

import datetime as dt
import html

import pytest
from flask import Flask

from gallery.accounts.models import User
from gallery.extensions import begin_writing, db
from gallery.photos import timeline, trash
from gallery.photos.acts import perform
from gallery.photos.models import Photo, Source
from gallery.photos.shifting import Shift
from gallery.photos.verify import verify
from gallery.photos.worded_acts import clocked
from tests.conftest import Browser
from tests.make import jpeg, make_photo, make_user, sign_in
from tests.photos.test_derivatives import work
from tests.photos.test_live import halves

JULY = dt.datetime(2024, 7, 31, 23, 30)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
CAMERA = "FUJIFILM X-T5"
ASKED = {"camera": CAMERA, "way": "later", "days": "0", "hours": "1", "minutes": "0", "zone": ""}


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user()
    sign_in(client, ada)
    return ada


@pytest.fixture
def photos(app: Flask, ada: User) -> list[Photo]:
    """Three days of a journey."""
    photos = [
        make_photo(ada, jpeg((60, 40), seed=day, taken=JULY - day * DAY, offset="+02:00"))
        for day in range(3)
    ]
    work(app)
    return photos


def clocks(photos: list[Photo]) -> list[dt.datetime]:
    db.session.expire_all()
    return [timeline.moment_of(photo).replace(tzinfo=None) for photo in photos]


def counts(owner: User) -> dict[str, int]:
    return {f"{each.month:%Y-%m}": each.photos for each in timeline.calendar_of(owner).months}


def test_all_of_a_camera_moves_and_the_months_are_counted(
    client: Browser, ada: User, photos: list[Photo]
) -> None:
    answer = client.submit("/photos/shift", **ASKED)

    assert (answer.status_code, answer.location) == (303, "/photos")
    assert clocks(photos) == [JULY - day * DAY + HOUR for day in range(3)]
    assert {photo.taken_source for photo in photos} == {Source.OWNER}
    assert {photo.taken_offset for photo in photos} == {120}
    assert counts(ada) == {"2024-08": 1, "2024-07": 2}
    assert verify().wrong == []


def test_only_the_days_that_were_named(client: Browser, photos: list[Photo]) -> None:
    days = {"first": "2024-07-29", "last": "2024-07-30"}

    client.submit("/photos/shift", **ASKED | days | {"way": "earlier", "days": "400"})

    moved = dt.timedelta(days=400, hours=1)
    assert clocks(photos) == [JULY, JULY - DAY - moved, JULY - 2 * DAY - moved]


def test_zone_is_said_and_the_clock_stays(client: Browser, photos: list[Photo]) -> None:
    client.submit("/photos/shift", **ASKED | {"hours": "0", "zone": "330"})

    assert clocks(photos)[0] == JULY
    assert {photo.taken_offset for photo in photos} == {330}


def test_zone_of_what_knew_only_the_instant_moves_its_clock() -> None:
    noon = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    photo = Photo(taken_at=noon, taken_offset=None, taken_source=Source.CONTAINER)

    clock, _ = Shift(CAMERA, by=dt.timedelta(0), zone=120).shifted(photo)

    assert clock == noon + 2 * HOUR


def test_what_is_in_the_trash_or_of_others_or_undated_stays(
    app: Flask, client: Browser, ada: User, photos: list[Photo]
) -> None:
    other = make_photo(make_user("Jonas Holm"), jpeg((60, 40), seed=7, taken=JULY))
    undated = make_photo(ada, jpeg((60, 40), seed=8))
    work(app)
    begin_writing()
    trash.discard(photos[0])
    db.session.commit()

    client.submit("/photos/shift", **ASKED)

    assert clocks([photos[0], other]) == [JULY, JULY]
    assert undated.taken_source is Source.UPLOAD
    assert clocks(photos)[1] == JULY - DAY + HOUR


def test_motion_follows_its_still(client: Browser) -> None:
    ada = make_user()
    still, motion = halves(ada)
    begin_writing()
    still.camera = CAMERA
    shift = Shift(CAMERA, by=DAY)
    db.session.flush()

    perform(clocked(shift.shifted), ada, shift.photos_of(ada))
    db.session.commit()

    db.session.expire_all()
    assert motion.taken_at == still.taken_at == dt.datetime(2026, 7, 2, 12, tzinfo=dt.UTC)
    assert sum(counts(ada).values()) == 1


def test_preview_changes_nothing(client: Browser, photos: list[Photo]) -> None:
    page = client.get("/photos/shift", query_string=ASKED).text

    assert "Move 3 photos" in page
    assert "31 July 2024, 23:30:00 · GMT+2" in page and "1 August 2024, 00:30:00 · GMT+2" in page
    assert clocks(photos) == [JULY - day * DAY for day in range(3)]


def test_page_offers_the_cameras_there_are(client: Browser, photos: list[Photo]) -> None:
    page = client.get("/photos/shift").text

    assert f"{CAMERA} · 3 photos" in page and "Move" not in page


def test_page_without_cameras_says_so(client: Browser, ada: User) -> None:
    assert "No camera yet" in client.get("/photos/shift").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"hours": "0"}, "Say by how much, or in which time zone."),
        ({"hours": "24"}, "Write a number from 0 to 23"),
        ({"days": "-1"}, "Write a number from 0 to 36,500"),
        ({"days": "many"}, "Write a number from 0 to 36,500"),
        ({"days": "36500"}, "That would bring photos into the future"),
        ({"days": "36500", "way": "earlier"}, None),
        ({"first": "2024-08-02", "last": "2024-08-01"}, "That is before the first day."),
        ({"first": "2024-08-02"}, "That camera took nothing on those days."),
        ({"camera": "Another"}, "Choose one of those that are offered."),
        ({"zone": "7"}, "Choose one of those that are offered."),
    ],
)
def test_mistake_is_said_in_a_sentence(
    client: Browser, photos: list[Photo], fields: dict[str, str], sentence: str | None
) -> None:
    looked = client.get("/photos/shift", query_string=ASKED | fields)
    done = client.submit("/photos/shift", **ASKED | fields)

    if sentence is None:
        assert (looked.status_code, done.status_code) == (200, 303)
    else:
        assert (looked.status_code, done.status_code) == (422, 422)
        assert sentence in html.unescape(looked.text) and sentence in html.unescape(done.text)
        assert clocks(photos) == [JULY - day * DAY for day in range(3)]
