"""Reads the values of EXIF tags, each of which may be of any kind that a stranger likes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real

TEXT = 10_000  # characters or numbers; a longer list of these is none


class Tags:
    """The tags of a block as exifread names them."""

    def __init__(self, found: Mapping[str, object]) -> None:
        self._found = found

    def text(self, name: str) -> str:
        """A text, or ""; of bytes that are not UTF-8, as old cameras wrote them."""
        values = getattr(self._found.get(name), "values", "")
        if isinstance(values, bytes):
            values = values.decode("latin-1")
        return values[:TEXT].strip() if isinstance(values, str) else ""

    def numbers(self, name: str) -> list[float]:
        """All numbers of a tag, or none if one of them is no number, such as 0/0."""
        values = getattr(self._found.get(name), "values", ())
        if not isinstance(values, list | tuple):
            return []
        found = [number for number in map(_number, values[:TEXT]) if number is not None]
        return found if len(found) == len(values) else []

    def number(self, name: str, *, least: float, most: float) -> float | None:
        """The first number of a tag, if it is within these bounds."""
        numbers = self.numbers(name)
        return numbers[0] if numbers and least <= numbers[0] <= most else None

    def windows(self, name: str) -> str:
        """A text that Windows wrote, in UTF-16."""
        try:
            found = bytes(int(number) for number in self.numbers(f"Image {name}"))
        except ValueError:
            return ""
        return found.decode("utf-16-le", "ignore").partition("\0")[0].strip()


def _number(value: object) -> float | None:
    # exifread's 0/0 is a ratio like all others until its denominator is looked at.
    if not isinstance(value, Real) or getattr(value, "denominator", 1) == 0:
        return None
    number = float(value)
    return number if math.isfinite(number) else None
