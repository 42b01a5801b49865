"""Blanks the places in the chunks of a WebP."""

from __future__ import annotations

from collections.abc import Iterator

from . import exif, xmp
from .patch import Patch, Unclear, blank
from .stretch import Stretch

_CHUNKS = 100_000
_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ICCP"}
_FRAME, _FRAME_HEAD = b"ANMF", 16


def patches(file: Stretch) -> Iterator[Patch]:
    """Patches of a WebP; chunks that no decoder reads go as a whole.

    :raises Unclear: its chunks can't be followed to the last.
    """
    end = 8 + file.number(4, 4, "little")
    if end > len(file):
        raise Unclear("This picture breaks off.")
    yield from _chunks(file.part(12, end), is_frame=False)
    yield from blank(file, end, len(file))


def _chunks(part: Stretch, *, is_frame: bool) -> Iterator[Patch]:
    at = 0
    for _ in range(_CHUNKS):
        if at == len(part):
            return
        name, start = part[at : at + 4], at + 8
        end = start + part.number(at + 4, 4, "little")
        if end > len(part):
            raise Unclear("A chunk breaks off.")
        body = part.part(start, end)
        at = min(end + end % 2, len(part))
        if name == _FRAME and not is_frame:
            yield from _chunks(body.part(_FRAME_HEAD, len(body)), is_frame=True)
        elif name == b"EXIF" and not is_frame:
            yield from exif.patches(body.part(6 if body[:4] == b"Exif" else 0, len(body)))
        elif name == b"XMP " and not is_frame:
            yield from xmp.patches(body)
        elif name not in _KEPT:
            yield from blank(body, 0, len(body))
    raise Unclear("There are too many chunks.")
