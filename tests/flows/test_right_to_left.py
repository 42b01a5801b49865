"""Pages where one reads from the right: what is seen where, and what leads there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.architecture.test_languages import one, write
from tests.flows.library import Library, fill
from tests.flows.steps import cookies_in, upload
from tests.flows.test_albums import seen
from tests.flows.test_pages import WIDER, visits
from tests.make import PASSWORD, jpeg
from tests.programs import Program
from tests.seeding import seed

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def program(built_assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A gallery that knows Arabic, of which one text is enough: for the rest it says English."""
    instance = tmp_path_factory.mktemp("rtl") / "instance"
    write(instance, "ar", one("ar", "Photo viewer", "عارض الصور"))
    program = Program(instance)
    program.wait_until_up()
    program.flask("user", "add", "root@example.org", "--admin", typed=f"{PASSWORD}\n")
    yield program
    program.end()


@pytest.fixture(scope="module")
def library(program: Program) -> Library:
    library = fill(program, program, "/login")
    seed(program.instance, "eve@example.org", 2_000, years=12)
    return library


@pytest.fixture(scope="module")
def cookies(browser: Browser, program: Program, library: Library) -> Callable[[str], object]:
    return cookies_in(browser, program)


@pytest.fixture
def opened(open_page, program: Program, cookies) -> Opened:
    """A function that opens a page as somebody who reads from the right."""

    def opened(who: str, path: str = "/photos", size: str = "desk") -> Page:
        of = {"base_url": program.url, "storage_state": cookies(who), "locale": "ar"}
        page = open_page(size, **of)
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        return page

    return opened


def left(element: Locator) -> float:
    return element.bounding_box()["x"]


def right(element: Locator) -> float:
    box = element.bounding_box()
    return box["x"] + box["width"]


@pytest.mark.timeout(300)
def test_no_page_scrolls_sideways(opened: Opened, library: Library) -> None:
    people = {who: opened(who, "/keys") for who in ("ada", "eve", "root", "nobody")}
    wider = []

    for who, path in visits(library):
        people[who].goto(path, wait_until="domcontentloaded")
        for width in (390, 1440):
            people[who].set_viewport_size({"width": width, "height": 844})
            wider += [f"{path} at {width}"] * people[who].evaluate(WIDER)

    assert wider == []


def test_the_rail_stands_beside_the_photos_where_the_line_ends(opened: Opened) -> None:
    page = opened("eve")
    year = page.locator(".years.rail > a").nth(1)

    expect(year).to_be_in_viewport()
    assert right(year) <= left(page.locator(".grid").first)


def test_the_pill_is_at_the_edge_where_the_line_ends(opened: Opened) -> None:
    page = opened("eve", size="phone")
    expect(page.locator(".years.rail")).to_have_count(1)
    page.mouse.wheel(0, 3000)
    pill = page.locator(".rail.is-shown output")
    expect(pill).to_be_in_viewport()

    assert left(pill) < 100 < 390 - right(pill)


def test_an_arrow_leads_to_the_tile_that_is_seen_there(opened: Opened, library: Library) -> None:
    page = opened("ada", f"/albums/{library.album}")
    expect(page.locator(".tile a:not([tabindex='-1'])")).to_have_count(1)
    first, focused = page.locator(".tile").first, page.locator(".tile:has(a:focus)")
    first.locator("a").focus()

    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tile a").nth(1)).to_be_focused()
    assert right(focused) <= left(first)
    page.keyboard.press("ArrowRight")

    expect(first.locator("a")).to_be_focused()


def test_the_next_photo_comes_from_the_side_of_its_button(opened: Opened, library: Library) -> None:
    page = opened("ada", f"/albums/{library.album}")
    hrefs = [link.get_attribute("href") for link in page.locator(".tile a").all()]
    page.locator(".tile a").nth(3).click()
    expect(page.locator(".pswp--open [data-acts]:not([inert]) [data-download]")).to_be_visible()

    following, previous = (
        page.get_by_role("button", name=name) for name in ("Next photo", "Previous photo")
    )
    assert right(following) < left(previous)
    following.click()
    page.wait_for_url(f"**{hrefs[4]}")

    page.mouse.move(400, 450)  # from the left it is drawn in
    page.mouse.down()
    page.mouse.move(1000, 450, steps=8)
    page.mouse.up()
    page.wait_for_url(f"**{hrefs[5]}")


@pytest.mark.parametrize(("side", "place"), [("right", 0), ("left", 1)])
def test_a_photo_is_put_where_it_is_dropped(
    opened: Opened, library: Library, side: str, place: int
) -> None:
    page = opened("ada", f"/albums/{library.album}/arrange")
    expect(page.locator("[data-arrange-hint]")).to_be_visible()
    before, aim = seen(page), page.locator(".tile").first
    width = aim.bounding_box()["width"]

    at = {"x": width - 10 if side == "right" else 10, "y": 100}
    page.locator(".tile").nth(3).drag_to(aim, target_position=at)
    expect(page.get_by_text("1 photo moved.")).to_be_attached()
    page.reload()

    others = [photo for photo in before if photo != before[3]]
    assert seen(page) == [*others[:place], before[3], *others[place:]]


def test_what_somebody_wrote_has_its_own_direction(page: Page) -> None:
    upload(page, ("one.jpg", jpeg((300, 200))))
    page.goto("/photos")
    page.locator(".tile a").click()
    page.wait_for_url("**/p/*")
    page.reload()
    caption = page.get_by_label("Caption")

    caption.fill("مرحبا!")
    caption.blur()

    title = page.get_by_role("heading", level=1).locator("bdi")
    expect(title).to_have_text("مرحبا!")
    for written in (caption, title):
        expect(written).to_have_css("direction", "rtl")
    expect(page.locator("html")).to_have_css("direction", "ltr")
