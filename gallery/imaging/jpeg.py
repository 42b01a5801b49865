"""Walks the markers of a JPEG."""

from __future__ import annotations

import re

from .header import METADATA, Header, flood, headless
from .outcome import Outcome, Refused
from .view import View

SCANS = 100
_MARKERS = 5_000

# Fill bytes and garbage before a marker are skipped, as libjpeg does.
_MARKER = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)
_MARKER_IN_SCAN = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}  # markers without a length
_SCAN, _END = 0xDA, 0xD9
# The segments that say something of the picture, by their marker and how they begin.
_BLOCKS = {
    "exif": (0xE1, b"Exif\0\0"),
    "xmp": (0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
    "iptc": (0xED, b"Photoshop 3.0\0"),
}
_MARKERS_OF_BLOCKS = {code for code, _ in _BLOCKS.values()}


def read(view: View) -> Header:
    """The size of a JPEG and the blocks that say something of it, the first of each kind.

    :raises Refused: TOO_BIG by scans or markers, DAMAGED without a size.
    """
    size, components, progressive = (0, 0), 0, False
    blocks: dict[str, bytes] = {}
    scans, at, pattern = 0, 2, _MARKER
    for _ in range(_MARKERS):
        found = pattern.search(view, at)
        if found is None or found[1][0] == _END:
            break
        code, at = found[1][0], found.end()
        if code in _ALONE:
            continue
        length = int.from_bytes(view[at : at + 2])
        if code in _FRAMES and not components:
            size = int.from_bytes(view[at + 5 : at + 7]), int.from_bytes(view[at + 3 : at + 5])
            components, progressive = int.from_bytes(view[at + 7 : at + 8]), code in _PROGRESSIVE
        elif code in _MARKERS_OF_BLOCKS:
            blocks = _block(code, view[at + 2 : at + length]) | blocks
        elif code == _SCAN:
            scans += 1
            # one scan with everything in it: the decoder stops there, and so do we
            if not progressive and view[at + 2 : at + 3] == bytes([components]):
                break
            pattern = _MARKER_IN_SCAN
        if scans > SCANS:
            raise Refused(Outcome.TOO_BIG, f"This picture comes in more than {SCANS} scans.")
        at += max(length, 2)
        if not scans and at > METADATA:
            raise flood()
    else:
        raise flood()
    if not components:
        raise headless()
    exif, xmp, iptc = (blocks.get(name, b"") for name in _BLOCKS)
    return Header(*size, exif=exif, xmp=xmp, iptc=iptc)


def _block(code: int, segment: bytes) -> dict[str, bytes]:
    for name, (marker, start) in _BLOCKS.items():
        if code == marker and segment.startswith(start):
            return {name: segment.removeprefix(start)}
    return {}
