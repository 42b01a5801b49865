"""The names of places, found on this machine."""

import pytest
from flask import Flask

from gallery.extensions import begin_writing, db
from gallery.photos import tending
from gallery.photos.places import name_of_place
from tests.imaging.blocks import IN_PARTS, exif_of, jpeg_with
from tests.make import jpeg, make_photo, make_user
from tests.photos.test_derivatives import work

IN_PARIS = exif_of({0x010F: "FUJIFILM"}, gps={1: "N", 3: "E", **IN_PARTS})


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (43.2687, -2.934, "Bilbao, Spain"),
        (48.8584, 2.2945, "Paris, France"),
        (40.758, -73.9855, "New York City, United States"),
        (40.72, -74.05, "Jersey City, United States"),
        (41.9033, 12.4534, "Vatican City, Vatican"),
        (43.74, 7.42, "Monaco"),
        (69.65, 18.96, "Tromsø, Norway"),
        (-17.8, -179.99, ""),
        (0.0, -30.0, ""),
        (90.0, 0.0, ""),
        (None, None, ""),
    ],
    ids=[
        *("a city", "no quarter of it", "a big city", "beside it, in another province"),
        *("inside it, in another country", "a city and country", "far north"),
        *("the edge of the map", "the sea", "the pole", "nowhere"),
    ],
)
def test_place_is_called_by_its_town(
    latitude: float | None, longitude: float | None, name: str
) -> None:
    assert name_of_place(latitude, longitude) == name


@pytest.mark.parametrize("longitude", [178.44, -181.56, 538.44])
def test_town_is_found_over_the_edge_of_the_map(longitude: float) -> None:
    assert name_of_place(-18.14, longitude) == "Suva, Fiji"


def test_place_is_named_when_it_is_read_put_and_taken_away(app: Flask) -> None:
    photo = make_photo(make_user(), jpeg_with(exif=IN_PARIS))

    work(app)
    assert photo.place_name == "Paris, France"

    begin_writing()
    tending.put(photo, 43.2687, -2.934)
    assert photo.place_name == "Bilbao, Spain"

    tending.forget_place(photo)
    assert photo.place_name == ""


def test_places_that_had_no_name_get_one(app: Flask) -> None:
    ada = make_user()
    spots = [(43.2687, -2.934), (0.0, -30.0), (None, None)]
    photos = [make_photo(ada, jpeg(seed=n)) for n in range(3)]
    begin_writing()
    for photo, spot in zip(photos, spots, strict=True):
        photo.latitude, photo.longitude = spot
    db.session.commit()

    done = app.test_cli_runner().invoke(args=["gallery", "places"])

    assert done.output == "Every place has its name.\n"
    db.session.expire_all()
    assert [photo.place_name for photo in photos] == ["Bilbao, Spain", "", ""]
