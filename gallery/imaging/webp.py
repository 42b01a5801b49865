"""Walks the chunks of a WebP, and keeps those that the first frame needs."""

from __future__ import annotations

import struct

from .header import PROFILE, TEXT, Header, flood, headless
from .view import View

_CHUNKS = 100_000
# The most that each chunk we keep may hold; the pixels are as long as they are. No XMP.
_KEPT = {b"VP8X": 64, b"ICCP": PROFILE, b"ANIM": 64, b"EXIF": TEXT}
_PIXELS = {b"VP8 ", b"VP8L", b"ALPH"}


def read(view: View) -> Header:
    """The size, what is said of it, and the first frame of a WebP, as a WebP of its own.

    :raises Refused: TOO_BIG by the number of chunks, DAMAGED without a size.
    """
    kept: list[bytes] = []
    blocks = {b"EXIF": b"", b"XMP ": b""}
    frames, at = 0, 12
    for _ in range(_CHUNKS):
        if at + 8 > len(view):
            break
        name, length = struct.unpack("<4sI", view[at : at + 8])
        end = at + 8 + length + length % 2
        wanted = name in _PIXELS or length <= _KEPT.get(name, -1)
        if wanted or (name == b"ANMF" and not frames):
            kept.append(view[at:end])
        frames += name == b"ANMF"
        if name in blocks and length <= TEXT:
            blocks[name] = view[at + 8 : at + 8 + length]
        at = end
    else:
        raise flood()
    if not kept:
        raise headless()
    body = b"WEBP" + b"".join(kept)
    return Header(
        *_size(kept[0]),
        exif=blocks[b"EXIF"],
        xmp=blocks[b"XMP "],
        is_animated=frames > 1,
        body=struct.pack("<4sI", b"RIFF", len(body)) + body,
    )


def _size(chunk: bytes) -> tuple[int, int]:
    """Pixels of the canvas, by the first chunk."""
    name, data = chunk[:4], chunk[8:]
    if name == b"VP8X" and len(data) >= 10:
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if name == b"VP8L" and data[:1] == b"\x2f" and len(data) >= 5:
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and data[3:6] == b"\x9d\x01\x2a" and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise headless()
