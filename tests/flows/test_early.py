"""What somebody does before the script for it has come: it is held, and then done."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.library import Library

LATE = 600  # ms


@pytest.fixture
def slow(open_page, signed_in, library: Library) -> Callable[..., Page]:
    """A function that opens a page to which scripts of some names come late."""

    def slow(path: str, *names: str) -> Page:
        page = open_page(storage_state=signed_in("ada"))
        for name in names:
            page.route(
                f"**/{name}-*.js",
                lambda route: (page.wait_for_timeout(LATE), route.continue_()),
            )
        page.goto(path.format(library))
        return page

    return slow


def test_a_tick_is_one_at_once_and_begins_a_range(slow) -> None:
    page = slow("/photos", "pick")
    tiles = page.locator(".tile:has(.tick)")

    tiles.nth(1).hover()
    tiles.nth(1).locator(".tick input").click()
    assert tiles.nth(1).locator(".tick input").is_checked()
    tiles.nth(4).locator("a").click(modifiers=["Shift"])

    expect(page.locator("[data-picked]")).to_have_text("4 selected")
    assert page.url.endswith("/photos")


def test_a_click_on_a_photo_opens_it(slow) -> None:
    page = slow("/photos", "pick", "viewer")

    page.locator(".tile a").nth(3).click()

    expect(page.locator(".pswp--open")).to_be_attached()


def test_keys_walk_and_choose_in_their_order(slow) -> None:
    page = slow("/photos", "pick")
    page.locator(".tile a").first.focus()

    for key in ("ArrowRight", "ArrowRight", "x"):
        page.keyboard.press(key)

    expect(page.locator("[data-picked]")).to_have_text("1 selected")
    expect(page.locator(".tile a").nth(2)).to_be_focused()


def test_keys_lead_on_in_their_order(slow) -> None:
    page = slow("/photos", "ways")

    page.keyboard.type("ga")

    page.wait_for_url("**/albums")


def test_a_theme_is_chosen(slow) -> None:
    page = slow("/albums", "menus")
    page.locator("summary", has_text="account").click()

    page.get_by_role("button", name="Dark").click()

    expect(page.locator("html[data-theme=dark]")).to_be_attached()


def test_a_sheet_is_opened(slow) -> None:
    page = slow("/albums/{0.album}", "sheet")

    page.locator("[data-sheet]").first.click()

    expect(page.locator("dialog[open]")).to_be_visible()
