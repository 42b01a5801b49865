"""Places between places."""

from hypothesis import given
from hypothesis import strategies as st

from gallery.albums.positions import between, following


@given(st.lists(st.integers(0, 10**6), max_size=200))
def test_whatever_is_put_wherever_the_order_is_kept(choices: list[int]) -> None:
    places: list[str] = []
    for choice in choices:
        index = choice % (len(places) + 1)
        before = places[index - 1] if index else None
        after = places[index] if index < len(places) else None
        places.insert(index, between(before, after))

    assert places == sorted(set(places))


def test_a_place_at_the_end_stays_short() -> None:
    last = None
    for _ in range(50_000):
        last = following(last)

    assert len(last) == 8


def test_between_the_same_two_there_is_room_a_thousand_times() -> None:
    low, high = following(None), following(following(None))
    for _ in range(1000):
        new = between(low, high)
        assert low < new < high
        high = new

    assert len(high) < 250
