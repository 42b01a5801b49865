"""Mountains, hills, dunes, and the tops of clouds."""

from dataclasses import replace

import numpy as np

from .land import Ground, landscape
from .light import Sun, View, cloudy, sky
from .noise import Array, Random, blend, noise, sample, step

ROCK = np.array((0.20, 0.185, 0.17), np.float32)
GRASS = np.array((0.105, 0.115, 0.045), np.float32)
SNOW = np.array((0.85, 0.88, 0.93), np.float32)
SAND = np.array((0.50, 0.30, 0.17), np.float32)
FOREST = np.array((0.022, 0.036, 0.016), np.float32)


def clouds(rng: Random, view: View, sun: Sun) -> Array:
    """Nothing but the sky."""
    return cloudy(rng, view, sun, rng.uniform(0.3, 0.65), rng.uniform(0.2, 1))


def mountains(rng: Random, view: View, sun: Sun, snow: float, wood: float) -> Array:
    """High rock; `snow` and `wood` are the shares of the height that are white and wooded."""
    light = cloudy(rng, view, sun, rng.uniform(0.1, 0.7), rng.uniform(0.3, 0.9))
    rough = 0.6 - 0.3 * min(snow, 1)  # snow fills what is small
    ground = Ground(rng, noise(rng, 2, 9, kind="ridged") * 2400, 20000, sun, rough)
    seen = ground.seen(view, ground.stand(rng, 2000, 8000) + 350, near=300, far=50000)
    grain, rise = seen.grain, seen.height / 2400 + 0.15 * seen.grain
    speck = (1 + 1.2 * grain)[..., None]
    grassy = step(0.6, 0.75, seen.level) * step(-0.6, -0.4, -rise)
    wooded = step(-0.05, 0.03, wood - rise - 0.2 * grain)
    wooded = wooded * step(0.5, 0.62, seen.level + 0.4 * grain)
    white = step(0.0, 0.1, rise - 1 + snow) * step(0.35, 0.55, seen.level + 0.2 * grain)
    albedo = blend(blend(ROCK * speck, GRASS * speck, grassy), FOREST * speck, wooded)
    return landscape(light, blend(albedo, SNOW, white), seen, view, sun, haze=1)


def hills(rng: Random, view: View, sun: Sun, haze: float, leaves: Array = FOREST) -> Array:
    """Wooded ridges behind one another in the haze."""
    light = cloudy(rng, view, sun, 0.3, 0.3)
    ground = Ground(rng, noise(rng, 4, 9, 0.42, kind="ridged") * 750, 20000, sun, rough=0.4)
    seen = ground.seen(view, ground.stand(rng, 2500, 9000) + 700, near=300, far=60000)
    turned = step(-0.7, 0.6, sample(noise(rng, 6, gain=0.9), *seen.places) + 2 * seen.grain)
    albedo = blend(FOREST, leaves, turned) * (1.4 + 2.5 * seen.grain[..., None]).clip(0.2)
    return landscape(light, albedo, seen, view, sun, haze)


def dunes(rng: Random, view: View, sun: Sun) -> Array:
    """Sand in the wind's shape, rippled near the lens."""
    light = cloudy(rng, view, sun, 0.15, 0.1)
    ground = Ground(rng, noise(rng, 2.5, 4, 0.25, kind="ridged") * 90, 1400, sun, rough=0.05)
    seen = ground.seen(view, ground.stand(rng, 80, 350) + 30, near=25, far=6000)
    x, y = seen.places
    bend = sample(noise(rng, 4, gain=0.35), x, y)
    ripple = np.sin((x + 0.4 * y) * 3800 + bend * 90) * np.exp(seen.distance / -130)
    speckle = rng.standard_normal(ripple.shape, dtype=np.float32)
    albedo = SAND * (1 + 0.22 * ripple + 0.06 * speckle)[..., None]
    return landscape(light, albedo, seen, view, sun, haze=2)


def clouds_from_above(rng: Random, view: View, sun: Sun) -> Array:
    """A sea of clouds from an aeroplane."""
    light = sky(view, sun)
    ground = Ground(rng, noise(rng, 4, 8, 0.42, kind="billowy") * 900, 20000, sun, rough=0.25)
    seen = ground.seen(view, ground.stand(rng, 2000, 9000) + 1300, near=1500, far=150000)
    # light wanders inside a cloud and comes out softened
    soft = replace(seen, facing=0.12 + 0.7 * seen.facing, lit=0.35 + 0.65 * seen.lit)
    hollow = step(-0.1, 0.7, seen.height / 900)[..., None]
    return landscape(light, SNOW * (0.55 + 0.4 * hollow), soft, view, sun, haze=0.6)
