"""Tells from the name that a program gave to a value whether it may tell a place."""

from __future__ import annotations

import re

# Of properties in XMP, keys of videos and keywords of PNG. Case matters where a word ends
# another: there is a city in "Opacity".
_PLACES = re.compile(
    r"(?i:gps|geo|iso6709|latitude|longt?itude|altitude|locat|countr|provinc|landmark|rtk)"
    r"|City|State|CiAdr|WorldRegion|Place(?:Name)?$|(?i:coverage|spatial|venue)"
    r"|^(?:lat|lon|long|lng|alt|city|state|place)$"
)
# What lies in a file of sounds among other bytes, so long that chance does not write it.
_MARKS = re.compile(
    rb"GPS[LAPTDSI_ =]|(?i:latitude|longitude|location|iso.?6709|geotag|\xa9xyz)"
    rb"|Exif\0\0|ns\.adobe\.com|xmpmeta|Photoshop 3\.0|8BIM|JUMBF|c2pa"
)


def is_place(name: str) -> bool:
    """Whether what has this name may tell a place; its prefix says nothing."""
    return bool(_PLACES.search(name.rpartition(":")[2]))


def is_marked(data: bytes) -> bool:
    """Whether among these bytes is anything that could hold a place."""
    return bool(_MARKS.search(data) or _MARKS.search(data.replace(b"\0", b"")))
