"""Brings a picture into sRGB with 8 bits, and says its mean colour."""

from __future__ import annotations

from . import vips
from .header import PROFILE

_PROFILE_FIELD = "icc-profile-data"
# Colours that a profile other than sRGB would move: greys, primaries, skin, sky, leaf.
_PATCHES = [
    *((grey, grey, grey) for grey in (16, 64, 128, 192, 240)),
    *((255, 0, 0), (0, 255, 0), (0, 0, 255), (224, 172, 105), (70, 130, 200), (60, 120, 40)),
]
_SEEN_AS_EQUAL = 2  # of 255


def eight_bit(image: vips.Image) -> vips.Image:
    """The picture with 8 bits a channel, its colours as they were."""
    if image.format == "uchar":
        return image
    return image.colourspace("b-w" if image.bands < 3 else "srgb")


def to_srgb(image: vips.Image) -> vips.Image:
    """The picture in sRGB, or in shades of grey.

    No profile, an sRGB profile and a broken one leave it as it is: a transform of nothing into
    nothing would cost four times the rest.
    """
    if image.interpretation == "cmyk":
        return _transform(image, input_profile="cmyk")
    if _has_profile(image):
        try:
            if not _changes_nothing(image):
                return _transform(image)
        except vips.Error:  # a profile nobody can read is no profile
            return image
    if image.bands < 3 or image.interpretation == "srgb":
        return image
    return image.colourspace("srgb")


def mean(image: vips.Image) -> str:
    """The mean colour as ``#rrggbb``, of a picture in sRGB or grey without transparency."""
    bands = [round(band.avg()) for band in image.bandsplit()]
    red, green, blue = bands[:3] if len(bands) >= 3 else bands[:1] * 3
    return f"#{red:02x}{green:02x}{blue:02x}"


def _transform(image: vips.Image, **profile: str) -> vips.Image:
    return image.icc_transform(
        "srgb", embedded=True, intent="relative", black_point_compensation=True, **profile
    )


def _has_profile(image: vips.Image) -> bool:
    """Whether it has a profile that is meant for such pixels."""
    if not image.get_typeof(_PROFILE_FIELD):
        return False
    profile = image.get(_PROFILE_FIELD)
    kind = b"GRAY" if image.bands < 3 else b"RGB "
    return len(profile) <= PROFILE and profile[16:20] == kind


def _changes_nothing(image: vips.Image) -> bool:
    """Whether the picture's profile is sRGB, whatever it calls itself: by what it does."""
    bands = 1 if image.bands < 3 else 3
    pixels = bytes(value for patch in _PATCHES for value in patch[:bands])
    strip = vips.Image.new_from_memory(pixels, len(_PATCHES), 1, bands, "uchar")
    strip = strip.copy(interpretation=image.interpretation)
    strip.set_type(vips.BLOB, _PROFILE_FIELD, image.get(_PROFILE_FIELD))
    seen = bytes(_transform(strip).write_to_memory())
    told = bytes(value for patch in _PATCHES for value in (patch if bands == 3 else patch[:1] * 3))
    return all(abs(a - b) <= _SEEN_AS_EQUAL for a, b in zip(seen, told, strict=True))
