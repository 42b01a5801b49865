"""Colours that can be read: each pair that stands together, in both themes."""

import re

import pytest

from gallery.assets import FRONTEND

TEXT, CONTROL = 4.5, 3
GROUNDS = ("bg", "surface", "sunken")
READ = [(ink, ground) for ink in ("text", "muted", "accent", "danger", "warn", "ok")
        for ground in GROUNDS]  # fmt: skip
READ += [("on-accent", "accent"), ("on-accent", "accent-hi"), ("accent", "accent-soft")]
READ += [("danger", "danger-soft"), ("warn", "warn-soft"), ("bg", "danger"), ("bg", "text")]
READ += [("on-photo", "ground")]
SEEN = [("edge", "bg"), ("edge", "surface"), ("accent", "bg"), ("focus-on-photo", "on-photo")]


def tokens(theme: int) -> dict[str, str]:
    """Return each colour's hex value: theme 0 is light, 1 is dark."""
    css = (FRONTEND / "styles" / "tokens.css").read_text()
    found = dict(re.findall(r"--([\w-]+):\s*([^;]+);", css))

    def value(text: str) -> str:
        if text.startswith("light-dark("):
            text = text.removeprefix("light-dark(").removesuffix(")").split(", ")[theme]
        if text.startswith("var("):
            return value(found[text[6:-1]])
        return text

    return {name: value(text) for name, text in found.items()}


def luminance(colour: str) -> float:
    """As WCAG 2 has it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(READ, TEXT), (SEEN, CONTROL)], ids=["text", "edges"])
def test_colours_stand_out_from_their_ground(
    theme: int, pairs: list[tuple[str, str]], least: float
) -> None:
    colours = tokens(theme)

    weak = {pair: contrast(*(colours[name] for name in pair)) for pair in pairs}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}
