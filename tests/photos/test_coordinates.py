"""Coordinates as people paste them."""

import pytest

from gallery.errors import NotPossible
from gallery.photos.coordinates import coordinates_in
from gallery.photos.wording import place_in_words

PARIS = (48.8584, 2.2945)
SYDNEY = (-33.8568, 151.2153)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("48.8584, 2.2945", PARIS),
        (" 48.8584 2.2945 ", PARIS),
        ("48.8584,2.2945", PARIS),
        ("48,8584; 2,2945", PARIS),
        ("48.8584° N, 2.2945° E", PARIS),
        ("48.8584N 2.2945E", PARIS),
        ("N 48.8584 E 2.2945", PARIS),
        ("2.2945° E, 48.8584° N", PARIS),
        ("geo:48.8584,2.2945", PARIS),
        ("48°51'30.24\"N 2°17'40.2\"E", PARIS),
        ("48° 51′ 30.24″ N, 2° 17′ 40.2″ E", PARIS),
        ("48°51.504'N 2°17.67'E", PARIS),
        ("-33.8568, 151.2153", SYDNEY),
        ("−33.8568, +151.2153", SYDNEY),
        ("33.8568° s, 151.2153° e", SYDNEY),
        ("90, -180", (90, -180)),
    ],
)
def test_place_is_read(text: str, place: tuple[float, float]) -> None:
    assert coordinates_in(text) == pytest.approx(place, abs=1e-6)


@pytest.mark.parametrize("height", [None, 35.4, -430.5, 8848.9])
def test_our_own_words_are_read_again(height: float | None) -> None:
    words = place_in_words(*SYDNEY, height)

    assert coordinates_in(words) == pytest.approx(SYDNEY)


@pytest.mark.parametrize(
    "text",
    ["", "here", "48.8584", "1, 2, 3", "48 N, 2 N", "2 E, 48 W", "1e1, 2", "90.1, 0", "0, 180.1"],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(NotPossible, match=r"degrees"):
        coordinates_in(text)
