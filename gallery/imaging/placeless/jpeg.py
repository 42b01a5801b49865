"""Blanks the places in a JPEG, and in the pictures and the film that phones append to one."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from . import exif, film, iptc, xmp
from .patch import Patch, Unclear, blank, bounded, or_blank, spread
from .stretch import Stretch

_MARKERS, _APPENDED = 5_000, 200
_FILL, _START, _SCAN, _END = 0xFF, 0xD8, 0xDA, 0xD9
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_SEGMENTS = {*range(0xC0, 0xD0), *range(0xDA, 0xF0), 0xFE}
_EXIF, _PHOTOSHOP = b"Exif\0", b"Photoshop 3.0\0"
_XMP, _MORE_XMP = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
_MORE_HEAD = len(_MORE_XMP) + 32 + 8  # of which packet, how long that is, and where this stands
# What other applications write, from FLIR and GoPro to the signed history of C2PA, may hold a
# place, and nobody needs it to show the picture: so it goes, but for these.
_KEPT = {
    0xE0: (b"JFIF\0",),
    0xE2: (b"ICC_PROFILE\0", b"MPF\0", b"urn:iso:std:iso:ts:21496"),
    0xEA: (b"AROT",),
    0xEC: (b"Ducky",),
    0xEE: (b"Adobe",),
}
_IN_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_BEGINNING = re.compile(rb"\xff\xd8\xff|\0\0[\0-\1].ftyp", re.DOTALL)


def patches(file: Stretch) -> Iterator[Patch]:
    """Patches of a JPEG and of all that follows its end.

    :raises Unclear: the picture itself can't be followed; of the rest, what can't be is blanked.
    """
    end = yield from _picture(file)
    yield from _appended(file, end)


def _appended(file: Stretch, end: int) -> Iterator[Patch]:
    """The second pictures of an MPO, a light's map, a film; what else there is, we can't read."""
    searched = end
    for _ in range(_APPENDED):
        at = file.find(_BEGINNING, searched, 8)
        if at is None:
            break
        rest = file.part(at, len(file))
        length = 0
        found: list[Patch] = []
        try:
            if rest[:1] == b"\xff":
                found, length = _listed(rest)
            else:
                length = film.length(rest)
                found = bounded(film.patches(rest.part(0, length)))
        except Unclear:
            searched = at + 1
            continue
        yield from blank(file, end, at)
        yield from found
        end = searched = at + length
    yield from blank(file, end, len(file))


def _listed(rest: Stretch) -> tuple[list[Patch], int]:
    length = 0

    def whole() -> Iterator[Patch]:
        nonlocal length
        length = yield from _picture(rest)

    return bounded(whole()), length


def _picture(file: Stretch) -> Generator[Patch, None, int]:
    """The patches of one picture; it returns where that ends."""
    more: list[Stretch] = []
    at, is_shown = 2, False
    for _ in range(_MARKERS):
        marker = file[at : at + 2]
        if is_shown and not marker:  # cut off within its pixels
            break
        if len(marker) < 2 or marker[0] != _FILL:
            raise Unclear("There is something between the segments.")
        code = marker[1]
        if code == _FILL or code in _ALONE:
            at += 1 if code == _FILL else 2
            continue
        if code == _END:
            at += 2
            break
        length = file.number(at + 2, 2)
        if code not in _SEGMENTS or length < 2 or at + 2 + length > len(file):
            raise Unclear("A segment makes no sense.")
        segment = file.part(at + 4, at + 2 + length)
        at += 2 + length
        if code == 0xE1 and segment[: len(_MORE_XMP)] == _MORE_XMP:
            more.append(segment)
        elif 0xE0 <= code <= 0xEF:
            yield from _application(code, segment)
        elif code == _SCAN:
            end = file.find(_IN_SCAN, at, 2)
            at, is_shown = len(file) if end is None else end, True
    else:
        raise Unclear("There are too many segments.")
    yield from _extended(more)
    return at


def _application(code: int, segment: Stretch) -> Iterator[Patch]:
    head = segment[:40]
    if head.startswith(_KEPT.get(code, ())):
        return
    if code == 0xE1 and head.startswith(_EXIF) and head[6:10] in (b"II*\0", b"MM\0*"):
        yield from exif.patches(segment.part(6, len(segment)))
    elif code == 0xE1 and head.startswith(_XMP):
        yield from xmp.patches(segment.part(len(_XMP), len(segment)))
    elif code == 0xED and head.startswith(_PHOTOSHOP):
        records = segment.part(len(_PHOTOSHOP), len(segment))
        yield from or_blank(records, iptc.resources(records))
    else:
        yield from blank(segment, 0, len(segment))


def _extended(parts: list[Stretch]) -> Iterator[Patch]:
    """A packet too long for one segment, read in one piece and patched where its parts stand."""
    parts = sorted(parts, key=lambda part: (part[:_MORE_HEAD][-40:-8], _place_of(part)))
    bodies = [part.part(_MORE_HEAD, len(part)) for part in parts]
    packets: dict[bytes, list[tuple[Stretch, Stretch]]] = {}
    for part, body in zip(parts, bodies, strict=True):
        packets.setdefault(part[len(_MORE_XMP) : _MORE_HEAD - 4], []).append((part, body))
    for pieces in packets.values():
        joined = b"".join(body[:] for _, body in pieces)
        at = 0
        for part, body in pieces:
            if _place_of(part) != at:
                break
            at += len(body)
        if at != len(joined) or pieces[0][0].number(_MORE_HEAD - 8, 4) != at:
            for _, body in pieces:
                yield from blank(body, 0, len(body), b" ")
            continue
        yield from spread(xmp.patches(Stretch.of_bytes(joined)), [b for _, b in pieces])


def _place_of(part: Stretch) -> int:
    return part.number(_MORE_HEAD - 4, 4)
