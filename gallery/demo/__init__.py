"""Pictures for `flask gallery demo`: sixty photographs nobody took, rendered on the spot."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .exif import CAMERAS, described
from .finish import Look, developed
from .light import Sun, View
from .noise import Random
from .trips import TRIPS, Motif, Trip

FORMATS = {3 / 2: 0.42, 4 / 3: 0.2, 16 / 9: 0.12, 2 / 3: 0.16, 3 / 4: 0.06, 2.6: 0.04}


@dataclass(frozen=True)
class Photograph:
    """A JPEG as it would come from the card."""

    filename: str
    data: bytes


def photographs(
    count: int = 60, *, seed: int = 2026, until: dt.date | None = None, long_side: int = 1600
) -> Iterator[Photograph]:
    """Yield `count` pictures, oldest first, of the three years up to `until`, or today.

    The same arguments give the same bytes.
    """
    every = [(trip, i) for trip in TRIPS for i in range(len(trip.motifs))]
    frames = []
    for i in range(count):
        trip, number = every[int(i * max(1, len(every) / count)) % len(every)]
        rng = np.random.default_rng((seed, i))
        motif = trip.motifs[number]
        sun = Sun(rng.uniform(*motif.sun), rng.uniform(*motif.side) * rng.choice((-1, 1)))
        evening = bool(rng.random() < 0.6)
        taken = trip.taken(number, sun, until or dt.date.today(), evening=evening)
        frames.append((taken, trip, motif, sun, rng))
    for number, frame in enumerate(sorted(frames, key=lambda frame: frame[0]), start=4821):
        yield _photograph(*frame, number, long_side)


def _photograph(
    taken: dt.datetime, trip: Trip, motif: Motif, sun: Sun, rng: Random, number: int, long_side: int
) -> Photograph:
    shares = np.array(list(FORMATS.values()))
    wide = float(rng.choice(list(FORMATS), p=shares / shares.sum()))
    width = round(long_side * min(1, wide))
    angle = rng.uniform(*motif.angle) * (1 if wide > 1 else 0.75)
    view = View(width, round(width / wide), rng.uniform(*motif.horizon), angle)
    stops, warmth, contrast = rng.normal((motif.stops, 0, 1.04), (0.1, 0.02, 0.04)).tolist()
    colour = 0 if rng.random() < 0.04 else 1.06
    look = Look(stops, warmth, colour, contrast, grain=rng.uniform(0.7, 1.3))
    picture = developed(motif.paint(rng, view, sun), look, rng)
    # a camera held upright, or upside down, does not turn its pixels: it says so
    ways = (6, 6, 8) if wide < 1 else (*(1,) * 14, 3)
    camera = CAMERAS[trip.month % 4 if rng.random() < 0.65 else 4 + trip.years % 3]
    orientation = int(rng.choice(ways))
    file = described(picture, camera, trip.place, taken, sun.height, orientation, rng)
    return Photograph(camera.file_name(taken, number), file.jpegsave_buffer(Q=86))
