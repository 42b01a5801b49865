"""A large folder, while the tab and the server are killed: nothing lost, nothing sent twice."""

import hashlib
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.conftest import SIZES
from tests.flows.steps import register
from tests.make import jpeg
from tests.programs import Program, free_port
from tests.wire import Wire

LOST = 12 * 700_000  # in the small case as much as three files at each of four deaths
HEADING = "section.uploads h2"


class Place:
    """A gallery that can be killed and comes back at the same address, and a wire to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()
        self.wire = Wire(self.port)

    def start(self) -> None:
        self.program = Program(self.folder, GALLERY_PORT=str(self.port))
        self.program.wait_until_up()

    def kill(self) -> None:
        self.program.process.kill()
        self.program.process.communicate()

    def originals(self) -> list[str]:
        files = (self.folder / "uploads" / "photos").rglob("*.jpg")
        return sorted(digest(path) for path in files)


@pytest.fixture
def place(tmp_path: Path, built_assets: Path) -> Iterator[Place]:
    place = Place(tmp_path / "instance")
    yield place
    place.wire.close()
    place.program.end()


@pytest.fixture
def context(browser, place: Place) -> Iterator[BrowserContext]:
    with browser.new_context(base_url=place.wire.url, viewport=SIZES["desk"]) as context:
        context.set_default_timeout(60_000)
        yield context


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fill(folder: Path, number: int, size: int) -> list[str]:
    """Make so many pictures, each as large; return their digests."""
    folder.mkdir()
    for n in range(number):
        picture = jpeg((120, 90), seed=n)
        body = picture + random.Random(n).randbytes(size - len(picture))
        (folder / f"DSCF{n:04}.jpg").write_bytes(body)
    return sorted(digest(path) for path in folder.iterdir())


def drop_in_a_new_tab(context: BrowserContext, folder: Path) -> Page:
    page = context.new_page()
    page.goto("/upload")
    page.locator("[data-folder-input]").set_input_files(folder)
    return page


def wait_until(page: Page, finished: int, number: int) -> None:
    """Wait until so many files, or more, are finished."""
    for _ in range(10_000):
        title = page.locator(HEADING).text_content() or ""
        found = re.match(r"([\d,]+) of ([\d,]+) finished", title)
        if found and int(found[1].replace(",", "")) >= finished:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{title}, and {finished} were waited for")


LONG = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    ("number", "size"), [(24, 700_000), pytest.param(300, 6_700_000, marks=LONG)]
)
def test_three_killed_tabs_and_a_killed_server_lose_nothing(
    place: Place, context: BrowserContext, tmp_path: Path, number: int, size: int
) -> None:
    digests, chance = fill(tmp_path / "July", number, size), random.Random(number)
    page = context.new_page()
    register(page)
    page.close()
    place.wire.sent, place.wire.rate = 0, 3_000_000 if number < 100 else None

    for quarter in (1, 2, 3):
        page = drop_in_a_new_tab(context, tmp_path / "July")
        wait_until(page, quarter * number // 5, number)
        page.wait_for_timeout(chance.uniform(0, 300))
        if quarter == 2:
            place.kill()
            page.wait_for_timeout(500)
            place.start()
            wait_until(page, number // 2, number)
        page.close(run_before_unload=False)
    place.wire.rate = None
    page = drop_in_a_new_tab(context, tmp_path / "July")
    expect(page.locator(HEADING)).to_have_text(f"{number} of {number} finished", timeout=300_000)

    page.get_by_role("link", name="See the receipt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{number} added", timeout=60_000)
    assert place.originals() == digests
    # What was between the tab and the server when one of them died is sent again.
    assert place.wire.sent <= 1.02 * number * size + LOST * (number < 100), place.wire.sent
