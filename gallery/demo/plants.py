"""Trees, grass, leaves and flowers, drawn as outlines and given back as masks."""

import math

import pyvips

from .light import View
from .noise import Array, Random, resized

Point = tuple[float, float]


def mask(paths: list[str], view: View, blur: float = 0) -> Array:
    """How much of each pixel these SVG paths cover, out of focus by `blur` pixels."""
    shrink = max(1.0, blur / 2)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{view.width}" height="{view.height}">'
    drawing = f'{svg}<path d="{"".join(paths)}"/></svg>'.encode()
    picture = pyvips.Image.svgload_buffer(drawing, scale=1 / shrink, unlimited=True)
    cover = picture[3].cast("float") / 255
    if blur:
        cover = cover.gaussblur(blur / shrink, precision="float")
    return resized(cover.numpy(), view.height, view.width)


def outline(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"


def conifer(rng: Random, x: float, foot: float, tall: float) -> str:
    """A spruce: tiers of drooping boughs, ragged and narrower towards the tip."""
    tiers = min(max(int(tall / 9), 7), 34)
    chance = rng.uniform((0.55, 0.15, 0.25), (1.1, 0.5, 0.5), (2, tiers, 3)).tolist()
    width, sides = tall * rng.uniform(0.13, 0.2), []
    for side, boughs in zip((-1, 1), chance, strict=True):
        edge: list[Point] = []
        for tier, (reach, droop, notch) in enumerate(boughs, start=1):
            y = foot - tall * (1 - tier / tiers * 0.93)
            reach *= width * (tier / tiers) ** 0.85
            edge.append((x + side * reach, y + reach * droop))
            edge.append((x + side * reach * notch, y + reach * droop * 0.2))
        sides.append(edge)
    return outline([(x, foot - tall), *sides[1], (x, foot), *sides[0][::-1]])


def wood(rng: Random, base: Array, tall: float, rows: int = 1, dense: float = 1) -> list[str]:
    """Trees on the ground whose top edge is `base`, one row of the picture for each column."""
    trees, width = [], len(base)
    for row in range(rows):
        for x in rng.uniform(-tall / 3, width + tall / 3, int(width / tall * 6 * dense)).tolist():
            foot = float(base[min(max(int(x), 0), width - 1)]) + tall * (0.15 + 0.5 * row)
            trees.append(conifer(rng, x, foot, tall * rng.beta(3, 1.6)))
    edge = [(float(x), float(base[x]) + tall * 0.3) for x in (*range(0, width, 6), width - 1)]
    return [*trees, outline([(0, 1e4), *edge, (width, edge[-1][1]), (width, 1e4)])]


def blades(rng: Random, roots: Array, tall: Point, lean: float) -> list[str]:
    """Grass and reeds: stalks that taper and bend; of negative length in a mirror."""
    stalks = []
    for x, y in roots.tolist():
        length, bend = tall[0] + (tall[1] - tall[0]) * rng.random(), rng.normal(0, lean)
        aside, thick = bend * abs(length), abs(length) * rng.uniform(0.005, 0.012)
        tip = f"{x + aside:.1f} {y - length * (1 - abs(bend) * 0.25):.1f}"
        left, right = x + aside * 0.25 - thick, x + aside * 0.25 + thick
        y, middle = round(y), round(y - length * 0.6)
        stalks.append(f"M{x - thick:.1f} {y}Q{left:.1f} {middle} {tip}")
        stalks.append(f"Q{right:.1f} {middle} {x + thick:.1f} {y}z")
    return stalks


def leaf(x: float, y: float, size: float, turn: float, thin: float) -> str:
    """A pointed oval that starts at x, y and goes `turn` radians clockwise from the right."""
    ax, ay = size * math.cos(turn), size * math.sin(turn)
    one = f"{x + ax / 2 - ay * thin:.1f} {y + ay / 2 + ax * thin:.1f}"
    other = f"{x + ax / 2 + ay * thin:.1f} {y + ay / 2 - ax * thin:.1f}"
    return f"M{x:.1f} {y:.1f}Q{one} {x + ax:.1f} {y + ay:.1f}Q{other} {x:.1f} {y:.1f}z"


def flower(rng: Random, x: float, y: float, size: float, petals: int, thin: float) -> list[str]:
    """Petals around a point, seen from a little above."""
    flat, start, drawn = rng.uniform(0.4, 0.9), rng.uniform(0, 6), []
    for i in range(petals):
        turn = start + 2 * math.pi * i / petals
        right, down = math.cos(turn), flat * math.sin(turn)
        drawn.append(leaf(x, y, size * math.hypot(right, down), math.atan2(down, right), thin))
    return drawn


def discs(spots: Array) -> list[str]:
    """Circles, each of x, y and radius."""
    arc = "a{r:.1f} {r:.1f} 0 1 0 {d:.1f} 0"
    return [
        f"M{x - r:.1f} {y:.1f}" + arc.format(r=r, d=2 * r) + arc.format(r=r, d=-2 * r)
        for x, y, r in spots.tolist()
    ]
