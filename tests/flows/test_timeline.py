"""A large timeline in the browser: its rows, its heights, its places, and what is chosen in it."""

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import kept_at_rest, kept_by
from tests.flows.conftest import SIZES
from tests.flows.steps import register
from tests.programs import Program
from tests.seeding import seed

FEW, MANY, ALL = 5_000, 20_000, 100_000
YEARS = {FEW: 3, MANY: 20, ALL: 20}
# Of each row: how far its last tile ends from the edge, how high it is, and what it cuts.
ROWS = """() => {
  const filled = [...document.querySelectorAll('.grid')].filter((g) => g.childElementCount)
  return filled.flatMap((grid) => {
    const edge = grid.getBoundingClientRect().right
    const row = parseFloat(getComputedStyle(grid).getPropertyValue('--row'))
    const box = (tile) => tile.getBoundingClientRect()
    const rows = [...Map.groupBy(grid.children, (tile) => Math.round(box(tile).top)).values()]
    return rows.map((tiles, n) => ({
      gap: Math.abs(edge - box(tiles.at(-1)).right),
      isLast: n === rows.length - 1,
      height: box(tiles[0]).height / row,
      wrong: tiles.filter((tile) => {
        const { width, height } = tile.querySelector('img')
        const [seen, is] = [box(tile).width / box(tile).height, width / height]
        return is > 0.41 && is < 2.9 && Math.abs(seen / is - 1) > 0.06
      }).length,
    }))
  })
}"""
SHIFTS = """() => {
  window.shifts = 0
  window.moved = []
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    window.shifts += entry.value
    for (const { node } of entry.sources) window.moved.push(node?.outerHTML?.slice(0, 90))
  })).observe({ type: 'layout-shift', buffered: true })
}"""
# Bring every section in, and compare what it takes with what was kept for it.
ERRORS = """async (most) => {
  const errors = []
  for (const section of [...document.querySelectorAll('.section')].slice(0, most)) {
    section.scrollIntoView()
    const grid = section.querySelector('.grid')
    for (let n = 0; n < 200 && grid.ariaBusy !== 'false'; n++)
      await new Promise((go) => setTimeout(go, 25))
    const kept = parseFloat(grid.style.minBlockSize)
    grid.style.minBlockSize = '0'
    errors.push(grid.getBoundingClientRect().height - kept)
    grid.style.minBlockSize = `${kept}px`
  }
  return errors
}"""
# Go through a part of all sections, and look at each as soon as it is there.
SCROLL = """async ([from, to]) => {
  const sections = [...document.querySelectorAll('.section')]
  for (const section of sections.slice(sections.length * from, sections.length * to)) {
    section.scrollIntoView()
    const grid = section.querySelector('.grid')
    while (grid.ariaBusy !== 'false') await new Promise((go) => setTimeout(go, 20))
  }
}"""
SENT = """() => [...new FormData(document.querySelector('[data-pick]'))]
  .filter(([name]) => ['id', 'section', 'except'].includes(name))"""
SHIFT_CLICK = """(e) => e.dispatchEvent(
  new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: true }))"""
TOP = """() => [...document.querySelectorAll('.tile')]
  .find((tile) => tile.getBoundingClientRect().bottom > 120)?.dataset.id"""

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def timelines(browser: Browser, gallery: Program) -> Callable[[int], object]:
    """A function that returns the cookies of somebody with so many photos."""

    @cache
    def timelines(number: int) -> object:
        with browser.new_context(base_url=gallery.url) as context:
            email = register(context.new_page())
            seed(gallery.instance, email, number, years=YEARS[number])
            return context.storage_state()

    return timelines


@pytest.fixture
def opened(open_page, timelines: Callable[[int], object]) -> Opened:
    """A function that opens a page of somebody's timeline, all of it known."""

    def opened(number: int, size: str = "desk", path: str = "/photos", **options: object) -> Page:
        page = open_page(size, storage_state=timelines(number), **options)
        page.goto(path)
        wait_until_built(page)
        return page

    return opened


def wait_until_built(page: Page) -> None:
    expect(page.locator(".years.rail")).to_have_count(1)


