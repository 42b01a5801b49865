"""The demo's pictures: real JPEGs that a camera could have written."""

import datetime as dt
from io import BytesIO

import exifread
import pytest
import pyvips

from gallery.demo import Photograph, photographs
from gallery.demo.light import Sun
from gallery.demo.trips import TRIPS, Trip

UNTIL = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def roll() -> list[Photograph]:
    return list(photographs(10, until=UNTIL, long_side=160))


def exif(photograph: Photograph) -> dict[str, str]:
    tags = exifread.process_file(BytesIO(photograph.data), details=False)
    return {name: str(tag) for name, tag in tags.items()}


def taken(photograph: Photograph) -> dt.datetime:
    return dt.datetime.strptime(exif(photograph)["EXIF DateTimeOriginal"], "%Y:%m:%d %H:%M:%S")


def test_same_seed_gives_the_same_bytes() -> None:
    first, second = (list(photographs(4, until=UNTIL, long_side=96)) for _ in range(2))

    assert first == second


def test_another_seed_gives_other_pictures() -> None:
    first, second = (next(photographs(1, seed=n, until=UNTIL, long_side=96)) for n in (1, 2))

    assert first.data != second.data


def test_each_is_a_jpeg_of_the_asked_size(roll: list[Photograph]) -> None:
    pictures = [pyvips.Image.jpegload_buffer(photograph.data) for photograph in roll]

    assert {max(picture.width, picture.height) for picture in pictures} == {160}


def test_no_two_share_a_name(roll: list[Photograph]) -> None:
    assert len({photograph.filename.lower() for photograph in roll}) == len(roll)


def test_each_tells_camera_exposure_and_place(roll: list[Photograph]) -> None:
    wanted = {"Image Make", "Image Model", "EXIF LensModel", "EXIF ExposureTime", "EXIF FNumber"}
    wanted |= {"EXIF ISOSpeedRatings", "EXIF FocalLength", "EXIF OffsetTimeOriginal"}
    wanted |= {"GPS GPSLatitude", "GPS GPSLatitudeRef", "GPS GPSLongitude", "GPS GPSLongitudeRef"}

    assert all(wanted <= exif(photograph).keys() for photograph in roll)


def test_they_come_in_order_over_three_years(roll: list[Photograph]) -> None:
    dates = [taken(photograph) for photograph in roll]

    assert dates == sorted(dates)
    assert dates[-1].date() <= UNTIL
    assert 365 < (dates[-1] - dates[0]).days < 3 * 366


def test_an_upright_picture_is_stored_on_its_side(roll: list[Photograph]) -> None:
    stored = [pyvips.Image.jpegload_buffer(photograph.data) for photograph in roll]
    upright = [picture for picture in stored if picture.get("orientation") in (6, 8)]

    assert upright
    assert all(picture.width > picture.height for picture in upright)


@pytest.mark.parametrize("trip", TRIPS, ids=lambda trip: f"{trip.month:02}-{trip.day:02}")
def test_a_trip_is_over_by_the_last_day(trip: Trip) -> None:
    during = dt.date(2026, trip.month, trip.day) + dt.timedelta(days=1)

    last = trip.taken(len(trip.motifs) - 1, Sun(20), during, evening=True)

    assert last.date() <= during


def test_light_and_clock_agree() -> None:
    trip = TRIPS[0]

    dawn, dusk = (trip.taken(0, Sun(0), UNTIL, evening=late) for late in (False, True))

    assert (dawn.hour, dusk.hour) == (8, 19)  # as in any almanac, for Tennessee in October
