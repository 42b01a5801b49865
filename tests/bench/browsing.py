"""A long timeline in the browser: what it takes to open, tick and jump, and its memory (Linux).

Run it as ``python -m tests.bench.browsing [photos …]``; by default 1,000, 20,000 and 100,000.
Medians of five; a tick is measured to the frame after it, a jump to its first decoded picture.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from gallery import assets
from tests.bench.servers import say
from tests.browser import launched, memory_of, unpacked
from tests.flows.steps import register
from tests.programs import Program
from tests.seeding import seed

OPENED = """() => {
  const [{ domContentLoadedEventEnd, encodedBodySize }] = performance.getEntriesByType("navigation")
  const [{ startTime }] = performance.getEntriesByName("first-contentful-paint")
  return [startTime, domContentLoadedEventEnd, encodedBodySize]
}"""
NODES = "document.querySelectorAll('*').length"
TICK = """async (number) => {
  const box = document.querySelectorAll(".tile .tick input")[number]
  const begin = performance.now()
  box.click()
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  return performance.now() - begin
}"""
JUMP = """async (place) => {
  const links = document.querySelectorAll(".rail > a")
  const begin = performance.now()
  links[Math.floor(place * links.length)].click()
  const isSeen = (image) => {
    const { top, bottom } = image.getBoundingClientRect()
    return image.complete && image.naturalWidth && bottom > 0 && top < innerHeight
  }
  while (![...document.querySelectorAll(".tile img")].some(isSeen))
    await new Promise((done) => setTimeout(done, 5))
  return performance.now() - begin
}"""


def main() -> None:
    assets.install_for_tests()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = Program(Path(folder) / "instance")
        program.wait_until_up()
        chromium = Path(folder) / "chromium"
        chromium.mkdir()
        where = unpacked(chromium)
        for number in map(int, sys.argv[1:] or (1_000, 20_000, 100_000)):
            browser = launched(playwright, where)
            measure(browser, program, number)
            browser.close()
        program.end()


def measure(browser: Browser, program: Program, number: int) -> None:
    page = browser.new_page(base_url=program.url, viewport={"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    seed(program.instance, register(page), number)
    page.goto("/photos")
    expect(page.locator(".years.rail")).to_have_count(1)
    page.wait_for_timeout(1500)
    paint, ready, size = page.evaluate(OPENED)
    rest = memory_of(browser)
    ticks = [page.evaluate(TICK, n) for n in range(5)]
    jumps = [_jump(page, place) for place in (0.1, 0.6, 0.3, 0.9, 0.45)]
    tick, jump = statistics.median(ticks), statistics.median(jumps)
    say(
        f"{number:>7,} photos: HTML {size / 1e3:.1f} KB, painted {paint:.0f} ms, ready {ready:.0f},"
        f" tick {tick:.0f} ms, jump {jump:.0f} ms, {page.evaluate(NODES):,} nodes,"
        f" {rest / 1e6:.0f} → {memory_of(browser) / 1e6:.0f} MB"
    )


def _jump(page: Page, place: float) -> float:
    taken = page.evaluate(JUMP, place)
    page.wait_for_timeout(900)
    return taken


if __name__ == "__main__":
    main()