def jump(page: Page, number: int) -> None:
    """Follow a link of the rail, and wait until pictures are seen there."""
    link = page.locator(".rail > a").nth(number)
    year = link.text_content().strip()
    link.focus()
    page.keyboard.press("Enter")
    section = page.locator(".section", has=page.get_by_role("heading", name=year)).first
    expect(section.locator(".tile").first).to_be_in_viewport()
    expect(section.locator("img").first).to_have_js_property("complete", True)


def boxes(page: Page) -> int:
    said = page.locator("[data-picked]").text_content()
    return int(re.sub(r"\D", "", said) or 0)


def numbers(page: Page) -> list[int]:
    """Return how many photos each month has."""
    notes = page.locator(".section h2 small:first-of-type").all_text_contents()
    return [int(re.sub(r"\D", "", note)) for note in notes]


def scroll_away(page: Page, photo: str) -> None:
    """Go to the middle of the list, and wait until the tile of a photo has been taken out."""
    page.evaluate("document.activeElement.blur()")
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    expect(page.locator(f".tile[data-id='{photo}']")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
def test_rows_are_full_and_nothing_is_cut(opened: Opened, size: str) -> None:
    rows = opened(FEW, size).evaluate(ROWS)

    assert len(rows) > 10
    assert [row for row in rows if not row["isLast"] and row["gap"] > 1] == []
    assert [row for row in rows if row["isLast"] and row["height"] > 1.6] == []
    assert sum(row["wrong"] for row in rows) == 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("width", "most"),
    [
        *((width, 6) for width in (390, 1440)),
        *(pytest.param(each, FEW, marks=pytest.mark.slow) for each in (320, 390, 768, 1440, 1920)),
    ],
)
def test_each_section_is_as_high_as_was_said(opened: Opened, width: int, most: int) -> None:
    page = opened(FEW)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(200)

    errors = page.evaluate(ERRORS, most)

    assert len(errors) >= min(most, FEW / 200)
    assert max(map(abs, errors)) <= 4


@pytest.mark.parametrize(
    ("number", "size"),
    [(MANY, "desk"), (FEW, "phone"), pytest.param(ALL, "desk", marks=pytest.mark.slow)],
)
def test_nothing_moves_by_itself(opened: Opened, number: int, size: str) -> None:
    page = opened(number, size)
    page.evaluate(SHIFTS)

    years = page.locator(".rail > a").count()
    for part in (0.2, 0.5, 0.8):
        jump(page, int(part * years))

    assert page.evaluate("window.shifts") == 0, page.evaluate("window.moved")


@pytest.mark.parametrize("number", [MANY, pytest.param(ALL, marks=pytest.mark.slow)])
def test_a_long_timeline_stays_a_small_page(opened: Opened, number: int) -> None:
    page = opened(number)

    for year in (2, 6, 10, 14, 18):
        jump(page, year)

    assert page.evaluate("document.querySelectorAll('*').length") <= 6_000
    assert kept_at_rest(page, 250_000_000).memory <= 250_000_000


@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", [FEW, pytest.param(ALL, marks=pytest.mark.slow)])
def test_memory_is_flat_while_all_of_it_is_scrolled_through(opened: Opened, number: int) -> None:
    page = opened(number)
    page.evaluate(SCROLL, [0, 0.25])
    early = kept_by(page)

    page.evaluate(SCROLL, [0.25, 1])

    # For whoever drives it the browser keeps what was answered, a hundred megabytes at most.
    most = early.memory + 150_000_000
    late = kept_at_rest(page, most)
    assert late.nodes <= 1.5 * early.nodes
    assert late.script <= early.script + 1e6
    assert late.memory <= most


AT_TOP = """() => {
  window.isAtTop = new Promise((done) => {
    addEventListener("scrollend", () => scrollY === 0 && done())
  })
}"""


@pytest.mark.parametrize("number", [MANY, pytest.param(ALL, marks=pytest.mark.slow)])
def test_the_oldest_photo_is_reached_by_rail_and_by_end(opened: Opened, number: int) -> None:
    page = opened(number)
    oldest = page.locator(".section").last.locator(".tile").last
    page.mouse.wheel(0, 10)
    page.locator(".rail.is-shown .rail-said").hover()

    page.mouse.down()
    page.mouse.move(1430, 899, steps=5)
    page.mouse.up()
    expect(oldest).to_be_in_viewport()
    page.evaluate(AT_TOP)
    page.locator("body").press("Home")
    # To a key that comes while it still scrolls by the one before, the browser does not listen.
    page.evaluate("() => window.isAtTop")
    expect(oldest).not_to_be_in_viewport()
    page.locator("body").press("End")

    expect(oldest).to_be_in_viewport()


