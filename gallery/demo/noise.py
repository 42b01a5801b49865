"""Noise that repeats without a seam: what clouds, rock, waves and grass are made of."""

from functools import lru_cache
from typing import Literal

import numpy as np
import pyvips

Array = np.ndarray  # of float32, but for a few small ones
Random = np.random.Generator
Kind = Literal["smooth", "billowy", "ridged"]
SIZE = 1024


@lru_cache(1)
def frequencies() -> tuple[Array, Array]:
    """Across and down, in cycles per tile, in the layout of `rfft2`."""
    across = np.fft.rfftfreq(SIZE, 1 / SIZE).astype(np.float32)
    down = np.fft.fftfreq(SIZE, 1 / SIZE).astype(np.float32)
    return across[None, :], down[:, None]


@lru_cache(40)
def _tile(kind: Kind, seed: int, first: float, count: int, gain: float) -> Array:
    fineness = np.log2(np.hypot(*frequencies()) / first + 1e-6)
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(rng.standard_normal((SIZE, SIZE), dtype=np.float32))
    total, weight = np.zeros((2, SIZE, SIZE), np.float32)
    weight += 1
    for i in range(count):
        layer = np.fft.irfft2(spectrum * np.exp(-4 * (fineness - i) ** 2))
        layer /= layer.std()
        if kind == "ridged":  # rough on the heights, smooth in the valleys
            layer = weight * (1 - np.minimum(np.abs(layer) * 0.8, 1.2))
            weight = np.clip(layer * 1.5 + 0.1, 0.1, 1)
        total += (layer if kind != "billowy" else np.abs(layer)) * gain**i
    low, high = np.percentile(total, (0.5, 99.5)).tolist()
    return (total - low) / (high - low) if kind != "smooth" else total / (high - low) * 2.2


def noise(
    rng: Random, first: float = 2, count: int = 8, gain: float = 0.5, kind: Kind = "smooth"
) -> Array:
    """A tile of fractal noise, coarsest at `first` cycles; -1 to 1 if smooth, else 0 to 1."""
    # a few tiles are kept; each picture takes one from another place and side
    tile = _tile(kind, int(rng.integers(2)), first, count, gain)
    tile = np.roll(tile, rng.integers(SIZE, size=2), axis=(0, 1))
    return np.ascontiguousarray(tile.T) if rng.random() < 0.5 else tile


def sample(tile: Array, across: Array, down: Array | float) -> Array:
    """The tile at these places, counted in tiles, between its own points as well."""
    places = np.stack(np.broadcast_arrays(across, np.float32(down)), axis=-1)
    places -= np.floor(places)
    places *= np.float32(SIZE)
    picture = pyvips.Image.new_from_array(tile)
    index, bilinear = pyvips.Image.new_from_array(places), pyvips.Interpolate.new("bilinear")
    found: Array = picture.mapim(index, interpolate=bilinear, extend="repeat").numpy()
    return found


def step(low: float, high: float, value: Array) -> Array:
    """0 below `low`, 1 above `high`, and no corner between."""
    t = np.clip((value - low) * (1 / (high - low)), 0, 1)
    return t * t * (3 - 2 * t)


def blend(below: Array, above: Array, share: Array) -> Array:
    """`above` over `below`, where `share` has one value a pixel."""
    return below + (above - below) * share[..., None]


def resized(image: Array, height: int, width: int) -> Array:
    picture = pyvips.Image.new_from_array(np.ascontiguousarray(image))
    scale = {"vscale": height / picture.height, "kernel": "linear"}
    large: Array = picture.resize(width / picture.width, **scale).numpy()
    return large


def blurred(image: Array, radius: float) -> Array:
    """Soft by `radius` pixels; large radii go by way of a smaller picture."""
    height, width = image.shape[:2]
    shrink = max(1.0, radius / 2)
    small = resized(image, round(height / shrink), round(width / shrink))
    soft = pyvips.Image.new_from_array(small).gaussblur(radius / shrink, precision="float")
    return resized(soft.numpy(), height, width)
