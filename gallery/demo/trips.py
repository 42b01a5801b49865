"""Where the photographs were taken: trips over three years, and what was to be seen on each."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from .exif import Place
from .light import Sun, View
from .noise import Array, Random
from .scenes_land import clouds, clouds_from_above, dunes, hills, mountains
from .scenes_near import meadow, window
from .scenes_night import aurora, milky_way
from .scenes_water import beach, lake, sea
from .scenes_wood import fog, shafts

Range = tuple[float, float]


@dataclass(frozen=True)
class Motif:
    """Something to photograph: how high and how far aside the sun stands, and how it is framed."""

    paint: Callable[[Random, View, Sun], Array]
    sun: Range = (15, 45)
    side: Range = (50, 130)
    horizon: Range = (0.42, 0.55)
    angle: Range = (38, 55)
    stops: float = 0


@dataclass(frozen=True)
class Trip:
    """A few days somewhere: when it began, `years` before the last time that day came round."""

    place: Place
    month: int
    day: int
    years: int
    motifs: tuple[Motif, ...]

    def taken(self, number: int, sun: Sun, until: dt.date, *, evening: bool) -> dt.datetime:
        """When picture `number` of the trip was made: two a day, in its light."""
        last = dt.date(until.year, self.month, self.day)
        late = last + dt.timedelta(days=len(self.motifs) // 2) >= until
        day = last.replace(year=last.year - self.years - late) + dt.timedelta(days=number // 2)
        season = -0.408 * math.cos(2 * math.pi * (day.timetuple().tm_yday + 10) / 365)
        north = math.radians(self.place.latitude)
        turn = math.sin(math.radians(sun.height)) - math.sin(north) * math.sin(season)
        turn = max(-1, min(1, turn / math.cos(north) / math.cos(season)))
        away = math.degrees(math.acos(turn)) / 15
        noon = 12 - self.place.longitude / 15 + self.place.zone
        hours = max(0.2, min(23.6, noon + (away if evening else -away)))
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=hours)


LEAVES = np.array((0.105, 0.052, 0.014), np.float32)
YOLK, SOOT = (0.55, 0.36, 0.03), (0.02, 0.015, 0.02)
AHEAD, DUSK, NIGHT = (0, 20), (-4.5, -2), (-25, -19)

PEAKS = Motif(partial(mountains, snow=0.35, wood=0.45), (18, 40), (60, 140), (0.48, 0.6), (42, 58))
GLOW = Motif(partial(mountains, snow=0.5, wood=0.4), (4, 9), (90, 150), (0.5, 0.62), (40, 55))
WINTER = Motif(partial(mountains, snow=1.15, wood=0.1), (12, 28), (50, 130), (0.48, 0.6), (42, 58))
RIDGES = Motif(partial(hills, haze=3), (6, 25), (40, 130), (0.36, 0.48), (35, 48))
AUTUMN = Motif(partial(hills, haze=1.5, leaves=LEAVES), (18, 35), (60, 140), (0.3, 0.42), (40, 55))
SUNRISE = Motif(partial(hills, haze=3), (1, 5), AHEAD, (0.42, 0.5), (32, 45))
DUNES = Motif(dunes, (7, 22), (70, 115), (0.36, 0.46), (42, 52))
FLIGHT = Motif(clouds_from_above, (2, 25), (10, 110), (0.28, 0.4), (42, 55))
SEA = Motif(partial(sea, swell=0.2, foam=0.4), (25, 50), (70, 130), (0.38, 0.55))
STORM = Motif(partial(sea, swell=0.32, foam=0.85, eye=8), (15, 30), (90, 160), (0.34, 0.42))
CLIFF = Motif(partial(sea, swell=0.12, eye=35), (30, 50), (70, 120), (0.25, 0.4))
SUNSET = Motif(partial(sea, swell=0.12), (1, 7), AHEAD, (0.52, 0.66), (40, 52))
GRASSES = Motif(partial(sea, swell=0.14, grass=70), (3, 8), (5, 25), (0.42, 0.55), (42, 52))
AFTERGLOW = Motif(partial(sea, swell=0.06), DUSK, AHEAD, (0.52, 0.62))
SHORE = Motif(beach, (28, 55))
REEDS = Motif(partial(lake, relief=90, calm=1, reeds=90), DUSK, AHEAD, (0.58, 0.68), (45, 52))
LAKE = Motif(partial(lake, relief=500, calm=0.8), (9, 30), (60, 120), (0.44, 0.54))
TARN = Motif(partial(lake, relief=2300, calm=0.95, snow=0.5), (12, 32), (60, 130), (0.48, 0.54))
FJORD = Motif(partial(lake, relief=1700, calm=0.3, snow=0.95), (5, 14), (50, 120), (0.46, 0.55))
FOG = Motif(fog, (5, 12), (40, 80), (0.45, 0.55))
WOOD = Motif(shafts, (12, 22))
DAISIES = Motif(partial(meadow, petal=(0.8, 0.78, 0.74), heart=YOLK, petals=14, thin=0.17))
POPPIES = Motif(partial(meadow, petal=(0.6, 0.04, 0.015), heart=SOOT, petals=6, thin=0.8))
ASTERS = Motif(partial(meadow, petal=(0.42, 0.24, 0.6), heart=YOLK, petals=11, thin=0.22))
SKY = Motif(clouds, (6, 45), (10, 130), (1.02, 1.15), (50, 65))
EVENING = Motif(clouds, (-3.5, 2), (0, 25), (0.96, 1.0), (45, 60))
STARS = Motif(milky_way, NIGHT, horizon=(0.82, 0.88), stops=-1.6)
AURORA = Motif(aurora, NIGHT, horizon=(0.8, 0.86), stops=-1.1)
TOWN = Motif(window, NIGHT, stops=-1.2)
RAIN = Motif(partial(window, drops=1800), NIGHT, stops=-1.1)

TRIPS = (
    Trip(Place(35.57, -83.50, -4, 1500), 10, 16, 0, (AUTUMN, SUNRISE, AUTUMN, RIDGES)),
    Trip(Place(61.30, 28.20, 3, 76), 8, 3, 0, (REEDS, LAKE, SKY, REEDS)),
    Trip(Place(43.19, -4.83, 2, 1700), 7, 12, 0, (PEAKS, PEAKS, DAISIES, PEAKS, STARS)),
    Trip(Place(43.38, -3.01, 2), 6, 21, 0, (SHORE, SEA, SUNSET, GRASSES)),
    Trip(Place(46.35, 14.10, 2, 480), 5, 24, 0, (TARN, LAKE, ASTERS, TARN)),
    Trip(Place(68.15, 13.60, 1, 20), 2, 18, 0, (FJORD, AURORA, WINTER, AURORA, FJORD)),
    Trip(Place(51.51, -0.12, 0, 20), 12, 5, 0, (RAIN, TOWN, RAIN)),
    Trip(Place(31.15, -3.98, 1, 740), 11, 8, 1, (DUNES, DUNES, STARS, DUNES)),
    Trip(Place(47.87, 8.00, 2, 900), 10, 12, 1, (WOOD, FOG, AUTUMN, WOOD, FOG)),
    Trip(Place(46.53, 12.13, 2, 2100), 6, 28, 1, (PEAKS, GLOW, DAISIES, TARN)),
    Trip(Place(50.07, -5.71, 0), 3, 9, 1, (STORM, EVENING, STORM)),
    Trip(Place(36.40, 25.40, 3, 100), 9, 14, 2, (CLIFF, SHORE, AFTERGLOW, SUNSET, SHORE)),
    Trip(Place(47.10, 9.30, 2, 10900), 9, 9, 2, (FLIGHT, FLIGHT, FLIGHT)),
    Trip(Place(43.08, 11.60, 2, 400), 5, 6, 2, (POPPIES, SUNRISE, SKY)),
    Trip(Place(46.60, 7.98, 1, 1800), 1, 17, 2, (WINTER, WINTER, GLOW, WINTER)),
)
