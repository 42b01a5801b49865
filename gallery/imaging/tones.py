"""Brings pictures whose numbers stand for more light, or other primaries, than sRGB's into it."""

from __future__ import annotations

from . import vips
from .light import BT2020, HLG, P3, PQ, Light

_WHITE = 203.0  # candelas a square metre of a sheet of paper, by ITU-R BT.2408
_PEAK = 1000.0  # of the screen that HLG was graded on
_KNEE = 0.6  # light above it is compressed, and what is below stays as it is

# From their primaries to those of sRGB, all with the white of D65.
_TO_SRGB = {
    BT2020: [
        [1.6605, -0.5876, -0.0728],
        [-0.1246, 1.1329, -0.0083],
        [-0.0182, -0.1006, 1.1187],
    ],
    P3: [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]],
}


def to_plain(image: vips.Image, light: Light) -> vips.Image:
    """A picture of 8 or 16 bits as one of 8 bits in sRGB, its highlights compressed."""
    alpha = image[3] if image.bands == 4 else None
    deep = image.format == "ushort"
    colours = image[:3] if image.bands >= 3 else image[0].bandjoin([image[0], image[0]])
    linear = colours.maplut(_linear(vips.Image.identity(ushort=deep), light, deep))
    if light.primaries in _TO_SRGB:
        matrix = vips.Image.new_from_array(_TO_SRGB[light.primaries])
        linear = linear.recomb(matrix)
    linear = (linear < 0).ifthenelse(0, linear)
    if light.is_high:
        # By the strongest channel, so that no hue changes.
        peak = _strongest(linear)
        linear = linear * (_compressed(peak) / (peak + 1e-6))
    shown = (linear * 65535).cast("ushort").maplut(_encoded(vips.Image.identity(ushort=True)))
    if alpha is not None:
        shown = shown.bandjoin((alpha / 257 if deep else alpha).cast("uchar"))
    return shown.copy(interpretation="srgb")


def _linear(numbers: vips.Image, light: Light, deep: bool) -> vips.Image:
    """Light, 1 being white paper, for each number."""
    code = numbers / (65535 if deep else 255)
    if light.transfer == PQ:  # SMPTE ST 2084
        power = code ** (32 / 2523)
        above = power - 0.8359375
        above = (above < 0).ifthenelse(0, above)
        return (above / (power * -18.6875 + 18.8515625)) ** (8192 / 1305) * (10_000 / _WHITE)
    if light.transfer == HLG:  # ARIB STD-B67
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        high = (((code - c) / a).exp() + b) / 12
        scene = (code <= 0.5).ifthenelse(code * code / 3, high)
        return scene**1.2 * (_PEAK / _WHITE)
    return (code <= 0.04045).ifthenelse(code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def _strongest(linear: vips.Image) -> vips.Image:
    red, green, blue = linear.bandsplit()
    return red.bandrank([green, blue], index=2)


def _compressed(light: vips.Image) -> vips.Image:
    room = 1 - _KNEE
    rolled = 1 - ((_KNEE - light) / room).exp() * room
    return (light > _KNEE).ifthenelse(rolled, light)


def _encoded(numbers: vips.Image) -> vips.Image:
    """The number in sRGB for each of 65,536 steps of light."""
    light = numbers / 65535
    high = light ** (1 / 2.4) * 1.055 - 0.055
    return ((light <= 0.0031308).ifthenelse(light * 12.92, high) * 255).rint().cast("uchar")
