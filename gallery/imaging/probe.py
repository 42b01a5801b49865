"""Reads what kind of picture a file is and how large, from its bytes and without its pixels.

Everything here runs in the jail: even the headers are a stranger's.
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass

from . import gif, jpeg, png, webp
from .header import Header
from .outcome import Outcome, Refused

MEGAPIXELS = {"avif": 50}  # of the kinds that cost more than the others
MOST_MEGAPIXELS = 100
LONGEST_SIDE = 30_000  # pixels

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_READERS = {"jpeg": jpeg.read, "png": png.read, "gif": gif.read, "webp": webp.read}
_KNOWN_ONLY_BY_NAME = {"heic": "HEIC", "tiff": "TIFF", "jxl": "JPEG XL", "bmp": "BMP"}


@dataclass(frozen=True)
class Probe:
    """A file that we can show: its kind, and what its header says."""

    kind: str
    header: Header


def probe(fd: int) -> Probe:
    """Look at the file without decoding it.

    :raises Refused: UNSUPPORTED or DAMAGED, or TOO_BIG by something other than its pixels.
    """
    try:
        view = mmap.mmap(fd, 0, access=mmap.ACCESS_READ)
    except ValueError:  # an empty file cannot be mapped
        raise Refused(Outcome.UNSUPPORTED, "This file is empty.") from None
    kind = sniff(view[:64])
    if kind is None:
        raise Refused(Outcome.UNSUPPORTED, "We could not read this file as a picture.")
    if kind in _KNOWN_ONLY_BY_NAME:
        raise Refused(
            Outcome.UNSUPPORTED,
            f"We can’t show {_KNOWN_ONLY_BY_NAME[kind]} pictures yet. "
            "The original is kept and can be downloaded.",
        )
    if kind == "avif":  # libheif reads its boxes, with limits of its own
        return Probe(kind, Header())
    return Probe(kind, _READERS[kind](view))


def sniff(head: bytes) -> str | None:
    """The kind of picture that begins with `head` (64 bytes suffice), or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "tiff"
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")):
        return "jxl"
    if head.startswith(b"BM") and head[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x7c\0\0\0"):
        return "bmp"
    return _of_the_iso_family(head) if head[4:8] == b"ftyp" else None


def check_size(kind: str, width: int, height: int) -> None:
    """Refuse more pixels than we decode.

    :raises Refused: TOO_BIG, with the number and the limit; DAMAGED when a side is 0.
    """
    if width < 1 or height < 1:
        raise Refused(Outcome.DAMAGED, "This picture says that it has no size.")
    limit = MEGAPIXELS.get(kind, MOST_MEGAPIXELS)
    if width * height > limit * 1_000_000:
        size = f"{width * height / 1_000_000:,.0f}"
        if size == str(limit):
            size = f"a little over {limit}"
        raise Refused(Outcome.TOO_BIG, f"This picture has {size} megapixels; the limit is {limit}.")
    if max(width, height) > LONGEST_SIDE:
        raise Refused(
            Outcome.TOO_BIG,
            f"This picture is {max(width, height):,} pixels long; the limit is {LONGEST_SIDE:,}.",
        )


def _of_the_iso_family(head: bytes) -> str | None:
    brands = [head[8:12], *(head[n : n + 4] for n in range(16, len(head) - 3, 4))]
    brands = brands[: max(1, int.from_bytes(head[:4]) // 4 - 3)]  # the box may end before the head
    if b"avif" in brands or b"avis" in brands:
        return "avif"
    return "heic" if _HEIC_BRANDS.intersection(brands) else None
