"""The page of parts, which only developers have: each part is there, and everybody could use it."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bench.kills import running
from tests.conftest import Browser
from tests.flows.conftest import SIZES
from tests.flows.steps import AXE, register, upload
from tests.flows.test_pages import ALL_LOOKS, FOR_AXE, LARGE, WIDER, WIDTHS
from tests.make import jpeg, make_user, sign_in
from tests.programs import ROOT, Program

TEMPLATES = ROOT / "gallery" / "templates"
MACRO = re.compile(r"{% macro (\w+)\(.*?{% endmacro %}", re.DOTALL)


@pytest.fixture(scope="module")
def workshop(built_assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A gallery as its developers run it."""
    with running(tmp_path_factory.mktemp("workshop") / "instance", FLASK_DEBUG="1") as program:
        yield program


@pytest.fixture
def parts(open_page, workshop: Program) -> Page:
    page = open_page(base_url=workshop.url, **FOR_AXE)
    register(page)
    upload(page, *((f"{seed}.jpg", jpeg((300, 200), seed=seed)) for seed in range(3)))
    page.goto("/photos")
    expect(page.locator(".tile[data-large]")).to_have_count(3, timeout=20_000)
    page.goto("/dev/ui")
    return page


def test_every_part_is_on_the_page() -> None:
    source = "".join(path.read_text() for path in sorted((TEMPLATES / "_macros").iterdir()))
    bodies = {found[1]: found[0] for found in MACRO.finditer(source)}
    shown = used_in((TEMPLATES / "dev" / "ui.html").read_text(), bodies)
    while more := {name for each in shown for name in used_in(bodies[each], bodies)} - shown:
        shown |= more

    assert bodies.keys() - shown == set()


def used_in(source: str, macros: dict[str, str]) -> set[str]:
    return set(re.findall(r"\b(\w+)\(", source)) & macros.keys()


def test_everybody_could_use_every_part(parts: Page, axe_script: str) -> None:
    parts.evaluate(axe_script)
    found = []
    for scheme, size in ALL_LOOKS:
        parts.emulate_media(color_scheme=scheme)
        parts.set_viewport_size(SIZES[size])
        found += [f"{scheme} {size} {fault}" for fault in parts.evaluate(AXE)]

    assert found == []


def test_no_part_is_wider_than_the_window(parts: Page) -> None:
    wide = []
    for width in WIDTHS:
        parts.set_viewport_size({"width": width, "height": 900})
        wide += [width] * parts.evaluate(WIDER)
    parts.evaluate(LARGE)

    assert wide == [] and not parts.evaluate(WIDER)


def test_there_is_no_such_page_but_in_development(client: Browser) -> None:
    sign_in(client, make_user())

    assert client.get("/dev/ui").status_code == HTTPStatus.NOT_FOUND
