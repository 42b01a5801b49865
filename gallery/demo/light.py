"""The sun, the air and the clouds: sky as sunlight scattered on its way to the lens."""

import math
from dataclasses import dataclass, replace

import numpy as np

from .noise import Array, Random, blend, noise, resized, sample, step

# What a kilometre of air, ozone and haze takes out of red, green and blue; kilometres of radius.
RAYLEIGH = np.array((5.8e-3, 13.5e-3, 33.1e-3), np.float32)
OZONE = np.array((1.0e-3, 2.6e-3, 0.12e-3), np.float32)
HAZE = 2.5e-3
EARTH, SPACE = 6360.0, 6430.0


@dataclass(frozen=True)
class View:
    """A level camera; `horizon` is the horizon's share of the height, from the top."""

    width: int
    height: int
    horizon: float = 0.5
    angle: float = 55

    @property
    def focal(self) -> float:
        return self.width / 2 / math.tan(math.radians(self.angle / 2))

    @property
    def row(self) -> int:
        return round(self.height * self.horizon)

    @property
    def above(self) -> "View":
        """The part over the horizon."""
        return replace(self, height=self.row, horizon=1)

    def across(self, points: int = 0) -> Array:
        """How far right of the middle each column looks, for one ahead."""
        line = np.linspace(-0.5, 0.5, points or self.width, dtype=np.float32)
        return line[None, :] * (self.width / self.focal)

    def up(self, points: int = 0) -> Array:
        """How far above the horizon each row looks, for one ahead."""
        line = np.linspace(0, self.height, points or self.height, dtype=np.float32)
        return (self.row - line[:, None]) / self.focal

    def plane(self) -> tuple[Array, Array]:
        """Right and down from the upper left corner, in heights of the picture."""
        across = np.arange(self.width, dtype=np.float32)[None, :] / self.height
        return across, np.arange(self.height, dtype=np.float32)[:, None] / self.height


@dataclass(frozen=True)
class Sun:
    """Degrees above the horizon, and to the right of where the lens looks."""

    height: float
    side: float = 0
    haze: float = 1

    @property
    def direction(self) -> tuple[float, float, float]:
        up, side = math.radians(self.height), math.radians(self.side)
        return math.cos(up) * math.sin(side), math.sin(up), math.cos(up) * math.cos(side)

    @property
    def colour(self) -> Array:
        """What is left of the light when it arrives."""
        here, rise = np.full(1, 0.1, np.float32), np.full(1, self.direction[1], np.float32)
        return _arriving(here, rise, self.haze)[0]


def _air(height: Array, haze: float) -> tuple[Array, Array, Array]:
    """What air and haze scatter, and what is lost to both, in a kilometre at that height."""
    height = height[..., None]
    air, fine = RAYLEIGH * np.exp(height / -8), HAZE * haze * np.exp(height / -1.2)
    return air, fine, air + 1.1 * fine + OZONE * np.maximum(0, 1 - np.abs(height - 25) / 15)


def _arriving(height: Array, rise: Array, haze: float) -> Array:
    """Share of sunlight left at `height` when the sun stands at sine `rise` there."""
    radius = EARTH + height
    lowest = radius * np.sqrt(np.maximum(0, 1 - rise**2))
    reach = -radius * rise + np.sqrt(np.maximum(0, SPACE**2 - lowest**2))
    lost = np.zeros((*radius.shape, 3), np.float32)
    for share in ((i + 0.5) / 12 for i in range(12)):
        along = reach * share**1.5
        at = np.sqrt(radius**2 + along**2 + 2 * radius * along * rise) - EARTH
        lost += _air(np.maximum(at, 0), haze)[2] * (reach * (1.5 * share**0.5 / 12))[..., None]
    below = step(-0.6, 0.6, np.where(rise < 0, lowest - EARTH, 9))
    return np.exp(-lost) * below[..., None]


