"""Places between places."""

from hypothesis import given
from hypothesis import strategies as st

from gallery.albums.positions import between, following, spread


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


@given(
    st.sampled_from([None, "i0000000"]), st.sampled_from([None, "i0000001"]), st.integers(0, 999)
)
def test_many_in_a_row_find_room(before: str | None, after: str | None, number: int) -> None:
    places = spread(before, after, number)

    assert len(places) == number
    assert places == sorted(set(places))
    assert all((before or "") < place < (after or "~") for place in places)
    assert max(map(len, places), default=0) <= 20
