"""Blanks the places in the chunks of a PNG, and sets their checksums right."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from . import exif, xmp
from .names import is_place
from .patch import Patch, Unclear, applied, blank, bounded
from .stretch import Stretch

_CHUNKS = 100_000
_LONGEST = 32 << 20  # bytes of a chunk that is read
_EXIF, _TEXT, _END = b"eXIf", {b"tEXt", b"zTXt", b"iTXt"}, b"IEND"
_XMP = b"XML:com.adobe.xmp"
_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP"),
    *(b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"tIME", b"acTL"),
    *(b"fcTL", b"fdAT", b"oFFs", b"pCAL", b"sCAL", b"sTER", b"iDOT", b"vpAg", b"gIFg"),
}
_GONE = b"noPl"  # private, may be left out, safe to copy: every reader passes over it


def patches(file: Stretch) -> Iterator[Patch]:
    """Patches of a PNG; what is packed, or follows its end, goes as a whole.

    :raises Unclear: its chunks can't be followed to the last.
    """
    at = 8
    for _ in range(_CHUNKS):
        head = file[at : at + 8]
        name, end = head[4:], at + 12 + int.from_bytes(head[:4])
        if len(head) < 8 or end > len(file):
            raise Unclear("This picture breaks off.")
        if name == _END:
            yield from blank(file, end, len(file))
            return
        if name not in _KEPT:
            yield from _chunk(name, file.part(at + 4, end))
        at = end
    raise Unclear("There are too many chunks.")


def _chunk(name: bytes, chunk: Stretch) -> Iterator[Patch]:
    """Patches of a chunk, which begins at its name and ends with its checksum."""
    if len(chunk) > _LONGEST or name[:1].isupper():
        raise Unclear("A chunk can't be read.")
    body = chunk.part(4, len(chunk) - 4)
    try:
        found = bounded(_text(body, name) if name in _TEXT else _other(body, name))
    except Unclear:
        found = [Patch(chunk.start, _GONE), *blank(body, 0, len(body))]
    if found:
        new = applied(chunk[:-4], [Patch(p.offset - chunk.start, p.data) for p in found])
        found.append(Patch(body.end, zlib.crc32(new).to_bytes(4)))
    yield from found


def _other(body: Stretch, name: bytes) -> Iterator[Patch]:
    if name == _EXIF:
        start = 6 if body[:6] == b"Exif\0\0" else 0
        yield from exif.patches(body.part(start, len(body)))
    elif name != _GONE or body[:].strip(b"\0"):
        raise Unclear("Nobody knows what this is.")


def _text(body: Stretch, name: bytes) -> Iterator[Patch]:
    keyword = body[:80].partition(b"\0")[0]
    if keyword == _XMP and name == b"iTXt" and body[len(_XMP) : len(_XMP) + 3] == b"\0\0\0":
        yield from _packet(body)
    elif (
        keyword == _XMP or keyword.startswith(b"Raw profile") or is_place(keyword.decode("latin-1"))
    ):
        raise Unclear("It is packed, or it is a place.")


def _packet(body: Stretch) -> Iterator[Patch]:
    """The packet that follows the language and the keyword in it."""
    data = body[:]
    start = len(_XMP) + 3
    for _ in range(2):
        start = data.find(b"\0", start) + 1
        if not start:
            raise Unclear("This text breaks off.")
    yield from xmp.patches(body.part(start, len(data)))
