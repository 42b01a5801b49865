"""Walks the chunks of a PNG."""

from __future__ import annotations

from .header import PROFILE, TEXT, Header, flood, headless, unpacked
from .view import View

_CHUNKS = 100_000
_TEXT = {b"tEXt", b"zTXt", b"iTXt"}


def read(view: View) -> Header:
    """The size and the EXIF block of a PNG.

    :raises Refused: TOO_BIG by text, profile or number of chunks, DAMAGED without a size.
    """
    if view[12:16] != b"IHDR" or len(view) < 33:
        raise headless()
    exif, text, frames, at = b"", 0, 1, 8
    for _ in range(_CHUNKS):
        length, name = int.from_bytes(view[at : at + 4]), view[at + 4 : at + 8]
        start, end = at + 8, at + 8 + length
        at = end + 4  # past the checksum
        if name == b"IEND" or start >= len(view):
            break
        if name in _TEXT:
            text += length if length > TEXT else _text(name, view[start:end])
        elif name == b"acTL":
            frames = int.from_bytes(view[start : start + 4])
        elif name == b"eXIf" and length <= TEXT:
            exif = view[start:end]
        elif name == b"iCCP" and (length > PROFILE or _profile(view[start:end]) > PROFILE):
            raise flood()
        if text > TEXT:
            raise flood()
    else:
        raise flood()
    width, height = int.from_bytes(view[16:20]), int.from_bytes(view[20:24])
    return Header(width, height, exif=exif, is_animated=frames > 1)


def _text(name: bytes, chunk: bytes) -> int:
    """The length of a text chunk, unpacked."""
    rest = chunk.partition(b"\0")[2]  # past the keyword
    packed = b""
    if name == b"zTXt":
        packed = rest[1:]
    elif name == b"iTXt" and rest[:1] == b"\1":
        packed = rest[2:].split(b"\0", 2)[-1]  # past the language and the keyword in it
    return len(chunk) + unpacked(packed, TEXT)


def _profile(chunk: bytes) -> int:
    return unpacked(chunk.partition(b"\0")[2][1:], PROFILE)
