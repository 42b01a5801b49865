"""Which previews each photo has, read from the settings."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from flask import current_app

from .errors import CannotStart

NAME = re.compile(r"([wh])([1-9]\d{1,3})")
RECIPE = re.compile(r"(jpeg|webp) ([1-9]\d?|100)")
# The grids show those that are bound in height, a photo's own page those in width; the
# receipt and other lists cannot do without the small one.
ROWS, LARGE, SMALL = "h", "w", "h240"


@dataclass(frozen=True)
class Recipe:
    """One preview as the settings have it: the pixels of one side, and how it is encoded."""

    width: int | None
    height: int | None
    format: Literal["jpeg", "webp"]
    quality: int


def check(setting: Any) -> None:
    """Make sure that the setting says which previews there are.

    :raises CannotStart: when it does not; the sentence says where.
    """
    if not isinstance(setting, dict):
        raise CannotStart('VARIANTS must be like {"w1920": "jpeg 80", "h240": "webp 80"}.')
    for name, recipe in setting.items():
        if not NAME.fullmatch(str(name)) or not RECIPE.fullmatch(str(recipe)):
            raise CannotStart(f"VARIANTS has “{name}: {recipe}”; it is to be like w1920: jpeg 80.")
    if SMALL not in setting or not any(name.startswith(LARGE) for name in setting):
        raise CannotStart(
            f"VARIANTS needs {SMALL} for the lists, and a w… for the page of a photo."
        )


def recipes() -> dict[str, Recipe]:
    """Return the previews that each photo is to have, by name."""
    return {name: _read(name, text) for name, text in current_app.config["VARIANTS"].items()}


def _read(name: str, text: str) -> Recipe:
    encoding, quality = text.split()
    side, pixels = name[0], int(name[1:])
    return Recipe(
        width=pixels if side == "w" else None,
        height=pixels if side == "h" else None,
        format="jpeg" if encoding == "jpeg" else "webp",
        quality=int(quality),
    )
