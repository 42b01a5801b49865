"""Reads what a program sends in JSON, and says in a sentence what is wrong with it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import abort, request
from flask_babel import gettext as _

from ..languages import grouped
from ..photos.limits import LISTED

Value = TypeVar("Value")
LARGEST = 2**53  # whole numbers that every program reads and every database keeps


def body() -> dict[str, Any]:
    """The JSON object of this request.

    :raises werkzeug.exceptions.BadRequest: when it is none.
    """
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        abort(400, _("The body has to be a JSON object."))
    return found


def listed(name: str, values: object, read: Callable[[Any], Value]) -> list[Value]:
    """Every value of a list or an object, read by a function that raises for a wrong one.

    :raises werkzeug.exceptions.BadRequest: when one is wrong, or there are too many.
    """
    if not isinstance(values, list | dict) or len(values) > LISTED:
        most = grouped(LISTED)
        abort(400, _("“%(name)s” has to have up to %(number)s entries.", name=name, number=most))
    entries: Iterable[Any] = values.items() if isinstance(values, dict) else values
    try:
        return [read(entry) for entry in entries]
    except (KeyError, TypeError, ValueError):
        abort(400, _("“%(name)s” has an entry that cannot be read.", name=name))


def number(value: object) -> int:
    """A whole number from 0 up, also as the text that a key of an object is.

    :raises ValueError: when it is none.
    """
    if isinstance(value, str) and value.isdecimal() and len(value) < 16:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < LARGEST:
        raise ValueError
    return value
