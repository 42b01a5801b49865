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
# What stands in small letters among other bytes, so long that chance does not write it.
_LONG = (
    *(b"latitude", b"longitude", b"location", b"iso6709", b"iso-6709", b"geotag", b"exif\0\0"),
    *(b"ns.adobe.com", b"xmpmeta", b"photoshop 3.0", b"s_text/"),
)
_SHORT = re.compile(rb"GPS[LAPTDSI_ =]|\xa9xyz|8BIM|JUMBF|c2pa")
LONGEST = 16  # bytes of such a mark


def is_place(name: str) -> bool:
    """Whether what has this name may tell a place; its prefix says nothing."""
    return bool(_PLACES.search(name.rpartition(":")[2]))


def is_marked(data: bytes) -> bool:
    """Whether among these bytes, in one byte a letter or two, may be one that tells a place."""
    narrow = data.replace(b"\0", b"")
    return is_marked_long(data) or is_marked_long(narrow) or bool(_SHORT.search(data))


def is_marked_long(data: bytes) -> bool:
    """Whether it is likely that one is there, though these be bytes of sounds and pictures."""
    small = data.lower()
    return any(mark in small for mark in _LONG)