def sky(view: View, sun: Sun) -> Array:
    """Clear sky; below the horizon it goes on as haze."""
    across, up = np.broadcast_arrays(view.across(40), np.maximum(view.up(56), 0.004))
    east, high, ahead = sun.direction
    length = np.sqrt(across**2 + up**2 + 1)
    rise, towards = up / length, (across * east + up * high + ahead) / length
    reach = -EARTH * rise + np.sqrt((EARTH * rise) ** 2 + SPACE**2 - EARTH**2)
    # light scattered more than once comes from everywhere: the 0.05
    air_phase = (0.05 + 0.06 * (1 + towards**2))[..., None]
    haze_phase = (0.029 * (1 + towards**2) / (1.58 - 1.52 * towards) ** 1.5)[..., None]
    lost = np.zeros((*across.shape, 3), np.float32)
    light = np.zeros_like(lost)
    for i in range(16):
        along, width = reach * ((i + 0.5) / 16) ** 2, (reach * ((2 * i + 1) / 256))[..., None]
        height = np.sqrt(EARTH**2 + along**2 + 2 * EARTH * along * rise) - EARTH
        sun_rise = (EARTH * high + along * towards) / (EARTH + height)
        air, fine, loss = _air(height, sun.haze)
        arriving = _arriving(height, sun_rise, sun.haze) * (air * air_phase + fine * haze_phase)
        light += np.exp(-lost - loss * width / 2) * arriving * width
        lost += loss * width
    light = np.maximum(resized(light * 20, view.height, view.width), 0)
    if sun.height < -0.3 or ahead < 0:
        return light
    off = np.hypot(view.across() - east / ahead, view.up() - high / ahead)
    disc = step(-0.0062, -0.0046, -off) * 1500 + 25 * np.exp(-off * 70) + 2 * np.exp(-off * 14)
    return light + disc[..., None] * sun.colour


def cloudy(
    rng: Random, view: View, sun: Sun, cover: float, shape: float = 0.5, scale: float = 3.5
) -> Array:
    """The sky with a layer of cloud; `shape` goes from veils (0) to heaps (1)."""
    light = sky(view, sun)
    heaps, veils = noise(rng, 2, 9, 0.52, kind="billowy"), noise(rng, 2, 9, 0.52)
    density = shape * heaps + (1 - shape) * (0.5 + 0.5 * veils) + 0.25 * noise(rng, 1, 3)
    floor, peak = float(np.quantile(density[::4, ::4], 1 - cover)), float(density.max())
    thickness = np.clip((density - floor) / (peak - floor), 0, 1)
    # the tile is turned so that its rows run towards the sun: how much cloud the light has passed
    passed = sum((np.roll(thickness, -6 * i * i, axis=0) * i for i in range(1, 5)), np.float32(0))
    tile = np.stack((thickness, np.exp(-0.9 * passed)), axis=-1)
    up, across = np.maximum(view.up()[: view.row], 0.012), view.across()
    cos, sin = math.cos(math.radians(sun.side)) / scale, math.sin(math.radians(sun.side)) / scale
    away, aside = 1 / (up + 0.05), across / (up + 0.05)
    x, z = aside * cos - away * sin + rng.random(), away * cos + aside * sin + rng.random()
    thick, lit = np.moveaxis(sample(tile, x, z), -1, 0)
    east, high, ahead = sun.direction
    towards = np.maximum(across * east + up * high + ahead, 0) / np.sqrt(1 + up**2 + across**2)
    glow = (0.35 + 2.2 * towards**12 * np.exp(-4 * thick)) * (0.5 + 3.5 * lit)
    clear = light[: view.row]
    shade = clear.mean(axis=(0, 1)) * (0.95 - 0.5 * thick[..., None])
    share = (1 - np.exp(-9 * thick)) * step(0.0, 0.09, up)
    light[: view.row] = blend(clear, sun.colour * glow[..., None] + shade, share)
    return light
