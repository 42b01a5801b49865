"""Ground in perspective: a map of heights through the lens, lit by the sun, veiled by air."""

import math
from dataclasses import dataclass

import numpy as np

from .light import HAZE, RAYLEIGH, Sun, View
from .noise import SIZE, Array, Random, blend, blurred, noise, sample, step

FINER = 13.7  # the map serves once more as its own detail, so much smaller
STEPS = 480


@dataclass(frozen=True)
class Seen:
    """What the lens meets at each pixel from the skyline down: ground, how far, and how it lies."""

    covered: Array
    distance: Array
    places: tuple[Array, Array]
    height: Array
    facing: Array
    lit: Array
    level: Array
    grain: Array


class Ground:
    """Heights in metres on a square of `size` metres that repeats; its rows run towards the sun."""

    def __init__(self, rng: Random, heights: Array, size: float, sun: Sun, rough: float) -> None:
        self.heights, self.size, self.rough, self.sun = heights, size, rough, sun
        down, across = np.gradient(np.pad(heights, 1, mode="wrap"), size / SIZE)
        down, across = down[1:-1, 1:-1], across[1:-1, 1:-1]
        level = 1 / np.sqrt(across**2 + down**2 + 1)
        rise, flat = sun.direction[1], math.cos(math.radians(sun.height))
        # seen from the sun, what lies behind a higher point is in its shadow
        slant = np.arange(2 * SIZE, dtype=np.float32)[:, None] * (size / SIZE * rise / flat)
        sunk = np.concatenate((heights, heights)) - slant
        rim = np.maximum.accumulate(sunk[::-1], axis=0)[::-1]
        lit = blurred(1 - step(0.2, 1.5, (rim - sunk)[:SIZE] * (SIZE / size)), 1)
        self.map = np.stack((heights, (rise - down * flat) * level, lit, level), axis=-1)
        self.coarse = blurred(heights, 2)
        self.grain = noise(rng, 4, gain=0.8) * 0.35

    def stand(self, rng: Random, near: float, far: float) -> float:
        """Settle where, of some places, the ground is lowest before the lens and highest behind."""
        away = np.array((near * 0.3, near, near * 2, far), np.float32).repeat(9)
        x = np.tile(np.linspace(-0.5, 0.5, 9, dtype=np.float32), 4) * away
        origins = rng.random((2, 30, 1), dtype=np.float32)
        heights = sample(self.heights, *self._places(x, away, origins)).reshape(30, 4, 9)
        tops = heights.max(axis=2)
        best = int(np.argmax(tops[:, 3] - 2 * tops[:, :3].max(axis=1)))
        self.origin = origins[:, best]
        return float(tops[best, :2].max())

    def _places(self, x: Array, away: Array, origin: Array) -> tuple[Array, Array]:
        side = math.radians(self.sun.side)
        across = x * (math.cos(side) / self.size) - away * (math.sin(side) / self.size)
        down = away * (math.cos(side) / self.size) + x * (math.sin(side) / self.size)
        return across + origin[0], down + origin[1]

    def _rows(self, view: View, x: Array, away: Array, eye: float, near: float) -> Array:
        """The row at which ground so far aside and away appears; it rises only beyond `near`."""
        across, down = self._places(x, away, self.origin)
        detail = sample(self.coarse, across * FINER, down * FINER) * (self.rough / FINER)
        heights = (sample(self.heights, across, down) + detail) * step(near, near * 2.5, away)
        return view.row - view.focal * (heights - eye) / away

    def seen(self, view: View, eye: float, near: float, far: float) -> Seen:
        """Cast every column of the picture over the ground, nearest first."""
        away = near * (far / near) ** np.linspace(0, 1, STEPS, dtype=np.float32)[:, None]
        rows = self._rows(view, view.across() * away, away, eye, near)
        # a crest between two steps stands higher than both: look for it there
        index, column = np.nonzero((rows[1:-1] <= rows[:-2]) & (rows[1:-1] <= rows[2:]))
        for share in (-0.8, -0.5, -0.25, 0.25, 0.5, 0.8):
            between = away[index + 1, 0] * (far / near) ** (share / STEPS)
            aside = view.across()[0, column] * between
            crest = self._rows(view, aside[None], between[None], eye, near)[0]
            rows[index + 1, column] = np.minimum(rows[index + 1, column], crest)
        skyline = np.minimum.accumulate(rows, axis=0)
        landing = np.clip(np.ceil(skyline), 0, view.height).astype(np.int32)
        first = np.full((view.height + 1, view.width), STEPS, np.int32)
        # where several steps land on one pixel the nearest of them is what is seen
        index, column = np.nonzero(np.diff(landing, axis=0, prepend=view.height + 1))
        first[landing[index, column], column] = index
        index = np.clip(np.minimum.accumulate(first, axis=0)[1:], 1, STEPS - 1)
        # the rows that are nothing but sky need no ground
        top = min(max(int(skyline.min()), 0), view.height - 1)
        index, column = index[top:], np.arange(view.width)
        bottom = np.arange(top + 1, view.height + 1, dtype=np.float32)[:, None]
        covered = np.clip(bottom - skyline[-1], 0, 1)
        ahead, behind = skyline[index - 1, column], skyline[index, column]
        share = np.clip((ahead - bottom) / np.maximum(ahead - behind, 1e-3), 0, 1)
        distance = away[index - 1, 0] * (1 - share) + away[index, 0] * share
        x, y = self._places(view.across() * distance, distance, self.origin)
        height, facing, lit, level = np.moveaxis(sample(self.map, x, y), -1, 0)
        # detail that would be finer than a pixel fades out
        pixel = distance * (-20 / view.focal / self.size)
        small = sample(self.map, x * FINER, y * FINER) - self.map.mean(axis=(0, 1))
        small *= (self.rough * np.exp(pixel * FINER))[..., None]
        grain = sample(self.grain, x * FINER**2, y * FINER**2) * np.exp(pixel * FINER**2)
        height, level = height + small[..., 0] / FINER, level + small[..., 3]
        facing = np.clip(facing + small[..., 1] + grain * self.rough, 0, 1)
        return Seen(covered, distance, (x, y), height, facing, lit, level, grain)


def landscape(light: Array, albedo: Array, seen: Seen, view: View, sun: Sun, haze: float) -> Array:
    """The ground as sun and sky light it, behind its share of air, before the sky."""
    above = light[: view.row].mean(axis=(0, 1))
    around = above * (0.3 + 0.7 * seen.level + 0.5 * seen.grain)[..., None]
    ground = albedo * (sun.colour * (6.4 * seen.facing * seen.lit)[..., None] + around)
    through = np.exp(seen.distance[..., None] * ((RAYLEIGH + HAZE * 4 * haze) / -1000))
    horizon = light[max(0, view.row - view.height // 40)][None]
    horizon = np.minimum(horizon, 2.5 * np.median(horizon, axis=1, keepdims=True))
    air = above + (horizon - above) * (1 - through)  # near by it is lit by all the sky
    top = view.height - len(ground)
    ground = blend(light[top:], air + (ground - air) * through, seen.covered)
    return np.concatenate((light[:top], ground))
