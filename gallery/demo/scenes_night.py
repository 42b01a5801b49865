"""Night: the Milky Way, and northern lights."""

import math

import numpy as np

from .light import Sun, View
from .noise import Array, Random, blend, blurred, noise, sample, step
from .plants import mask, wood
from .scenes_wood import profile

BLACK = np.array((0.004, 0.005, 0.008), np.float32)


def stars(rng: Random, view: View, count: int) -> Array:
    """Few bright stars and very many faint ones, warm and cold."""
    light = np.zeros((view.height, view.width, 3), np.float32)
    rows, columns = rng.integers(0, (view.height, view.width), (count, 2)).T
    bright = (0.02 * (1 + rng.pareto(1.25, (count, 1)))).clip(0, 3)
    light[rows, columns] = bright * rng.normal((1, 0.95, 0.9), (0.12, 0.02, 0.15), (count, 3))
    return blurred(light, 0.8) * 4 + blurred(light, 3) * 3


def milky_way(rng: Random, view: View, sun: Sun) -> Array:
    """The Milky Way over a black skyline."""
    x, y = view.plane()
    turn = rng.uniform(0.5, 1.1) * rng.choice((-1, 1))
    right, below = x - view.width / view.height / 2, y - 0.4
    along = right * math.sin(turn) - below * math.cos(turn)
    across = right * math.cos(turn) + below * math.sin(turn)
    cloud = sample(noise(rng, 2, gain=0.6), along * 0.4, across * 0.4)
    dust = sample(noise(rng, 3, gain=0.65), along * 0.25, across * 0.6)
    lane = step(-0.1, 0.9, dust + 0.45 - 6 * np.abs(across + 0.04 * cloud))
    band = np.exp(-(((across + 0.05 * cloud) / 0.15) ** 2)) * (0.65 + 0.6 * cloud)
    milk = (band.clip(0) * (1 - 0.85 * lane))[..., None]
    night, dim, core, town = np.array(
        ((0.016, 0.026, 0.05), (0.085, 0.07, 0.08), (0.13, 0.085, 0.06), (0.08, 0.042, 0.016)),
        np.float32,
    )
    light = night * (1 + 0.5 * y[..., None]) + milk * dim + (milk - 0.4).clip(0) * core
    light = light + np.exp(-7 * (view.horizon - y).clip(0))[..., None] * town
    light += stars(rng, view, 9000) + stars(rng, view, 9000) * milk.clip(0, 1)
    base = view.row + profile(rng, view) * view.height * 0.08
    trees = wood(rng, base, view.height * rng.uniform(0.02, 0.1), rows=2, dense=1.2)
    return blend(light, BLACK, mask(trees, view))


def aurora(rng: Random, view: View, sun: Sun) -> Array:
    """Curtains of northern light over snow and spruces."""
    x, y = view.plane()
    green, violet, night = np.array(
        ((0.06, 0.62, 0.26), (0.26, 0.10, 0.40), (0.010, 0.022, 0.045)), np.float32
    )
    light = night * (1 + y[..., None]) + stars(rng, view, 5000) * 0.7
    folds, rays = noise(rng, 2, 4), noise(rng, 12, gain=0.7)
    for i in range(4):
        start, lean = rng.random(), x + 0.25 * y * rng.uniform(-1, 1)
        foot = view.horizon * rng.uniform(0.45, 0.8) + (x - 0.7) * rng.uniform(-0.3, 0.3)
        up = foot + 0.2 * sample(folds, lean * 0.25 + start, y * 0.06 + start) - y
        rayed = 0.75 + 0.6 * sample(rays, lean * 0.35 + start, y * 0.01) * step(-0.02, 0.15, up)
        swell = step(-0.6, 0.8, sample(folds, lean * 0.3, start)) * rayed.clip(0)
        curtain = step(-0.015, 0.03, up) * np.exp(-rng.uniform(4, 8) * up.clip(0)) * swell
        colour = blend(green, violet, step(0.05, 0.4, up))
        light = light + colour * (curtain * (0.7 / (1 + i * 0.5)))[..., None]
    base = view.horizon + 0.06 * profile(rng, view)
    snow = light.mean(axis=(0, 1)) * (0.35 + 0.25 * sample(folds, x * 0.5, y))[..., None]
    light = blend(light, snow, step(-0.001, 0.001, y - base[None, :]))
    trees = wood(rng, (base + 0.05) * view.height, view.height * 0.13, dense=0.5)[:-1]
    return blend(light, BLACK * 2, mask(trees, view))
