"""Walks the chunks of a PNG."""

from __future__ import annotations

from .header import PROFILE, TEXT, Header, flood, headless, unpacked
from .view import View

_CHUNKS = 100_000
_TEXT = {b"tEXt", b"zTXt", b"iTXt"}
_XMP = b"XML:com.adobe.xmp"


def read(view: View) -> Header:
    """The size of a PNG and the blocks that say something of it.

    :raises Refused: TOO_BIG by text, profile or number of chunks, DAMAGED without a size.
    """
    if view[12:16] != b"IHDR" or len(view) < 33:
        raise headless()
    exif, xmp, text, frames, at = b"", b"", 0, 1, 8
    for _ in range(_CHUNKS):
        length, name = int.from_bytes(view[at : at + 4]), view[at + 4 : at + 8]
        start, end = at + 8, at + 8 + length
        at = end + 4  # past the checksum
        if name == b"IEND" or start >= len(view):
            break
        if name in _TEXT:
            said = b"" if length > TEXT else _text(name, view[start:end])
            text += length + len(said)
            if view[start : start + len(_XMP) + 1] == _XMP + b"\0":
                xmp = xmp or said
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
    return Header(width, height, exif=exif, xmp=xmp, is_animated=frames > 1)


def _text(name: bytes, chunk: bytes) -> bytes:
    """What a text chunk says, unpacked, but no more than `TEXT` + 1 bytes."""
    rest = chunk.partition(b"\0")[2]  # past the keyword
    if name == b"zTXt":
        return unpacked(rest[1:], TEXT)
    if name != b"iTXt":
        return rest
    said = rest[2:].split(b"\0", 2)[-1]  # past the language and the keyword in it
    return unpacked(said, TEXT) if rest[:1] == b"\1" else said


def _profile(chunk: bytes) -> int:
    return len(unpacked(chunk.partition(b"\0")[2][1:], PROFILE))
