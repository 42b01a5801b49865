"""Seas, lakes and shores."""

import math

import numpy as np

from .land import Ground, landscape
from .light import Sun, View, cloudy
from .noise import Array, Random, blend, noise, sample, step
from .plants import blades, mask, wood
from .scenes_land import FOREST, ROCK, SNOW
from .scenes_wood import profile
from .water import water


def sea(
    rng: Random, view: View, sun: Sun, swell: float, foam: float = 0, eye: float = 4, grass: int = 0
) -> Array:
    """Open water under clouds, from a boat, a beach or a cliff; blades of `grass` before it."""
    light = cloudy(rng, view.above, sun, rng.uniform(0.15, 0.6) + foam * 0.4, rng.uniform(0.2, 0.9))
    size = 45 + 3 * eye
    light = water(rng, light, view, swell=swell, size=size, eye=eye, foam=foam)
    if grass:
        roots = rng.uniform((-40, view.height), (view.width + 40, view.height * 1.1), (grass, 2))
        stalks = blades(rng, roots, (view.height * 0.2, view.height * 0.62), 0.2)
        dark = light.mean(axis=(0, 1)) * np.array((0.12, 0.09, 0.05), np.float32)
        light = blend(light, light * 0.05 + dark, mask(stalks, view))
    return light


def lake(
    rng: Random, view: View, sun: Sun, relief: float, calm: float, snow: float = 0, reeds: int = 0
) -> Array:
    """Still water under hills or mountains `relief` metres high."""
    land = view.above
    light = cloudy(rng, land, sun, rng.uniform(0.1, 0.45), 0.3)
    above = light.mean(axis=(0, 1))
    heights = noise(rng, 3, 9, 0.42 + relief / 25000, kind="ridged") * relief
    ground = Ground(rng, heights, 8000 + 5 * relief, sun, rough=0.5)
    near = 1200 + relief
    ground.stand(rng, near, near * 3)
    seen = ground.seen(land, eye=3, near=near, far=30000)
    albedo = FOREST * (1.3 + 2 * seen.grain[..., None]).clip(0.2)
    if snow:
        rise = seen.height / relief + 0.2 * seen.grain
        albedo = blend(albedo, ROCK * (1 + seen.grain[..., None]), step(0.25, 0.4, rise))
        white = step(0, 0.12, rise - 1 + snow) * step(0.4, 0.6, seen.level)
        albedo = blend(albedo, SNOW, white)
    light = landscape(light, albedo, seen, land, sun, haze=3)
    shore = (profile(rng, view) + rng.uniform(-0.5, 0.1)).clip(-0.3)
    edge = view.row + (0.3 - shore) * 0.02 * view.height
    trees = mask(wood(rng, edge, view.height * 0.02, rows=2, dense=2.5), land)
    light = blend(light, FOREST * above * 2, trees * step(-0.3, 0.0, shore)[None, :])
    swell = 0.004 + 0.016 * (1 - calm)
    light = water(rng, light, view, swell=swell, size=25, eye=2.2, calm=calm, depth=0.3)
    for centre in rng.uniform(0, view.width, 2) if reeds else ():
        at, tall, seed = rng.uniform(0.1, 0.25), rng.uniform(0.05, 0.09), rng.integers(2**32)
        roots = rng.normal((centre, at), (view.width / 7, 0.015), (reeds, 2))
        roots, tall = roots * (1, view.height) + (0, view.row), tall * view.height
        mirrored = blades(np.random.default_rng(seed), roots, (tall * -0.3, tall * -0.9), 0.1)
        light = blend(light, light * 0.3, mask(mirrored, view, 1.2) * 0.8)
        stalks = blades(np.random.default_rng(seed), roots, (tall * 0.3, tall), 0.1)
        light = blend(light, light * 0.1, mask(stalks, view))
    return light


def beach(rng: Random, view: View, sun: Sun) -> Array:
    """Straight down on the foam between sand and shallow water."""
    x, y = view.plane()
    turn = rng.uniform(-0.6, 0.6) + rng.choice((0, math.pi))
    cos, sin = math.cos(turn), math.sin(turn)
    right, below = x - view.width / view.height / 2, y - 0.5
    out, along = right * cos + below * sin, below * cos - right * sin
    coast, torn = noise(rng, 2, gain=0.42), noise(rng, 2, gain=0.7)
    edge = out + 0.16 * sample(coast, along * 0.25, 0.2) + 0.03 * sample(coast, along, out * 0.3)
    grain, patch = sample(noise(rng, 20, 6, 0.9), x, y), sample(coast, x * 0.4, y * 0.4)
    dry = (1 + 0.1 * grain + 0.12 * patch) * (1 - 0.45 * step(-0.12, -0.02, edge))
    light = np.array((0.50, 0.36, 0.23), np.float32) * dry[..., None]
    deep = step(0.0, 0.75, edge + 0.05 * patch)[..., None]
    shallow, blue = np.log(np.array(((0.16, 0.42, 0.40), (0.006, 0.075, 0.13)), np.float32))
    body = np.exp(shallow + (blue - shallow) * deep) * (1 + 0.2 * grain[..., None] * deep)
    light = blend(light, body, step(0, 0.09, edge))
    lace = 1 - sample(noise(rng, 5, gain=0.6, kind="billowy"), x * 0.7, y * 0.7)
    for at, wide in ((0, 0.07), (rng.uniform(0.15, 0.24), 0.06), (rng.uniform(0.34, 0.5), 0.03)):
        off = edge - at - (0.03 + at * 0.2) * sample(coast, along * 0.8 + at, at)
        whole = sample(torn, along * 0.5 + at, out * 0.2 + at) + (0.9 if at == 0 else 0.3)
        crest = np.exp(-((off / np.where(off > 0, wide, 0.008).astype(np.float32)) ** 2))
        crest = crest * (0.35 + 0.65 * step(-0.6, 0.2, whole)) * 1.25 + lace * 0.75
        light = blend(light, (0.8 + 0.08 * grain)[..., None], step(0.9, 1.45, crest))
    return light * sun.colour
