"""Water: a mirror that waves tilt, and what shines up through it."""

import math

import numpy as np

from .light import View
from .noise import Array, Random, blend, frequencies, noise, sample, step


def waves(rng: Random) -> Array:
    """A tile of height and slopes, the crests mostly across its rows; both of variance 1."""
    across, along = frequencies()
    fineness = np.hypot(across, along) + 1e-3
    power = np.exp(-((4 / fineness) ** 2)) * fineness**-1.9 * np.exp(-((fineness / 300) ** 2))
    power *= 0.08 + np.abs(along / fineness) ** 3
    turns = rng.standard_normal((2, *power.shape), dtype=np.float32)
    spectrum = power * (turns[0] + 1j * turns[1])
    height, right, down = (
        np.fft.irfft2(spectrum * slope) for slope in (np.float32(1), 1j * across, 1j * along)
    )
    steep = float(np.sqrt(np.mean(right**2 + down**2)))
    return np.stack((height / height.std(), right / steep, down / steep), axis=-1)


def water(
    rng: Random,
    light: Array,
    view: View,
    *,
    swell: float,
    size: float,
    eye: float,
    foam: float = 0,
    calm: float = 0,
    depth: float = 1,
) -> Array:
    """The picture with water from the horizon down, mirroring what stands above.

    `swell` is the usual slope of a wave, `size` metres are one tile of waves, `calm` is the share
    that no breeze reaches, `depth` how much light comes back out of the water.
    """
    down = np.arange(1, view.height - view.row + 1, dtype=np.float32)[:, None] / view.focal
    away, turn = eye / down / size, rng.uniform(-0.6, 0.6)
    x, tile = view.across() * away, waves(rng)
    u, v = x * math.cos(turn) + away * math.sin(turn), away * math.cos(turn) - x * math.sin(turn)
    # waves finer than a pixel are not seen as such: they only roughen the mirror
    pixel = away**2 * (size / eye / view.focal)
    seen_large, seen_small = np.exp(-14 * pixel), np.exp(-60 * pixel)
    large, small = sample(tile, u, v), sample(tile, v * 4.3 + 0.3, u * 4.3)
    breeze = 0.5 + 1.2 * sample(noise(rng, 1), u * 0.3, v * 0.12)
    strength = swell * (step(calm - 0.5, calm + 0.5, breeze) if calm else np.ones_like(breeze))
    right = (large[..., 1] * seen_large + small[..., 2] * seen_small * 0.7) * strength
    front = (large[..., 2] * seen_large + small[..., 1] * seen_small * 0.7) * strength
    rough = strength * (1.2 - 0.5 * seen_large)
    # the ray from the lens, thrown back by a surface that leans by `right` and `front`
    glint = rng.standard_normal(rough.shape, dtype=np.float32) * (1 - seen_small) * 0.55
    lift = np.maximum(down + 2 * front + (0.9 + glint) * rough, 0.001)
    aside = view.across() - 4 * right * np.sqrt(np.abs(down + front) + 0.002)
    rows = np.abs(view.row - lift * view.focal).clip(0, view.row - 1).astype(np.int32)
    columns = np.clip(aside * view.focal + view.width / 2, 0, view.width - 1).astype(np.int32)
    steep = np.clip(down + front + 0.6 * rough, 0.001, 1)
    mirrored = 0.02 + 0.98 * (1 - steep / np.sqrt(1 + steep**2)) ** 5
    around = light[: view.row].mean(axis=(0, 1))
    body = np.array((0.063, 0.18, 0.234), np.float32) * (around.mean() * depth)
    inside = body * np.clip(1 + 0.4 * large[..., 0] * seen_large, 0.3, 2)[..., None]
    surface = blend(inside, light[rows, columns], mirrored)
    if foam:
        flecks = sample(noise(rng, 6, kind="billowy"), u * 3, v * 3)
        crest = step(2.6 - 1.6 * foam, 3.4 - 1.6 * foam, large[..., 0] + flecks * 2.6 - 0.9)
        surface = blend(surface, around * 1.3, crest * step(0.05, 0.4, flecks) * 0.85)
    return np.concatenate((light[: view.row], surface))
