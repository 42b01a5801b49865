"""Reads coordinates as people paste them: from a map, from a page of ours, from a guidebook."""

import re
from typing import NamedTuple

from flask_babel import gettext as _

from ..errors import NotPossible
from ..languages import N_

HOW = N_("Write a place as 48.8584, 2.2945: degrees north, then degrees east.")

_ONE = r"""
    (?P<{0}_before>[NSEW])? \s*
    (?P<{0}_sign>[-+−])? (?P<{0}_degrees> \d{{1,3}}(?:\.\d+)?) \s* °? \s*
    (?: (?P<{0}_minutes> \d{{1,2}}(?:\.\d+)?) \s* ['′’] \s*
        (?: (?P<{0}_seconds> \d{{1,2}}(?:\.\d+)?) \s* (?:["″”]|'') \s* )? )?
    (?({0}_before) | (?P<{0}_behind>[NSEW])? )
"""
_BOTH = re.compile(
    r"\s* (?:geo:)?" + _ONE.format("a") + r"(?: \s*[,;]\s* | \s+ )" + _ONE.format("b") + r"\s*",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_HEIGHT = re.compile(r"\s*·\s*[−-]?\d[^·]*$")  # as our own pages say it


class Coordinates(NamedTuple):
    """Degrees north and east."""

    latitude: float
    longitude: float


def coordinates_in(text: str) -> Coordinates:
    """Return what a text says, in degrees.

    :raises NotPossible: when that is no place on the earth.
    """
    if ";" in text:  # then the commas are decimal ones
        text = text.replace(",", ".")
    found = _BOTH.fullmatch(_HEIGHT.sub("", text))
    if found is None:
        raise NotPossible(_(HOW))
    (north, side), (east, other) = _one(found, "a"), _one(found, "b")
    if side in ("E", "W") and other in ("N", "S"):
        (north, side), (east, other) = (east, other), (north, side)
    if side in ("E", "W") or other in ("N", "S"):
        raise NotPossible(_(HOW))
    if abs(north) > 90 or abs(east) > 180:
        raise NotPossible(_("North goes from −90 to 90 degrees, and east from −180 to 180."))
    return Coordinates(north, east)


def _one(found: re.Match[str], name: str) -> tuple[float, str]:
    """Return degrees, south and west below zero, and the side where the text names one."""
    degrees = float(found[f"{name}_degrees"])
    degrees += float(found[f"{name}_minutes"] or 0) / 60
    degrees += float(found[f"{name}_seconds"] or 0) / 3600
    side = (found[f"{name}_behind"] or found[f"{name}_before"] or "").upper()
    is_below = found[f"{name}_sign"] in ("-", "−") or side in ("S", "W")
    return (-degrees if is_below else degrees), side
