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
_SCAN, _END, _APP1 = 0xDA, 0xD9, 0xE1


def read(view: View) -> Header:
    """The size and the EXIF block of a JPEG.

    :raises Refused: TOO_BIG by scans or markers, DAMAGED without a size.
    """
    size, components, progressive = (0, 0), 0, False
    exif, scans, at, pattern = b"", 0, 2, _MARKER
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
        elif code == _APP1 and not exif and view[at + 2 : at + 8] == b"Exif\0\0":
            exif = view[at + 2 : at + length]
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
    return Header(*size, exif=exif)
