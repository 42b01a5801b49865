"""What pages weigh on the wire, and that nothing is sent twice."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Page

from tests.flows.library import Library
from tests.flows.steps import register
from tests.programs import Program
from tests.seeding import seed

# Kilobytes, compressed: of pages, and of scripts at once or as soon as the page is there.
BUDGETS = {
    "/photos": {"html": 20, "js": 12},
    "/albums/{album}": {"html": 15, "js": 12},
    "/search?q=jpg": {"html": 15, "js": 12},
    "/trash": {"html": 15, "js": 12},
    "/p/{ready}": {"html": 6, "js": 9},
    "/upload": {"html": 6, "js": 69},
    "/s/{link}": {"html": 15, "js": 12},
    "/login": {"html": 3, "js": 2},  # with a passkey to ask for
}
FOR_ALL = {"css": 12, "font": 20.5, "icons": 4}
SENT = """() => [
  ...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource"),
].map(({ name, encodedBodySize, transferSize }) => [name, encodedBodySize, transferSize])"""
KINDS = {"js": r"\.js$", "css": r"\.css$", "font": r"\.woff2$", "icons": r"icons-\w+\.svg$"}
PICTURE = r"/i/"


def sent(page: Page, path: str) -> list[tuple[str, int, int]]:
    """What came for a page: the address of each, its size, and what of it went over the wire."""
    page.goto(path, wait_until="networkidle")
    return page.evaluate(SENT)


def kilobytes(came: list[tuple[str, int, int]]) -> Counter[str]:
    sizes = Counter(html=came[0][1])
    for name, size, _ in came[1:]:
        for kind, pattern in KINDS.items():
            sizes[kind] += size if re.search(pattern, name) else 0
    return Counter({kind: size / 1000 for kind, size in sizes.items()})


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_stays_within_its_budget(open_page, signed_in, library: Library, path: str) -> None:
    who = "nobody" if path.startswith(("/s/", "/login")) else "ada"
    page = open_page(storage_state=signed_in(who))

    sizes = kilobytes(sent(page, path.format(**vars(library))))

    budget = FOR_ALL | BUDGETS[path]
    assert {kind: size for kind, size in sizes.items() if size > budget[kind]} == {}
    assert sizes["css"] and sizes["font"]


def test_a_long_timeline_opens_lightly_and_is_not_sent_again(open_page, gallery: Program) -> None:
    page = open_page()
    email = register(page)
    seed(gallery.instance, email, 1_000, years=5)

    first = sent(page, "/photos")
    pictures = [name for name, _, _ in first if re.search(PICTURE, name)]
    page.goto("/albums")
    again = sent(page, "/photos")

    assert kilobytes(first)["html"] <= 20
    assert len(pictures) >= 8
    assert [name for name, _, wire in again[1:] if wire and "/photos/" not in name] == []
