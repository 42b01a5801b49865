"""Reads the boxes of HEIC and AVIF, and decodes HEIC, by libheif in pillow-heif's build."""

from __future__ import annotations

import os

import pillow_heif

from . import vips
from .header import TEXT, Header, headless
from .light import Light
from .outcome import N_, Outcome, Refused
from .sniff import HEAD, brands
from .view import View

pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.THUMBNAILS = False
pillow_heif.options.DEPTH_IMAGES = False
pillow_heif.options.AUX_IMAGES = False

# What pillow-heif may raise by its documentation, and what its parsers of metadata do.
_BROKEN = (ValueError, EOFError, SyntaxError, RuntimeError, OSError, LookupError, TypeError)


def read(view: View) -> Header:
    """The size as libheif's rotation leaves it, the blocks of metadata, and the light.

    :raises Refused: DAMAGED when libheif can't make sense of the boxes.
    """
    try:
        image = _opened(view[:], hdr=True)
        about = image.info
        nclx = about.get("nclx_profile") or {}
        light = Light(nclx.get("transfer_characteristics", 2), nclx.get("color_primaries", 2))
        return Header(
            *image.size,
            exif=_block(about.get("exif")),
            xmp=_block(about.get("xmp")),
            light=None if light.is_plain or about.get("icc_profile") else light,
            is_animated=b"avis" in brands(view[:HEAD]),
        )
    except _BROKEN as error:
        raise headless() from error


def decode(fd: int, header: Header) -> vips.Image:
    """The picture, turned the way its boxes say.

    :raises vips.Error: it can't be decoded.
    """
    data = os.pread(fd, os.fstat(fd).st_size, 0)
    try:
        # Eight bits are enough, and half the memory, unless they stand for more light.
        picture = _opened(data, hdr=header.light is not None)
        del data
        pixels = picture.data
        width, height = picture.size
    except _BROKEN as error:
        raise vips.Error(str(error)) from error
    if width * height > header.width * header.height:
        raise Refused(Outcome.DAMAGED, N_("This picture is larger than it says."))
    deep = picture.mode.endswith(";16")
    bands = {"L": 1, "I": 1, "RGB": 3}.get(picture.mode.removesuffix(";16"), 4)
    image = vips.Image.new_from_memory(
        pixels, width, height, bands, "ushort" if deep else "uchar"
    ).copy(interpretation=_interpretation(bands, deep))
    if picture.premultiplied_alpha:
        image = image.unpremultiply().cast("ushort" if deep else "uchar")
    profile = picture.info.get("icc_profile")
    if profile:
        image.set_type(vips.BLOB, "icc-profile-data", profile)
    return image


def _opened(data: bytes, *, hdr: bool) -> pillow_heif.HeifImage:
    file = pillow_heif.open_heif(data, convert_hdr_to_8bit=not hdr)
    return file[file.primary_index]


def _interpretation(bands: int, deep: bool) -> str:
    if bands == 1:
        return "grey16" if deep else "b-w"
    return "rgb16" if deep else "srgb"


def _block(found: object) -> bytes:
    return found if isinstance(found, bytes) and len(found) <= TEXT else b""
