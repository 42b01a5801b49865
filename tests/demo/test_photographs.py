"""The demo's pictures: real JPEGs that a camera could have written."""

import datetime as dt
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import exifread
import pytest
from PIL import Image

from gallery.demo import Photograph
from gallery.demo.light import Sun
from gallery.demo.trips import TRIPS, Trip

UNTIL = dt.date(2026, 11, 1)
# In a process of its own, as the command line does it: where libvips has worked, no jail forks.
PROGRAM = """
import datetime as dt, pathlib, sys
from gallery.demo import photographs
folder, options = pathlib.Path(sys.argv[1]), eval(sys.argv[2])
for photograph in photographs(until=dt.date(2026, 11, 1), **options):
    (folder / photograph.filename).write_bytes(photograph.data)
    print(photograph.filename)
"""


def photographs(count: int, **options: int) -> list[Photograph]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", PROGRAM, folder, repr({"count": count, **options})]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        names = done.stdout.splitlines()
        return [Photograph(name, Path(folder, name).read_bytes()) for name in names]


@pytest.fixture(scope="module")
def roll() -> list[Photograph]:
    return photographs(10, long_side=160)


def exif(photograph: Photograph) -> dict[str, str]:
    tags = exifread.process_file(BytesIO(photograph.data), details=False)
    return {name: str(tag) for name, tag in tags.items()}


def taken(photograph: Photograph) -> dt.datetime:
    return dt.datetime.strptime(exif(photograph)["EXIF DateTimeOriginal"], "%Y:%m:%d %H:%M:%S")


def test_same_seed_gives_the_same_bytes() -> None:
    first, second = (photographs(4, long_side=96) for _ in range(2))

    assert first == second


def test_another_seed_gives_other_pictures() -> None:
    first, second = (photographs(1, seed=n, long_side=96) for n in (1, 2))

    assert first[0].data != second[0].data


def test_each_is_a_jpeg_of_the_asked_size(roll: list[Photograph]) -> None:
    pictures = [Image.open(BytesIO(photograph.data)) for photograph in roll]

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
    stored = [Image.open(BytesIO(photograph.data)) for photograph in roll]
    upright = [picture for picture in stored if picture.getexif().get(0x0112) in (6, 8)]

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
