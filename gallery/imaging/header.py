"""What the header of a picture says, and the bounds that its readers share."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from .light import Light
from .outcome import N_, Outcome, Refused

TEXT = 1 << 20  # bytes of text, unpacked, that a picture may carry
PROFILE = 4 << 20  # bytes of a colour profile, unpacked
METADATA = 64 << 20  # bytes before the first pixel; depth maps in XMP do take a dozen MiB


@dataclass(frozen=True)
class Header:
    """A header, read.

    :param width: pixels as stored, 0 when the reader leaves it to libvips.
    :param height: likewise.
    :param exif: the EXIF block, or empty.
    :param xmp: the XMP packet, or empty.
    :param iptc: the IPTC records, bare or among Photoshop's resources, or empty.
    :param body: what to decode in place of the file, where only a part of it is wanted.
    :param light: how its numbers stand for light, where that isn't as in sRGB.
    :param is_animated: whether it has more frames than the first.
    """

    width: int = 0
    height: int = 0
    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""
    body: bytes | None = None
    light: Light | None = None
    is_animated: bool = False


def flood() -> Refused:
    """The refusal of a file made of more parts, or more text, than any camera writes."""
    return Refused(
        Outcome.TOO_BIG, N_("This picture carries more than pictures do beside its pixels.")
    )


def headless() -> Refused:
    """The refusal of a file that ends or breaks before it says how large it is."""
    return Refused(Outcome.DAMAGED, N_("This picture is damaged: its beginning can’t be read."))


def unpacked(packed: bytes, limit: int) -> bytes:
    """What `packed` holds by zlib, but no more than `limit` + 1 bytes."""
    try:
        return zlib.decompressobj().decompress(packed, limit + 1)
    except zlib.error:
        return b""
