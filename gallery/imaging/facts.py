"""Reads the facts out of a report from the jail, where a stranger may have written it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime

from .outcome import Facts

TEXT = 10_000  # characters
WORDS = 200
KEPT = "\n\u200c\u200d"  # joiners are invisible, and yet emoji and Persian words hang on them
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


def facts_in(report: Mapping[str, object]) -> Facts:
    """The facts that a report holds, under their names.

    :raises ValueError: one of them is of another kind than it should be, or has no bounds.
    :raises TypeError: likewise.
    """
    known = {each.name: report.get(each.name) for each in fields(Facts)}
    said = {name: value for name, value in known.items() if value is not None}
    return Facts(**{name: _READ.get(name, _number)(value) for name, value in said.items()})  # type: ignore[arg-type]


def _whole(value: object) -> int:
    if type(value) is int and abs(value) < 1 << 31:
        return value
    raise ValueError(value)


def _number(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise ValueError(value)


def _text(value: object) -> str:
    """A text as it may be kept: lines and what can be seen, and not too much."""
    if not isinstance(value, str):
        raise TypeError(value)
    return "".join(c for c in value[:TEXT] if c in KEPT or c.isprintable()).strip()


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(filter(None, map(_text, value[:WORDS])))


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value)).replace(tzinfo=None)
    if not 1000 < moment.year < 9000:  # so that a zone may be added
        raise ValueError(value)
    return moment


def _offset(value: object) -> int:
    minutes = _whole(value)
    if abs(minutes) >= 24 * 60:
        raise ValueError(value)
    return minutes


def _colour(value: object) -> str:
    if _COLOUR.fullmatch(_text(value)):
        return _text(value)
    raise ValueError(value)


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(value)


# What is not here is a measure.
_READ: dict[str, Callable[[object], object]] = {
    **dict.fromkeys(("width", "height", "iso", "rating"), _whole),
    **dict.fromkeys(("taken", "instant"), _moment),
    **dict.fromkeys(("camera", "lens", "caption"), _text),
    **dict.fromkeys(("keywords", "codecs"), _words),
    "offset": _offset,
    "colour": _colour,
    "is_animated": _truth,
}
