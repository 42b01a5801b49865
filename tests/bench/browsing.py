"""A long timeline in the browser: what it takes to open, tick and jump, and its memory (Linux).

Run it as ``python -m tests.bench.browsing [photos …]``; by default 100, 20,000 and 100,000.
Medians: a tick to the frame after it, a jump to its first decoded picture, an answer of the server
beside that of the first library, turn by turn.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from gallery import assets
from tests.bench.servers import say
from tests.browser import launched, memory_of, unpacked
from tests.flows.steps import register
from tests.programs import Program
from tests.seeding import seed

ROUNDS = 21
PLACES = (0.1, 0.6, 0.3, 0.9, 0.45, 0.97, 0.2, 0.75, 0.5)
OPENED = """() => {
  const [{ domContentLoadedEventEnd, encodedBodySize }] = performance.getEntriesByType("navigation")
  const [{ startTime }] = performance.getEntriesByName("first-contentful-paint")
  const shape = performance.getEntriesByType("resource").find(({ name }) => /shape/.test(name))
  return [startTime, domContentLoadedEventEnd, encodedBodySize, shape?.encodedBodySize ?? 0]
}"""
NODES = "document.querySelectorAll('*').length"
TICK = """async (number) => {
  const box = document.querySelectorAll(".tile .tick input")[number]
  const begin = performance.now()
  box.click()
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  return performance.now() - begin
}"""
# Where the rail can be pressed, as near to a part of it as the years let one.
FREE = """(part) => {
  const { left, top, width, height } = document.querySelector(".rail-track").getBoundingClientRect()
  const x = left + width / 2
  for (let y = top + part * height; y < innerHeight; y++)
    if (document.elementFromPoint(x, y)?.matches(".rail-track")) return [x, y]
}"""
# Resolves once a picture is seen: from when the page began, or from the press of a pointer.
WATCH = """() => {
  const isSeen = (image) => {
    const { top, bottom } = image.getBoundingClientRect()
    return image.complete && image.naturalWidth && bottom > 0 && top < innerHeight
  }
  const seen = async (begin) => {
    do await new Promise((done) => setTimeout(done, 5))
    while (![...document.querySelectorAll(".tile img")].some(isSeen))
    return performance.now() - begin
  }
  window.opened = seen(0)
  window.jumped = new Promise((done) => addEventListener("pointerdown", () => (
    done(seen(performance.now()))
  ), { capture: true, once: true }))
}"""


def main() -> None:
    assets.install_for_tests()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = Program(Path(folder) / "instance")
        program.wait_until_up()
        chromium = Path(folder) / "chromium"
        chromium.mkdir()
        where = unpacked(chromium)
        numbers = [int(each) for each in sys.argv[1:]] or [100, 20_000, 100_000]
        browsers = {number: launched(playwright, where) for number in numbers}
        pages = {number: opened(browsers[number], program, number) for number in numbers}
        for number, page in pages.items():
            measure(page, number)
        answers(pages)
        program.end()


def opened(browser: Browser, program: Program, number: int) -> Page:
    page = browser.new_page(base_url=program.url, viewport={"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    # Of a few photos, too, some months fill a page.
    seed(program.instance, register(page), number, years=min(max(number // 1000, 1), 20))
    return page


def measure(page: Page, number: int) -> None:
    open_at(page, "/photos")
    paint, ready, size, shape = page.evaluate(OPENED)
    rest = memory_of(page.context.browser)
    ticks = [page.evaluate(TICK, n) for n in range(11)]
    say(
        f"{number:>7,} photos: HTML {size / 1e3:.1f} KB, shapes {shape / 1e3:.1f} KB,"
        f" painted {paint:.0f} ms, ready {ready:.0f}, {told('tick', ticks)}"
    )
    if page.locator(".years.rail > a").count() > 5:
        jumps = [jump(page, place) for place in PLACES]
        memory = memory_of(page.context.browser)
        links = page.locator(".rail > a").evaluate_all("all => all.map(({ href }) => href)")
        months = [open_at(page, f"{links[n % len(links)]}/6") for n in (3, 9, 15, 6, 12)]
        say(
            f"        {told('jump', jumps)}, {told('a month by its address', months)},"
            f" {page.evaluate(NODES):,} nodes, {rest / 1e6:.0f} → {memory / 1e6:.0f} MB"
        )


def open_at(page: Page, path: str) -> float:
    page.goto(path, wait_until="commit")
    page.evaluate(WATCH)
    taken = page.evaluate("window.opened")
    page.wait_for_load_state("networkidle")
    return taken


def jump(page: Page, place: float) -> float:
    """Put the pointer on the rail: any month is a place of it."""
    page.mouse.wheel(0, 10)  # what moves the rail comes with the first scroll
    expect(page.locator(".rail-track")).to_have_count(1)
    page.mouse.move(*page.evaluate(FREE, place))
    page.evaluate(WATCH)
    page.mouse.down()
    taken = page.evaluate("window.jumped")
    page.mouse.up()
    page.wait_for_timeout(900)
    return taken


def answers(pages: dict[int, Page]) -> None:
    """Ask the server for the same of each library, and say how they compare."""
    acts: dict[str, Callable[[Page], str]] = {
        "the page": lambda page: "/photos",
        "ten of its oldest photos": _oldest,
        "its shapes": lambda page: "/photos/shape",
    }
    for name, address in acts.items():
        addresses = {number: address(page) for number, page in pages.items()}
        taken: dict[int, list[float]] = {number: [] for number in pages}
        for _ in range(ROUNDS):
            for number, page in pages.items():
                begin = time.perf_counter()
                assert page.request.get(addresses[number]).ok
                taken[number].append(1e3 * (time.perf_counter() - begin))
        medians = {number: statistics.median(each) for number, each in taken.items()}
        least = next(iter(medians.values()))
        said = (f"{number:,}: {ms:.1f} ms ({ms / least:.2f} x)" for number, ms in medians.items())
        say(f"{name}, of {', '.join(said)}")


def _oldest(page: Page) -> str:
    sections = page.request.get("/photos/shape").json()["sections"]
    last = next(each for each in reversed(sections) if len(each["shape"]) >= 10)
    return f"/photos/section?from={last['first']}&size=10"


def told(name: str, taken: list[float]) -> str:
    return f"{name} {statistics.median(taken):.0f} ms (at most {max(taken):.0f})"


if __name__ == "__main__":
    main()
