"""The settings that people change for themselves."""

import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.flows.library import Library
from tests.flows.steps import register


def make_token(page: Page) -> str:
    """Make a token by the page among the settings, and return what it shows."""
    page.goto("/photos")
    page.locator("summary", has_text="account").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Tokens").click()
    page.get_by_label("What is it for?").fill("The laptop")
    page.get_by_role("button", name="Make a token").click()
    return page.get_by_label("Keep it now: it is not shown again.").input_value()


def status_of(url: str, token: str) -> int:
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        return urllib.request.urlopen(asked, timeout=30).status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_token_lives_from_its_page_to_its_page(
    open_page, gallery, scripts: bool, size: str
) -> None:
    page = open_page(size, java_script_enabled=scripts)
    register(page)
    limits = f"{gallery.url}/limits.json"

    token = make_token(page)
    before = status_of(limits, token)
    page.goto("/settings/tokens")
    shown_again = token in page.content()
    page.get_by_role("button", name="Revoke The laptop").click()

    expect(page.get_by_text("“The laptop” is revoked.")).to_be_visible()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    assert (before, status_of(limits, token), shown_again) == (200, 401, False)


def test_a_new_token_is_copied_by_one_press(open_page) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    register(page)
    token = make_token(page)

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token


def test_without_scripts_there_is_no_button_that_needs_one(open_page) -> None:
    page = open_page(java_script_enabled=False)
    register(page)
    make_token(page)

    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


@pytest.mark.parametrize(
    ("size", "heights"), [("desk", (143, 196, 280)), ("phone", (82, 112, 160))]
)
def test_rows_are_as_large_as_somebody_wants_them(
    open_page, signed_in, library: Library, size: str, heights: tuple[int, int, int]
) -> None:
    page = open_page(size, storage_state=signed_in("ada"))
    found = []

    for choice in ("Small", "Medium", "Large"):
        page.goto("/settings/appearance")
        page.get_by_label(choice).check()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved for this browser.").wait_for()
        page.goto("/photos")
        tile = page.locator(".tile.r150").first
        expect(tile).to_be_visible()
        grid = page.locator(".grid[style]").first
        found.append(tile.evaluate("e => e.clientHeight"))
        # What scripts compute beforehand is what the rows then take.
        due, taken = grid.evaluate(
            """e => {
              const due = parseFloat(e.style.minBlockSize)
              e.style.minBlockSize = "0"
              return [due, e.offsetHeight]
            }"""
        )
        assert abs(due - taken) <= 4

    assert all(row <= height for row, height in zip(heights, found, strict=True))
    assert found == sorted(set(found))
