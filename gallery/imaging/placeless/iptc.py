"""Blanks the places in IPTC records, and in what else stands among Photoshop's resources."""

from __future__ import annotations

from collections.abc import Iterator

from . import exif, xmp
from .names import is_marked
from .patch import Patch, Unclear, blank, or_blank
from .stretch import Stretch

# Of the second record: content location, city, sublocation, state, country's code and name.
_PLACES = {26, 27, 90, 92, 95, 100, 101}
_RECORDS, _RESOURCES = 20_000, 5_000
_SIGNATURES = {b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"}
_IPTC, _XMP, _EXIF, _THUMBNAILS = 0x0404, 0x0424, (0x0422, 0x0423), (0x0409, 0x040C)


def patches(block: Stretch) -> Iterator[Patch]:
    """Patches of IPTC records.

    :raises Unclear: they can't be followed to their end.
    """
    at = 0
    for _ in range(_RECORDS):
        head = block[at : at + 5]
        if head[:1] != b"\x1c" or len(head) < 5:
            if block[at:].strip(b"\0"):
                raise Unclear("These IPTC records break off.")
            return
        start, length = at + 5, int.from_bytes(head[3:])
        if length & 0x8000:  # the length of a length
            start += length & 0x7FFF
            length = block.number(at + 5, min(length & 0x7FFF, 8))
        at = start + length
        if at > len(block):
            raise Unclear("These IPTC records break off.")
        if head[1] == 2 and head[2] in _PLACES:
            yield from blank(block, start, at, b" ")
    raise Unclear("There is no end of these IPTC records.")


def resources(block: Stretch) -> Iterator[Patch]:
    """Patches of Photoshop's resources.

    :raises Unclear: they can't be followed to their end.
    """
    at = 0
    for _ in range(_RESOURCES):
        head = block[at : at + 7]
        if head[:4] not in _SIGNATURES or len(head) < 7:
            if block[at:].strip(b"\0"):
                raise Unclear("These resources break off.")
            return
        name = 1 + head[6]
        start = at + 6 + name + name % 2 + 4
        end = start + block.number(start - 4, 4)
        if end > len(block):
            raise Unclear("These resources break off.")
        yield from _resource(int.from_bytes(head[4:6]), block.part(start, end))
        at = end + (end - start) % 2
    raise Unclear("There is no end of these resources.")


def _resource(number: int, part: Stretch) -> Iterator[Patch]:
    if number == _IPTC:
        yield from or_blank(part, patches(part))
    elif number == _XMP:
        yield from xmp.patches(part)
    elif number in _EXIF:
        yield from or_blank(part, exif.patches(part))
    elif number in _THUMBNAILS and is_marked(part[:]):
        yield from blank(part, 0, len(part))
