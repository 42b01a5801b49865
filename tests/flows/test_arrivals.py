"""Photos that come while a list is open."""

from playwright.sync_api import Page, expect

from tests.flows.queue import held
from tests.make import jpeg


def drop(page: Page, name: str, seed: int) -> None:
    page.dispatch_event("body", "drop", {"dataTransfer": held(page, name, jpeg(seed=seed))})


def test_what_was_uploaded_here_is_shown_on_demand(page: Page) -> None:
    page.goto("/photos")
    drop(page, "one.jpg", 1)
    page.get_by_role("button", name="1 new photo · Show").click()
    expect(page.locator(".tile")).to_have_count(1)

    drop(page, "two.jpg", 2)
    drop(page, "three.jpg", 3)
    show = page.get_by_role("button", name="2 new photos · Show")
    expect(show).to_be_visible(timeout=20_000)
    expect(page.locator(".tile")).to_have_count(1)
    show.click()

    expect(page.locator(".tile")).to_have_count(3)
    expect(page.locator(".section small")).to_have_text("3 photos")
    expect(page.locator(".tile a").first).to_be_focused()
    expect(show).to_have_count(0)