def test_pictures_on_their_way_to_tiles_that_are_far_are_let_go(opened: Opened) -> None:
    page, held = opened(MANY), []
    page.route("**/i/**", lambda route: held.append(route))
    links = page.locator(".rail > a")
    with page.expect_request("**/i/**"):
        page.locator(".rail").hover()  # the years take their places
        links.nth(9).click()

    with page.expect_event("requestfailed", lambda request: "/i/" in request.url):
        links.nth(3).click()

    assert held


def test_a_month_and_a_day_open_there(opened: Opened) -> None:
    page = opened(MANY)
    title = page.locator(".section h2 [data-title]").nth(60).text_content()
    month = page.locator(".section:has(h2)").nth(60).get_attribute("data-key").replace("-", "/")

    page.goto(f"/photos/{month}")
    wait_until_built(page)

    heading = page.get_by_role("heading", name=title)
    expect(heading).to_be_in_viewport()
    tile = page.locator(f".section:has(h2:has-text('{title}')) .tile").nth(3)
    name = tile.locator("img").get_attribute("alt")
    day = page.request.get(tile.locator("a").get_attribute("href"))
    assert day.ok and name


def test_back_and_reload_come_to_the_very_place(opened: Opened) -> None:
    page = opened(MANY)
    page.locator(".rail > a").nth(11).focus()
    page.keyboard.press("Enter")
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(800)
    before = page.evaluate(TOP)

    page.reload()
    wait_until_built(page)
    expect(page.locator(f".tile[data-id='{before}']")).to_be_in_viewport()
    after_reload = page.evaluate(TOP)
    page.goto("/albums")
    page.go_back()
    wait_until_built(page)
    expect(page.locator(f".tile[data-id='{before}']")).to_be_in_viewport()

    assert (after_reload, page.evaluate(TOP)) == (before, before)


def test_the_way_back_from_a_photo_leads_to_its_place(opened: Opened) -> None:
    page = opened(MANY)
    page.locator(".rail > a").nth(7).focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    photo = page.evaluate(TOP)

    page.goto(f"/p/{photo}")
    page.get_by_role("link", name="Back to photos").click()
    wait_until_built(page)

    expect(page.locator(f".tile[data-id='{photo}']")).to_be_in_viewport()


