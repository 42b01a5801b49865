"""Makes the previews of a picture: one decode to the largest, each other from the one before."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from . import colour, vips
from .frames import LARGEST
from .light import Light
from .outcome import Format, Picture, Variant
from .tones import to_plain

LONGEST_SIDE = 16_383  # pixels; WebP has no more
MOST_PIXELS = 16_000_000  # of a preview; one as large as the original has no such limit
WHOLE_BYTES = 8 * LARGEST

_WHITE = [255, 255, 255]
_SOLID = 250  # of 255; an encoder that loses something makes 255 a little less


def fit(variant: Variant, width: int, height: int) -> tuple[int, int]:
    """The pixels of a variant of a picture of that size as shown: never more than it has.

    Of one that is filled, those before it is cut.
    """
    bound = max if variant.is_filled else min
    across, down = (variant.width or width) / width, (variant.height or height) / height
    scale = min(1.0, bound(across, down))
    if not (variant.is_whole and variant.format == "jpeg"):
        scale = min(scale, LONGEST_SIDE / max(width, height))
    if not variant.is_whole:
        scale = min(scale, math.sqrt(MOST_PIXELS / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def shown_size(width: int, height: int, orientation: int, turns: int) -> tuple[int, int]:
    """Pixels as shown of a picture that is stored with that size."""
    lying = (orientation >= 5) != (turns % 2 == 1)
    return (height, width) if lying else (width, height)


def orientation_of(image: vips.Image) -> int:
    """The orientation that an opened picture asks for, 1 to 8."""
    return int(image.get("orientation")) if image.get_typeof("orientation") else 1


def make_previews(
    opened: Callable[[int], vips.Image],
    kind: str,
    light: Light | None,
    variants: Mapping[str, Variant],
    *,
    turns: int,
) -> tuple[dict[str, Picture], str | None]:
    """The previews by name, and the mean colour, if it isn't transparent.

    :param opened: opens the picture, a JPEG or a WebP at the fraction it is given.
    :param light: how its numbers stand for light, where that isn't as in sRGB.
    :param variants: one at least.
    :raises vips.Error: the picture can't be decoded.
    """
    image = opened(1)
    shown = shown_size(image.width, image.height, orientation_of(image), turns)
    sizes = {name: fit(variant, *shown) for name, variant in variants.items()}
    largest = max(sizes.values(), key=math.prod)
    stored = shown_size(*largest, orientation_of(image), turns)  # the swap undoes itself
    shrink = _shrink(image, stored) if kind in ("jpeg", "webp") else 1
    if shrink > 1:
        image = opened(shrink)
    if light is None:
        image = colour.to_srgb(_resized(colour.eight_bit(image), *stored))
    else:
        image = to_plain(_resized(image, *stored), light)
    # In memory from here on: the decoder gives its pixels once, and from the top only.
    image = _without_idle_alpha(_upright(image.copy_memory(), turns))
    pictures: dict[str, Picture] = {}
    for name in sorted(sizes, key=lambda name: math.prod(sizes[name]), reverse=True):
        if (image.width, image.height) != sizes[name]:
            image = _resized(image, *sizes[name]).copy_memory()
        variant = variants[name]
        format = _format_of(image, variant)
        shown = _cut(image, variant) if variant.is_filled else image
        data = _encoded(shown, variant, format)
        pictures[name] = Picture(data, shown.width, shown.height, format)
    return pictures, None if image.hasalpha() else colour.mean(image)


def _shrink(image: vips.Image, size: tuple[int, int]) -> int:
    """By how much the decoder may shrink while it decodes and still leave enough pixels."""
    most = min(image.width / size[0], image.height / size[1])
    return max(factor for factor in (1, 2, 4, 8) if factor <= max(1, most))


def _resized(image: vips.Image, width: int, height: int) -> vips.Image:
    if (image.width, image.height) == (width, height):
        return image
    across, down = width / image.width, height / image.height
    if not image.hasalpha():
        return image.resize(across, vscale=down)
    # Transparent pixels have a colour too, which must not bleed into their neighbours.
    small = image.premultiply().resize(across, vscale=down).unpremultiply()
    return small.cast(image.format)


def _cut(image: vips.Image, variant: Variant) -> vips.Image:
    """The part of the picture that catches the eye, as large as the variant."""
    size = variant.width or image.width, variant.height or image.height
    part = min(image.width / size[0], image.height / size[1])
    across, down = (max(1, int(side * part)) for side in size)
    return _resized(image.smartcrop(across, down, interesting="attention"), *size)


def _upright(image: vips.Image, turns: int) -> vips.Image:
    """The picture turned the way it is shown."""
    if orientation_of(image) == 1 and not turns:
        return image
    return image.autorot().rot(f"d{90 * turns}")


def _without_idle_alpha(image: vips.Image) -> vips.Image:
    """The picture without an alpha channel through which nothing is seen."""
    if image.hasalpha() and image[image.bands - 1].min() >= _SOLID:
        return image.extract_band(0, n=image.bands - 1)
    return image


def _on_white(image: vips.Image) -> vips.Image:
    return image.flatten(background=_WHITE[: image.bands - 1]) if image.hasalpha() else image


def _format_of(image: vips.Image, variant: Variant) -> Format:
    """The preview's encoding: what is seen through stays so, but in a download for anywhere."""
    return "webp" if image.hasalpha() and not variant.is_for_anywhere else variant.format


def _encoded(image: vips.Image, variant: Variant, format: Format) -> bytes:
    """The preview's bytes without any metadata, at a lower quality if they would be too many."""
    data = b""
    most = variant.most or (WHOLE_BYTES if variant.is_whole else LARGEST)
    for quality in (variant.quality, variant.quality // 2, variant.quality // 5, 1):
        if format == "jpeg":
            data = bytes(_on_white(image).jpegsave_buffer(Q=max(1, quality), keep="none"))
        else:
            data = bytes(image.webpsave_buffer(Q=max(1, quality), effort=2, keep="none"))
        if len(data) <= most:
            break
    return data
