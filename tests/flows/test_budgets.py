"""What pages weigh on the wire, and that nothing is sent twice."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.flows.library import Library
from tests.flows.steps import choose, register
from tests.make import jpeg
from tests.programs import Program
from tests.seeding import seed

# Kilobytes, compressed: of a page, and of the scripts that come before anybody has done anything.
LIST = {"html": 15, "js": 6}
ADMIN = {"html": 12, "js": 4}
GATE = {"html": 3, "js": 1}
BUDGETS = {
    "/photos": {"html": 20, "js": 6},
    "/albums/{album}": LIST,
    "/search?q=jpg": LIST,
    "/trash": LIST,
    "/s/{link}": LIST,
    "/p/{ready}": {"html": 6, "js": 6},
    "/upload": {"html": 6, "js": 9},
    "/admin/users": ADMIN,
    "/admin/storage": ADMIN,
    "/admin/jobs": ADMIN,
    "/login": GATE,
    "/register": GATE,
    "/s/nothing": GATE,
}
FOR_ALL = {"css": 12, "font": 20.5, "icons": 3}
FIRST_VIEW = 50  # all of these of a long timeline; its shape is counted apart
SHAPE = 2
ON_USE = {"viewer": 26, "upload": 60}
PICTURES = {"phone": 300, "desk": 400}
DUSK = 150  # the picture of the pages before sign-in
WEIGHTS = {"h240": 7_000, "h480": 23_000}  # bytes, of pictures as people take them

SENT = """() => [
  ...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource"),
].map(({ name, encodedBodySize, transferSize }) => [name, encodedBodySize, transferSize])"""
SEEN = """() => [...document.querySelectorAll(".tile img")].filter((image) => {
  const { top, bottom } = image.getBoundingClientRect()
  return image.complete && bottom > 0 && top < innerHeight
}).map((image) => image.currentSrc)"""
KINDS = {
    "js": r"\.js$",
    "css": r"\.css$",
    "font": r"\.woff2$",
    "icons": r"/icons-\w+\.svg$",
    "shape": r"/shape$",
    "pictures": r"/i/|/dusk-\w+\.webp$",
}


@dataclass(frozen=True)
class Sent:
    """What came for a page: the address of a file, its size, and what of it went over the wire."""

    url: str
    size: int
    wire: int

    @property
    def kind(self) -> str:
        path = urlsplit(self.url).path
        return next((kind for kind, name in KINDS.items() if re.search(name, path)), "other")


def sent(page: Page, path: str) -> list[Sent]:
    page.goto(path, wait_until="networkidle")
    return came(page)


def came(page: Page) -> list[Sent]:
    return [Sent(*each) for each in page.evaluate(SENT)]


def kilobytes(files: list[Sent]) -> Counter[str]:
    """Add up what came, by its kind; the first is the page."""
    sizes = Counter(html=files[0].size)
    for file in files[1:]:
        sizes[file.kind] += file.size
    return Counter({kind: size / 1000 for kind, size in sizes.items()})


@pytest.fixture
def long(open_page, gallery: Program) -> object:
    """A function that opens a window of somebody who has a thousand photos."""
    page = open_page()
    email = register(page)
    seed(gallery.instance, email, 1_000, years=5)
    for name, weight in WEIGHTS.items():
        for file in (gallery.instance / "uploads" / "previews").glob(f"*/*-{name}.webp"):
            make_heavy(file, weight)
    state = page.context.storage_state()
    return lambda size="desk", **options: open_page(size, storage_state=state, **options)


def make_heavy(file: Path, weight: int) -> None:
    """Drawn pictures are light; what stands behind the end of one, nobody reads."""
    file.write_bytes(file.read_bytes().ljust(weight, b"\0"))


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_stays_within_its_budget(open_page, signed_in, library: Library, path: str) -> None:
    is_public = path.startswith(("/s/", "/login", "/register"))
    who = "nobody" if is_public else "root" if path.startswith("/admin") else "ada"
    page = open_page(storage_state=signed_in(who))

    sizes = kilobytes(sent(page, path.format(**vars(library))))

    budget = FOR_ALL | BUDGETS[path]
    assert {kind: sizes[kind] for kind in budget if sizes[kind] > budget[kind]} == {}
    assert sizes["css"] and sizes["font"] and sizes["js"]
    assert sizes["other"] == 0
    assert BUDGETS[path] != GATE or sizes["pictures"] <= DUSK


def test_the_first_view_of_a_long_timeline_is_light(long) -> None:
    sizes = kilobytes(sent(long(), "/photos"))

    kinds = ("html", "js", "css", "font", "icons", "other")
    assert sum(sizes[kind] for kind in kinds) <= FIRST_VIEW, sizes
    assert 0 < sizes["shape"] <= SHAPE
    assert all(sizes[kind] for kind in kinds[:-1])


@pytest.mark.parametrize(("size", "scale"), [("phone", 2), ("desk", 1)])
def test_the_pictures_of_a_first_view_are_light(long, size: str, scale: int) -> None:
    page = long(size, device_scale_factor=scale)
    files = {file.url: file.size for file in sent(page, "/photos")}

    seen = [files[url] for url in page.evaluate(SEEN)]

    assert len(seen) >= 8
    assert 50_000 <= sum(seen) <= 1000 * PICTURES[size]


def test_a_second_visit_asks_for_no_picture_again(long) -> None:
    page = long()

    first = sent(page, "/photos")
    page.goto("/albums")
    again = sent(page, "/photos")

    assert sum(file.kind == "pictures" for file in first) >= 8
    assert [file.url for file in again[1:] if file.wire and file.kind != "shape"] == []


def test_the_viewer_comes_on_use_and_stays_within_its_budget(long) -> None:
    page = long()
    before = kilobytes(sent(page, "/photos"))["js"]

    page.locator(".tile a").nth(2).click()
    expect(page.locator(".pswp--open [data-acts]:not([inert])")).to_be_attached()
    page.wait_for_load_state("networkidle")

    assert 10 < kilobytes(came(page))["js"] - before <= ON_USE["viewer"]


def test_uploading_comes_on_use_and_stays_within_its_budget(page: Page) -> None:
    page.goto("/upload")

    choose(page, ("new.jpg", jpeg((90, 60), seed=1234)))
    expect(page.get_by_role("link", name="See the receipt")).to_be_visible()

    assert 20 < kilobytes(came(page))["js"] <= ON_USE["upload"]
