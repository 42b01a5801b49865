"""Close by: flowers, and lights behind a wet window; all but one plane out of focus."""

import numpy as np

from .light import Sun, View
from .noise import Array, Random, blend, blurred, noise, sample, step
from .plants import blades, discs, flower, mask

Colour = tuple[float, float, float]


def meadow(
    rng: Random, view: View, sun: Sun, petal: Colour, heart: Colour, petals: int, thin: float
) -> Array:
    """Flowers in focus among grass that is not."""
    (x, y), height = view.plane(), view.height
    greens = np.array(((0.04, 0.09, 0.02), (0.18, 0.26, 0.05), (0.38, 0.38, 0.1)), np.float32)
    light = np.ones((height, view.width, 3), np.float32) * greens[0]
    for green in greens:
        patch = step(-0.5, 1.0, sample(noise(rng, 2, 3), x * 0.7, y * 0.7))
        light = blend(light, green, 0.85 * patch)
    light = blurred(light, height / 40) * (1.7 - 1.2 * y)[..., None]
    spots = rng.normal(rng.random(2) * (1, 0.4), (0.25, 0.15), (36, 2)) * (view.width, height)
    for some in np.split(spots, 6):  # what glitters far behind the lens spreads into discs
        sizes = height * 0.028 * rng.uniform(0.75, 1.25, (6, 1))
        disc = mask(discs(np.hstack((some, sizes))), view, 2)[..., None]
        light += disc * (rng.pareto(2.5) * 0.12 * np.array((1, 0.95, 0.7), np.float32))
    streak = noise(rng, 6)
    stalk = (1 + 0.7 * sample(streak, x * 3, y * 0.2))[..., None]
    fleck = sample(streak, x * 2, y * 2)[..., None]
    planes = ((22, 26, 0.030), (9, 22, 0.035), (3.5, 14, 0.042), (0.6, 5, 0.055), (26, 3, 0.07))
    for blur, count, size in planes:
        roots = rng.uniform((-40, height), (view.width + 40, height * 1.2), (count * 4, 2))
        grass = blades(rng, roots, (height * 0.3, height * 0.85), 0.16)
        heads, hearts = [], []
        places = rng.uniform((0, 0.3), (1, 0.8), (count, 2)) * (view.width, height)
        for left, top in places.tolist():
            tall, foot = height * size * rng.uniform(0.7, 1.2), left + rng.normal(0, 0.06) * height
            grass.append(f"M{left - 2} {top}Q{left} {top + height * 0.3} {foot - 4} {height}h8")
            grass.append(f"Q{left + 5} {top + height * 0.3} {left + 3} {top}z")
            heads += flower(rng, left, top, tall, petals, thin)
            hearts.append((left, top - tall * 0.06, tall * 0.24))
        green = greens[rng.integers(3)] * np.array((0.9, 1.1, 0.6), np.float32)
        shade = (1.3 - y)[..., None] * stalk
        light = blend(light, green * shade, mask(grass, view, blur))
        bloom = np.array(petal, np.float32) * (1.15 - 0.55 * y)[..., None] * (1 + 0.25 * fleck)
        light = blend(light, bloom, mask(heads, view, blur))
        middle = np.array(heart, np.float32) * (1 + 0.5 * fleck)
        light = blend(light, middle, mask(discs(np.array(hearts)), view, blur))
    return light


def window(rng: Random, view: View, sun: Sun, drops: int = 0) -> Array:
    """The lights of a town out of focus, perhaps through drops on the glass."""
    x, y = view.plane()
    blocks = (1 + 0.9 * sample(noise(rng, 3, 4), x * 0.6, y * 0.3)).clip(0.2) * (1.6 - y)
    light = np.array((0.02, 0.03, 0.05), np.float32) * blocks[..., None]
    amber, white, red, blue = (1, 0.42, 0.08), (1, 0.8, 0.55), (1, 0.08, 0.04), (0.2, 0.5, 1)
    for colour in (amber, white, red, blue, amber, white, (0.1, 0.9, 0.45)):
        for _ in range(5):
            centre = rng.uniform((0, 0.35), (1, 0.75)) * (view.width, view.height)
            places = rng.normal(centre, (view.width / 9, view.height / 16), (7, 2))
            sizes = view.height * 0.03 * rng.uniform(0.5, 1.3, (7, 1))
            disc = mask(discs(np.hstack((places, sizes))), view, 2)[..., None]
            strength = min(rng.pareto(1.5) * 0.12 + 0.05, 0.9)
            light += disc * (np.array(colour, np.float32) * strength)
    return _wet(rng, blurred(light, 4), view, drops) if drops else light


def _wet(rng: Random, light: Array, view: View, drops: int) -> Array:
    """Each drop is a small lens that shows the scene upside down."""
    deep = np.zeros((view.height, view.width), np.float32)
    for _ in range(drops):
        radius = int(np.clip(view.height / 500 * (1 + rng.pareto(1.5) * 1.5), 2, view.height / 45))
        row, column = rng.integers(0, (view.height - 2 * radius, view.width - 2 * radius))
        grid = np.linspace(-1, 1, 2 * radius, dtype=np.float32)
        lean = grid * rng.uniform(1, 1.35) + 0.12 * np.sin(grid[:, None] * rng.uniform(2, 5))
        dome = np.sqrt(np.clip(1 - lean**2 - grid[:, None] ** 2, 0, 1)) * radius
        place = deep[row : row + 2 * radius, column : column + 2 * radius]
        np.maximum(place, dome, out=place)
    down, right = np.gradient(blurred(deep, 0.8))
    x, y = np.arange(view.width), np.arange(view.height)[:, None]
    rows = np.clip(y + down * view.height * 0.16, 0, view.height - 1).astype(int)
    columns = np.clip(x + right * view.height * 0.16, 0, view.width - 1).astype(int)
    rim = 1.25 - 0.55 * np.clip(np.hypot(down, right) - 0.3, 0, 1.8)
    return blend(light * 0.8, light[rows, columns] * rim[..., None], step(0.2, 1.2, deep))
