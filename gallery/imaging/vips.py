"""libvips, told before its first use what it may do, and the six loaders that we use of it.

The process that forks imports this and runs no operation: see `jail.jailed`.
"""

from __future__ import annotations

import os

import pyvips
from pyvips import Error, Image, Source

from .header import Header

pyvips.block_untrusted_set(True)
pyvips.concurrency_set(1)
pyvips.cache_set_max(0)

BLOB = pyvips.GValue.blob_type
INTEGER = pyvips.GValue.gint_type

__all__ = ["BLOB", "INTEGER", "Error", "Image", "open_picture"]


def open_picture(
    fd: int, kind: str, header: Header, *, shrink: int = 1, whole: bool = True
) -> Image:
    """Open the first frame of a picture: its header is read now, its pixels once, from the top.

    :param shrink: 1, 2, 4 or 8: decode a JPEG or a WebP at that fraction of its size.
    :param whole: fail on a file that ends too early; otherwise what is missing stays blank.
    :raises vips.Error: it can't be opened, or later: it can't be decoded.
    """
    fail_on = "truncated" if whole else "none"
    source = _source(fd, header)
    if kind == "jpeg":
        _allow_only("VipsForeignLoadJpegSource")
        return Image.jpegload_source(
            source,
            shrink=shrink,
            access="sequential",
            fail_on=fail_on,
            unlimited=not whole,  # or it gives up on a file with many errors
        )
    if kind == "png":
        _allow_only("VipsForeignLoadPngSource")
        return Image.pngload_source(source, access="sequential", fail_on=fail_on)
    if kind == "gif":
        _allow_only("VipsForeignLoadNsgifSource")
        return Image.gifload_source(source, access="sequential", fail_on=fail_on)
    if kind == "webp":
        _allow_only("VipsForeignLoadWebpSource")
        return Image.webpload_source(source, scale=1 / shrink, access="sequential", fail_on=fail_on)
    if kind == "tiff":
        _allow_only("VipsForeignLoadTiffSource")
        return Image.tiffload_source(source, access="sequential", fail_on=fail_on)
    _allow_only("VipsForeignLoadHeifSource")
    return Image.heifload_source(source, access="sequential", fail_on=fail_on)


def _source(fd: int, header: Header) -> Source:
    if header.body is not None:
        return Source.new_from_memory(header.body)
    os.lseek(fd, 0, os.SEEK_SET)  # a reader before us has left it somewhere
    return Source.new_from_descriptor(fd)


def _allow_only(loader: str) -> None:
    """Block every loader but one: a file can't talk libvips into another."""
    pyvips.operation_block_set("VipsForeignLoad", True)
    pyvips.operation_block_set(loader, False)
