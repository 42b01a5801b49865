"""What every sheet keeps to, read from its source: sides are said by the direction of reading."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "gallery" / "frontend" / "styles"
SHEETS = {path.relative_to(STYLES).as_posix(): path.read_text() for path in STYLES.rglob("*.css")}

DECLARATION = re.compile(r"(?<=[{;\s])([a-z-]+): ([^;{}]+)(?=[;}])")
SIDED = re.compile(r"(.+-)?(left|right)(-.+)?")  # left, margin-right, border-top-left-radius
FOUR = ("inset", "margin", "padding", "border-width", "border-color", "border-style")
MAY_BE_PHYSICAL = {
    ("parts/pick.css", "inset: auto auto calc(28px + var(--tabs)) 50%"): "in the middle",
    ("parts/pick.css", "border-width: 0 0 2px 2px"): "turned, it draws a check mark",
    ("viewer/slide.css", "inset: 0 auto auto 0"): "over what PhotoSwipe places from the left",
}


def physical(sheet: str) -> list[str]:
    """Return the declarations that mean another side where lines run from the right."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return [
        f"{name}: {value.strip()}"
        for name, value in DECLARATION.findall(bare)
        if _is_physical(name, _parts(value.strip()))
    ]


def _is_physical(name: str, parts: list[str]) -> bool:
    if SIDED.fullmatch(name):
        return True
    if name in ("text-align", "float", "clear"):
        return parts[0] in ("left", "right")
    if name == "border-radius":
        first, second, third, fourth = (parts * 4)[:4] if len(parts) != 3 else [*parts, parts[1]]
        return (first, fourth) != (second, third)
    return name in FOUR and len(parts) == 4 and parts[1] != parts[3]


def _parts(value: str) -> list[str]:
    """Split a value at its spaces, but for those within brackets."""
    parts, depth = [""], 0
    for letter in value:
        depth += (letter == "(") - (letter == ")")
        if letter.isspace() and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


@pytest.mark.parametrize("name", SHEETS)
def test_sheet_says_sides_by_the_direction_of_reading(name: str) -> None:
    assert [d for d in physical(SHEETS[name]) if (name, d) not in MAY_BE_PHYSICAL] == []


def test_what_may_be_physical_still_is() -> None:
    assert all(d in physical(SHEETS[name]) for name, d in MAY_BE_PHYSICAL)


@pytest.mark.parametrize(
    "planted",
    [
        "left: 0",
        "margin-right: auto",
        "border-left: 1px solid",
        "border-top-left-radius: 4px",
        "text-align: right",
        "float: left",
        "inset: 0 auto auto 0",
        "padding: 0 14px 0 calc(2 * var(--s2))",
        "border-radius: 4px 0 0 4px",
        "border-radius: 4px 0",
    ],
)
def test_planted_side_is_found(planted: str) -> None:
    assert physical(f"a {{ color: red; {planted} }}") == [planted]


@pytest.mark.parametrize(
    "planted",
    ["inset: auto 0 0", "padding: 1px 2px 3px 2px", "border-radius: 4px 4px 0 0", "top: 0",
     "inset-inline: 0 auto", "text-align: start", "background: url(left:0)"],
)  # fmt: skip
def test_what_has_no_side_is_let_be(planted: str) -> None:
    assert physical(f"a {{ {planted} }}") == []


def test_arrows_along_the_line_are_turned() -> None:
    drawn = re.findall(r'^  "((?:arrow|chevron)-(?:left|right)[a-z-]*)",$', _icons(), re.MULTILINE)
    turned = re.findall(r'\[href\$="#([a-z-]+)"\]', SHEETS["parts/icon.css"])

    assert sorted(drawn) == sorted(turned)


def _icons() -> str:
    return (STYLES.parent / "icons.mjs").read_text()
