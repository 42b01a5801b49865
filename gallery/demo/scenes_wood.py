"""Woods: fog between the trees, and light between the trunks."""

import numpy as np

from .light import Sun, View, sky
from .noise import Array, Random, blend, noise, sample, step
from .plants import leaf, mask, outline, wood


def profile(rng: Random, view: View) -> Array:
    """A line of hills, about -1 to 1, one height for each column."""
    across = np.linspace(0, 0.6, view.width, dtype=np.float32)[None, :]
    line: Array = sample(noise(rng, 1), across, rng.random())[0]
    return line


def fog(rng: Random, view: View, sun: Sun, layers: int = 11) -> Array:
    """Spruces on slope behind slope, each paler than the one before it."""
    light = sky(view, sun)
    air = light[: view.row].mean(axis=(0, 1)) * 1.1
    light = (light + air) / 2
    x, y = view.plane()
    drift, bark = noise(rng, 1, 6), noise(rng, 12, gain=0.8)
    slope = 0.14 * profile(rng, view)
    for share in ((i + 0.5) / layers for i in range(layers)):
        slope = 0.75 * slope + 0.06 * profile(rng, view)
        base = 0.26 + 0.80 * share**1.4 + slope * (0.5 + share)
        tall = 0.025 + 0.26 * share**1.8
        paths = wood(rng, base * view.height, tall * view.height, rows=2, dense=1.7)
        # fog lies in the hollows, so a slope is palest at its foot
        patch = 0.7 + 0.8 * sample(drift, x * 0.5 + share, y * 1.5 + share)
        lying = patch * step(-0.8, 0.9, (y - base[None, :]) / tall) * (1 - share**3)
        veil = np.clip(0.97 * (1 - share) ** 0.9 + lying, 0, 0.995)
        texture = (1 + 0.8 * sample(bark, x / tall * 0.1, y / tall * 0.1)).clip(0.1)
        trees = np.array((0.04, 0.06, 0.04), np.float32) * air.mean() * texture[..., None]
        light = blend(light, blend(trees, air, veil), mask(paths, view, 0.5 + 1.2 * (1 - share)))
    return light


def shafts(rng: Random, view: View, sun: Sun) -> Array:
    """Trunks against a low sun, its beams showing in the mist."""
    x, y = view.plane()
    width, height = view.width, view.height
    aside, below = x - rng.uniform(0.3, 0.7) * width / height, y - rng.uniform(0.12, 0.35)
    off, angle = np.hypot(aside, below), np.arctan2(below, aside)
    gold = np.array((1.0, 0.72, 0.34), np.float32)
    green, brown = np.array(((0.085, 0.13, 0.03), (0.02, 0.016, 0.01)), np.float32)
    glow = (2.0 * np.exp(-8 * off) + 0.6 * np.exp(-2.6 * off))[..., None] * gold
    leafy, fine = noise(rng, 6, gain=0.85), noise(rng, 3, gain=0.6)
    leaves = np.clip(sample(leafy, x * 0.5, y * 0.5), -0.9, 1.5)[..., None]
    light = green * 0.3 * (1 + leaves) + glow * (0.8 + 0.6 * leaves)
    depth = (y - 0.55).clip(0.02)
    litter = (1 + 1.1 * sample(leafy, x / depth * 0.1, 0.1 / depth)).clip(0.1)[..., None]
    dapple = step(-0.15, 0.45, sample(fine, aside / depth * 0.05, 0.05 / depth))[..., None]
    lawn = (green * 0.5 + glow * (0.15 + 0.8 * dapple)) * litter
    lawn = lawn * np.array((0.9, 0.8, 0.45), np.float32)
    light = blend(light, lawn, step(0.6, 0.7, y + 0.05 * sample(fine, x * 0.5, 0.5)))
    bark = (1 + 0.7 * sample(leafy, x * 2.5, y * 0.25))[..., None].clip(0.1)
    for share in (0.12, 0.25, 0.45, 0.7, 1.0):
        places = rng.uniform(-0.02, 1.02, int(12 / (share + 0.3))) * width
        trunks = [_trunk(rng, place, height, share) for place in places.tolist()]
        stems = brown * bark + glow * (0.6 * (1 - share) ** 1.6)
        light = blend(light, stems, mask(trunks, view, 0.6))
        # leaves hang in clumps, bright where the sun comes through them
        clumps = rng.random((int(26 * (1.2 - share)), 2)) * (width, height * (0.48 - share * 0.17))
        size = height * (0.004 + 0.011 * share)
        places = rng.normal(clumps.repeat(45, axis=0), (size * 7, size * 3.5))
        hanging = [
            leaf(left, top, size * rng.uniform(0.7, 1.6), rng.uniform(0, 6.3), 0.3)
            for left, top in places.tolist()
        ]
        through = glow * np.array((0.55, 0.75, 0.2), np.float32) * (0.5 + 0.4 * leaves)
        leafage = green * (0.25 + 0.5 * (1 - share)) + through
        light = blend(light, leafage, mask(hanging, view, 0.6 + 2.5 * abs(share - 0.45)) * 0.9)
    # beams: the gaps between leaves, drawn away from the sun
    beams = np.clip(0.1 + sample(leafy, 0.1 * np.cos(angle), 0.1 * np.sin(angle)), 0, 1.2)
    return light + (0.27 * beams * np.exp(-2.2 * off) * step(0.0, 0.3, off))[..., None] * gold


def _trunk(rng: Random, x: float, height: int, share: float) -> str:
    """A stem that bows a little, from above the picture down to its spreading foot."""
    thick, foot = (
        height * 0.03 * share * rng.uniform(0.4, 1.2) + 1.5,
        height * (0.62 + 0.42 * share),
    )
    top, bow = x + rng.normal(0, 0.03) * height, x + rng.normal(0, 0.012) * height
    points = [(top - thick * 0.6, -5), (bow - thick * 0.9, foot * 0.5), (x - thick, foot * 0.93)]
    points += [(x - thick * 1.6, foot), (x + thick * 1.6, foot), (x + thick, foot * 0.93)]
    return outline([*points, (bow + thick * 0.9, foot * 0.5), (top + thick * 0.6, -5)])
