"""Reads what kind of picture a file is and how large, from its bytes and without its pixels.

Everything here runs in the jail: even the headers are a stranger's.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass

from . import gif, heif, jpeg, png, tiff, webp
from .header import Header
from .outcome import N_, Outcome, Refused
from .sniff import HEAD, MOVING, sniff
from .view import View

MEGAPIXELS = {"avif": 50, "heic": 50, "film": 50}  # of the kinds that cost more than the others
MOST_MEGAPIXELS = 100
LONGEST_SIDE = 30_000  # pixels
MOST_BYTES = 500_000_000  # of a picture; its whole file counts as memory while it is read

_READERS: dict[str, Callable[[View], Header]] = {
    "jpeg": jpeg.read,
    "png": png.read,
    "gif": gif.read,
    "webp": webp.read,
    "avif": heif.read,
    "heic": heif.read,
    "tiff": tiff.read,
}
_NAMES = {"heic": "HEIC", "tiff": "TIFF", "jxl": "JPEG XL", "bmp": "BMP"}
_UNKNOWN = N_("We could not read this file as a picture, a video or a recording.")
_KEPT = "The original is kept and can be downloaded."


@dataclass(frozen=True)
class Probe:
    """A file that we can show: its kind, and what its header says."""

    kind: str
    header: Header


def probe(fd: int, off: Collection[str]) -> Probe:
    """Look at the file without decoding it. A video or recording is told from its kind alone.

    :param off: kinds that are not to be looked at.
    :raises Refused: UNSUPPORTED or DAMAGED, or TOO_BIG by something other than its pixels.
    """
    head, size = os.pread(fd, HEAD, 0), os.fstat(fd).st_size
    if not head:
        raise Refused(Outcome.UNSUPPORTED, N_("This file is empty."))
    kind = sniff(head)
    if kind in off and kind in _NAMES:
        reason = f"{_NAMES[kind]} pictures are not shown in this gallery. {_KEPT}"
        raise Refused(Outcome.UNSUPPORTED, reason)
    if kind in MOVING and kind not in off:
        return Probe(kind, Header())
    if size > MOST_BYTES:
        limit = MOST_BYTES // 1_000_000
        raise Refused(Outcome.TOO_BIG, f"This picture is a file of more than {limit} MB.")
    try:
        view = mmap.mmap(fd, 0, access=mmap.ACCESS_READ)
    except OSError as error:  # there is no room for it
        raise MemoryError from error
    with view:
        return probe_picture(view, off)


def probe_picture(view: View, off: Collection[str] = ()) -> Probe:
    """Look at a picture without decoding it.

    :raises Refused: as `probe` does.
    """
    kind = sniff(view[:HEAD])
    if kind in _READERS and kind not in off:
        return Probe(kind, _READERS[kind](view))
    if kind in _NAMES:
        raise Refused(Outcome.UNSUPPORTED, f"We can’t show {_NAMES[kind]} pictures yet. {_KEPT}")
    raise Refused(Outcome.UNSUPPORTED, _UNKNOWN)


def check_size(kind: str, width: int, height: int) -> None:
    """Refuse more pixels than we decode.

    :raises Refused: TOO_BIG, with the number and the limit; DAMAGED when a side is 0.
    """
    if width < 1 or height < 1:
        raise Refused(Outcome.DAMAGED, N_("This picture says that it has no size."))
    noun = "video" if kind == "film" else "picture"
    limit = MEGAPIXELS.get(kind, MOST_MEGAPIXELS)
    if width * height > limit * 1_000_000:
        size = f"{width * height / 1_000_000:,.0f}"
        if size == str(limit):
            size = f"a little over {limit}"
        raise Refused(Outcome.TOO_BIG, f"This {noun} has {size} megapixels; the limit is {limit}.")
    if max(width, height) > LONGEST_SIDE:
        raise Refused(
            Outcome.TOO_BIG,
            f"This {noun} is {max(width, height):,} pixels long; the limit is {LONGEST_SIDE:,}.",
        )