def test_ranges_from_tick_and_image_outlive_their_tiles(opened: Opened) -> None:
    page = opened(MANY)
    tiles = page.locator(".tile")
    tiles.nth(1).hover()
    tiles.nth(1).locator(".tick input").click()
    tiles.nth(5).locator("a").click(modifiers=["Shift"])
    assert boxes(page) == 5
    tiles.nth(9).locator(".tick input").click(modifiers=["Shift"])
    assert boxes(page) == 9
    chosen = [tiles.nth(n).get_attribute("data-id") for n in range(1, 10)]

    page.locator(".rail > a").nth(12).focus()
    page.keyboard.press("Enter")
    expect(page.locator(f".tile[data-id='{chosen[0]}']")).to_have_count(0)
    expect(page.locator(".pickbar")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    for photo in chosen:
        expect(page.locator(f".tile[data-id='{photo}'] .tick input")).to_be_checked()

    page.route("**/photos/batch", lambda route: route.fulfill(status=204))
    with page.expect_request("**/photos/batch") as sent:
        page.get_by_role("button", name="Trash", exact=True).click()
    posted = parse_qs(sent.value.post_data)["id"]
    assert sorted(posted) == sorted(chosen)
    page.keyboard.press("Escape")
    assert boxes(page) == 0
    expect(page.locator(".pickbar")).to_be_hidden()


@pytest.mark.parametrize("part", ["a", ".tick input"], ids=["image", "tick"])
def test_a_range_begins_at_a_photo_whose_tile_is_out(opened: Opened, part: str) -> None:
    page = opened(FEW)
    page.locator(".tile .tick input").nth(1).check(force=True)
    first = page.locator(".tile").nth(1).get_attribute("data-id")

    scroll_away(page, first)
    before = sum(numbers(page)[:12])
    tile = page.locator(".section:has(h2)").nth(12).locator(".tile").nth(2)
    page.locator(".section h2").nth(12).scroll_into_view_if_needed()
    last = tile.get_attribute("data-id")
    tile.locator(part).evaluate(SHIFT_CLICK)

    expect(page.locator("[data-picked]")).to_have_text(f"{before + 2:,} selected")
    sent = [value for _, value in page.evaluate(SENT)]
    assert (sent[0], sent[-1], len(set(sent))) == (first, last, before + 2)
    expect(page.locator(f".tile[data-id='{first}']")).to_have_count(0)


def test_a_month_is_chosen_whole_and_sent_as_that(opened: Opened) -> None:
    page = opened(MANY)
    section = page.locator(".section:has(h2)").nth(1)
    number = int(re.sub(r"\D", "", section.locator("small").text_content()))
    section.locator("[name=section]").check(force=True)
    expect(page.locator("[data-picked]")).to_have_text(f"{number} selected")
    section.scroll_into_view_if_needed()
    section.locator(".tile .tick input").first.uncheck(force=True)

    fields = page.evaluate("[...new FormData(document.querySelector('[data-pick]'))]")

    sent = {name for name, _ in fields}
    assert boxes(page) == number - 1
    assert "id" not in sent and {"section", "except"} <= sent


def test_a_month_let_go_while_its_tiles_are_out_forgets_what_it_was_without(
    opened: Opened,
) -> None:
    page = opened(FEW)
    month, tick = page.locator("[name=section]").first, page.locator(".tile .tick input").first
    photo = tick.get_attribute("value")
    month.check(force=True)
    tick.uncheck(force=True)

    scroll_away(page, photo)
    month.evaluate("e => e.click()")
    assert page.evaluate(SENT) == []
    page.evaluate("scrollTo(0, 0)")
    page.locator(f".tile[data-id='{photo}'] .tick input").check(force=True)

    assert page.evaluate(SENT) == [["id", photo]]
    assert boxes(page) == 1


def test_a_month_taken_while_its_tiles_are_out_counts_each_once(opened: Opened) -> None:
    page = opened(FEW)
    section = page.locator(".section:has(h2)").first
    number = int(re.sub(r"\D", "", section.locator("small").first.text_content()))
    for n in range(2):
        section.locator(".tile .tick input").nth(n).check(force=True)
    photo = section.locator(".tile").first.get_attribute("data-id")

    scroll_away(page, photo)
    section.locator("[name=section]").evaluate("e => e.click()")

    assert page.evaluate(SENT) == [["section", section.get_attribute("data-key")]]
    assert boxes(page) == number


def test_only_a_month_as_a_whole_has_a_tick(opened: Opened) -> None:
    page = opened(FEW)

    ticks = page.locator("[name=section]")

    assert page.locator(".section:not(:has(h2))").count() > 0
    assert page.locator(".section:has(h2)").count() == ticks.count()
    assert {tick.get_attribute("aria-label") for tick in ticks.all()} == {
        f"Select all in {title}" for title in page.locator("[data-title]").all_text_contents()
    }


def test_the_grid_is_walked_by_keys(opened: Opened) -> None:
    page = opened(FEW)
    stops = page.locator(".tile a:not([tabindex='-1'])")
    expect(stops).to_have_count(1)  # the keys are there
    page.locator(".tile a").first.focus()
    third = page.locator(".tile a").nth(2)

    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowRight")
    expect(third).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")

    expect(third).not_to_be_focused()
    expect(page.locator(".tile a:focus")).to_have_count(1)
    assert boxes(page) > 2
    expect(stops).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    shown = page.locator(".section:has(.tile a:focus) small").text_content()
    assert boxes(page) == int(re.sub(r"\D", "", shown))


def test_keys_wait_for_the_tiles_that_a_step_needs(opened: Opened) -> None:
    page = opened(FEW)
    expect(page.locator(".tile a:not([tabindex='-1'])")).to_have_count(1)
    last = page.locator(".section").first.locator(".tile a").last
    following = page.locator(".section").nth(1)
    following.locator(".grid").evaluate("e => { e.replaceChildren(); e.ariaBusy = 'true' }")
    page.route("**/photos/section?*", lambda route: (page.wait_for_timeout(300), route.continue_()))
    last.focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")

    expect(following.locator(".tile a").first).to_be_focused()
    expect(following.locator(".tile input").first).to_be_checked()
    assert boxes(page) == 1
