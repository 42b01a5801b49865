"""Places in an order made by hand: between any two is always room for another.

A place is a text that sorts as its place does: eight digits of base 36, that count on at the
ends, and behind them a fraction where something was put in between. So whatever moves, one
row is written, and the others stay as they are.
"""

import itertools
from collections.abc import Iterator

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
WHOLE = 8  # digits: 1,400,000,000,000 to each side of the middle
MIDDLE = BASE**WHOLE // 2


def following(last: str | None) -> str:
    """Return the place behind the last one."""
    return _whole(_number(last) + 1)


def between(before: str | None, after: str | None) -> str:
    """Return a place behind the one and before the other; None is an end."""
    if after is None:
        return following(before)
    if before is None:
        return _whole(_number(after) - 1)
    middle = ""
    upper: str | None = after
    for index in itertools.count():
        low = DIGITS.index(before[index]) if index < len(before) else 0
        high = DIGITS.index(upper[index]) if upper and index < len(upper) else BASE
        if high - low > 1:
            return middle + DIGITS[(low + high) // 2]
        middle += DIGITS[low]
        if low < high:
            upper = None  # from here on all is below it
    raise AssertionError("unreachable")


def spread(before: str | None, after: str | None, number: int) -> list[str]:
    """Return places for some in a row; halving keeps them short."""
    if number == 0:
        return []
    if after is None:
        return list(itertools.islice(_endless(before), number))
    middle, half = between(before, after), number // 2
    return [*spread(before, middle, half), middle, *spread(middle, after, number - half - 1)]


def _endless(place: str | None) -> Iterator[str]:
    while True:
        place = following(place)
        yield place


def _number(place: str | None) -> int:
    return int(place[:WHOLE], BASE) if place else MIDDLE


def _whole(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, BASE)
        digits = DIGITS[digit] + digits
    return digits.zfill(WHOLE)
