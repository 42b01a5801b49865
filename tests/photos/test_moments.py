"""When a photo was taken, and by whose word."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.imaging import Facts
from gallery.photos.models import Kind, Photo, Source
from gallery.photos.moments import decide, moment_in, time_of_file, zone_between

CLOCK = dt.datetime(2024, 7, 31, 23, 30, 5, 120_000)
ADDED = dt.datetime(2026, 11, 26, 8, 0, tzinfo=dt.UTC)
FILE = dt.datetime(2019, 3, 2, 10, 11, 12, tzinfo=dt.UTC)
NAME = "IMG_20130824_101112.jpg"


def decided(
    facts: Facts | None = None,
    *,
    name: str = "cat.jpg",
    modified_at: dt.datetime | None = None,
    kind: Kind = Kind.PHOTO,
) -> Photo:
    photo = Photo(client_name=name, modified_at=modified_at, created_at=ADDED, kind=kind)
    decide(photo, facts)
    return photo


def utc(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=dt.UTC)


def test_better_witness_goes_first() -> None:
    satellite = dt.datetime(2024, 7, 31, 21, 30)
    everything = {"name": NAME, "modified_at": FILE}

    sources = [
        decided(Facts(taken=CLOCK, offset=60, instant=satellite), **everything).taken_source,
        decided(Facts(taken=CLOCK, instant=satellite), **everything).taken_source,
        decided(Facts(taken=CLOCK), **everything).taken_source,
        decided(**everything).taken_source,
        decided(modified_at=FILE).taken_source,
        decided().taken_source,
    ]

    assert sources == ["zone", "gps", "clock", "name", "file", "upload"]


def test_zone_of_the_camera_gives_the_instant_and_the_day() -> None:
    photo = decided(Facts(taken=CLOCK, offset=120))

    assert photo.taken_at == utc(2024, 7, 31, 21, 30, 5, 120_000)
    assert (photo.taken_offset, photo.local_day) == (120, dt.date(2024, 7, 31))


def test_zone_is_told_by_the_satellites() -> None:
    photo = decided(Facts(taken=CLOCK, instant=dt.datetime(2024, 7, 31, 17, 59, 50)))

    assert (photo.taken_offset, photo.taken_at) == (330, utc(2024, 7, 31, 18, 0, 5, 120_000))


@pytest.mark.parametrize(
    ("behind", "minutes"),
    [
        (dt.timedelta(0), 0),
        (dt.timedelta(hours=2, seconds=9), 120),
        (dt.timedelta(hours=-8), -480),
        (dt.timedelta(hours=5, minutes=45), 345),
        (dt.timedelta(hours=2, minutes=7), None),
        (dt.timedelta(hours=2, minutes=15), None),
        (dt.timedelta(hours=15), None),
        (dt.timedelta(days=7168), None),
    ],
    ids=["utc", "summer", "pacific", "nepal", "old fix", "no zone", "too far", "week rollover"],
)
def test_zone_between_clock_and_satellites(behind: dt.timedelta, minutes: int | None) -> None:
    assert zone_between(CLOCK, CLOCK - behind) == minutes


def test_clock_that_the_satellites_belie_stands_without_a_zone() -> None:
    photo = decided(Facts(taken=CLOCK, instant=CLOCK - dt.timedelta(days=3)))

    assert (photo.taken_source, photo.taken_offset) == (Source.CLOCK, None)


@pytest.mark.parametrize(
    ("kind", "source"), [(Kind.PHOTO, Source.GPS), (Kind.VIDEO, Source.CONTAINER)]
)
def test_instant_alone_is_of_satellites_or_of_the_container(kind: Kind, source: Source) -> None:
    photo = decided(Facts(instant=dt.datetime(2024, 1, 1, 9)), kind=kind)

    assert (photo.taken_source, photo.taken_at) == (source, utc(2024, 1, 1, 9))


def test_clock_of_the_day_after_tomorrow_is_no_witness() -> None:
    ahead = ADDED.replace(tzinfo=None) + dt.timedelta(days=2)

    assert decided(Facts(taken=ahead), name=NAME).taken_source is Source.NAME
    assert decided(Facts(taken=ahead)).taken_source is Source.UPLOAD


def test_satellites_count_where_the_clock_was_never_set() -> None:
    ahead = ADDED.replace(tzinfo=None) + dt.timedelta(days=2)
    photo = decided(Facts(taken=ahead, instant=dt.datetime(2024, 7, 31, 21, 30)))

    assert (photo.taken_source, photo.taken_at) == (Source.GPS, utc(2024, 7, 31, 21, 30))


def test_clock_ahead_by_its_zone_is_one() -> None:
    ahead = ADDED.replace(tzinfo=None) + dt.timedelta(hours=13)

    assert decided(Facts(taken=ahead)).taken_source is Source.CLOCK


def test_photo_without_a_date_stands_where_it_was_added() -> None:
    photo = decided()

    assert (photo.taken_at, photo.local_day) == (None, ADDED.date())


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("IMG_20130824_101112.jpg", (2013, 8, 24, 10, 11, 12)),
        ("PXL_20210101_120000123.PORTRAIT.jpg", (2021, 1, 1, 12, 0, 0, 123_000)),
        ("VID_20190821_112136.mp4", (2019, 8, 21, 11, 21, 36)),
        ("20130824_101112.jpg", (2013, 8, 24, 10, 11, 12)),
        ("20130824101112.jpg", (2013, 8, 24, 10, 11, 12)),
        ("IMG_20130824_101112_1.jpg", (2013, 8, 24, 10, 11, 12)),
        ("IMG_20130824_101112(2).jpg", (2013, 8, 24, 10, 11, 12)),
        ("IMG-20190102-WA0001.jpg", (2019, 1, 2, 12)),
        ("2019-03-02 10.11.12.jpg", (2019, 3, 2, 10, 11, 12)),
        ("2019-03-02T10:11:12.jpg", (2019, 3, 2, 10, 11, 12)),
        ("2019-03-02-IMG_1234.jpg", (2019, 3, 2, 12)),
        ("2019-03-02 3.jpg", (2019, 3, 2, 12)),
        ("Screenshot_20200101-101112.png", (2020, 1, 1, 10, 11, 12)),
        ("Screenshot_2020-01-01-10-11-12-345_app.png", (2020, 1, 1, 10, 11, 12)),
        ("Screenshot 2020-05-01 at 3.04.05 PM.png", (2020, 5, 1, 15, 4, 5)),
        ("Screenshot 2020-05-01 at 12.04.05\u202fAM.png", (2020, 5, 1, 0, 4, 5)),
        ("signal-2020-05-01-101112.jpg", (2020, 5, 1, 10, 11, 12)),
        ("WhatsApp Image 2020-05-01 at 10.11.12.jpeg", (2020, 5, 1, 10, 11, 12)),
        ("WhatsApp Image 2020-05-01 at 10.11.12 (1).jpeg", (2020, 5, 1, 10, 11, 12)),
    ],
)
def test_moment_in_a_name(name: str, moment: tuple[int, ...]) -> None:
    assert moment_in(name) == dt.datetime(*moment)


@pytest.mark.parametrize(
    "name",
    [
        "DSC_0001.jpg",
        "DSC20081.jpg",
        "IMG_9.jpg",
        "IMG_20131324_101112.jpg",
        "IMG_20130230_101112.jpg",
        "IMG_18991231_235959.jpg",
        "120130824_101112.jpg",
        "1920x1080.jpg",
        "2019-03_02.jpg",
        "unnamed",
    ],
)
def test_name_without_a_moment(name: str) -> None:
    assert moment_in(name) is None


def test_name_of_the_future_is_no_witness() -> None:
    assert decided(name="IMG_20990101_101112.jpg").taken_source is Source.UPLOAD


@given(st.text(max_size=200) | st.from_regex(r"\A[0-9 ._:-]{0,60}\Z"))
def test_any_name_is_read(name: str) -> None:
    moment = moment_in(name)

    assert moment is None or 1900 <= moment.year < 2100


@pytest.mark.parametrize("seconds", [-1e30, -1, 0, 315_532_800, 4e9, 1e30, float("nan")])
def test_time_that_no_file_has_is_none(seconds: float) -> None:
    assert time_of_file(seconds) is None


def test_time_of_a_file_is_kept() -> None:
    assert time_of_file(FILE.timestamp()) == FILE
