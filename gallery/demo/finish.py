"""From light to a photograph: exposure, bloom, tone curve, colour, vignette, grain."""

from dataclasses import dataclass

import numpy as np
import pyvips

from .noise import Array, Random, blurred

LUMINANCE = np.array((0.25, 0.65, 0.10), np.float32)


@dataclass(frozen=True)
class Look:
    """How one picture was developed: stops of light, warmth, colour, contrast, grain."""

    stops: float = 0
    warmth: float = 0
    colour: float = 1.06
    contrast: float = 1
    grain: float = 1


def developed(light: Array, look: Look, rng: Random) -> pyvips.Image:
    """An 8-bit picture in sRGB."""
    height, width = light.shape[:2]
    light = np.maximum(light, 0)
    # the camera takes a third of a strong cast away, and leaves the rest as mood
    cast = light[::4, ::4].mean(axis=(0, 1))
    balance = (cast.mean() / cast) ** 0.35 * (1 + look.warmth, 0.97, 1 - look.warmth)
    # metered for the middle of the light, but the brightest parts have a say
    grey = light[::4, ::4] @ (LUMINANCE * balance.astype(np.float32))
    middle = np.exp(np.mean(np.log(grey + grey.mean() * 0.02 + 1e-6)))
    exposure = 2**look.stops * 0.26 / (middle**0.7 * np.percentile(grey, 97) ** 0.3)
    light = np.minimum(light * (balance * exposure).astype(np.float32), 12)
    light += 0.06 * (blurred(light, width / 60) - light)
    light *= _vignette(height, width)
    if look.contrast != 1:
        light **= np.float32(look.contrast)
    # each colour alone turns orange to yellow, the brightest alone keeps it: film is between
    peak = np.maximum(np.maximum(light[..., 0], light[..., 1]), light[..., 2])[..., None] + 1e-6
    toned = 0.45 * _curve(light) + light * (0.55 * _curve(peak) / peak)
    np.power(toned, 1 / 2.2, out=toned)
    grey = (toned @ LUMINANCE)[..., None]
    # muted colours gain more than strong ones
    strength = np.abs(toned[..., :1] - toned[..., 2:])
    toned = grey + (toned - grey) * (look.colour * (1.25 - 0.25 * strength))
    speckle = blurred(rng.standard_normal((height, width), dtype=np.float32), 0.6)
    toned += speckle[..., None] * (1.1 - grey) * (0.021 * look.grain)
    pixels = (np.clip(toned, 0, 1) * 255 + 0.5).astype(np.uint8)
    return pyvips.Image.new_from_array(pixels, interpretation="srgb")


def _curve(light: Array) -> Array:
    """Shadows and highlights roll off as they do in film."""
    return np.minimum(light * (2.51 * light + 0.03) / (light * (2.43 * light + 0.59) + 0.14), 1)


def _vignette(height: int, width: int) -> Array:
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * (height / width)
    return (1 / (1 + 0.16 * (across**2 + down**2)) ** 2)[..., None]
