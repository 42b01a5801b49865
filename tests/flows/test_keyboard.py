"""Every page without a pointer, and in the colours that a person has chosen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.flows.library import Library

CONTROLS = """() => [
    ...document.querySelectorAll(
      "a[href], button, input, select, textarea, summary, [tabindex='0']"
    )
  ].filter((e) => e.type !== "hidden" && !e.disabled && e.checkVisibility())
   .filter((e) => e.type !== "radio" || e.checked)  // of a group, the one that is chosen
   .map((e) => e.outerHTML.slice(0, 80))"""
# The focused element, and whether it or the box it fills has an outline.
FOCUSED = """() => {
  const focused = document.activeElement, box = focused.closest(".drop") ?? focused
  const { outlineStyle, outlineWidth } = getComputedStyle(box)
  const is_ringed = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
  return [focused === document.body ? "" : focused.outerHTML.slice(0, 80), is_ringed]
}"""


def tab_through(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab until it is round; return what was reached, and what of it has no ring."""
    reached, bare = [], []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, is_ringed = page.evaluate(FOCUSED)
        if not name or name in reached[:1]:
            return reached, bare
        reached.append(name)
        bare += [] if is_ringed else [name]
    raise AssertionError(f"Tab does not end: {reached}")


@pytest.mark.parametrize("path", ["/p/{0.ready}", "/p/{0.failed}", "/p/{0.trashed}", "/upload"])
def test_tab_reaches_every_control_and_shows_where_it_is(
    open_page, signed_in, library: Library, path: str
) -> None:
    page = open_page(storage_state=signed_in("ada"))
    page.goto(path.format(library))

    reached, bare = tab_through(page)

    assert sorted(reached) == sorted(page.evaluate(CONTROLS))
    assert bare == []


def test_the_first_stop_skips_to_the_page(open_page, signed_in, library: Library) -> None:
    page = open_page(storage_state=signed_in("ada"))
    page.goto("/photos")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_arrows_lead_from_photo_to_photo(open_page, signed_in, library: Library) -> None:
    page = open_page(storage_state=signed_in("ada"))
    page.goto(f"/p/{library.ready}")
    following = page.get_by_role("link", name="Previous photo").get_attribute("href")

    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**{following}")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/p/{library.ready}")


def picture_of(page: Page, element: Locator) -> bytes:
    """Take the picture with some room around, as it is: the caret is hidden by a style."""
    box = element.bounding_box()
    room = {"x": box["x"] - 6, "y": box["y"] - 6}
    room |= {"width": box["width"] + 12, "height": box["height"] + 12}
    return page.screenshot(clip=room, caret="initial")


def is_seen_when_focused(page: Page, element: Locator) -> bool:
    element.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    before = picture_of(page, element)
    page.keyboard.press("Shift")  # from here on the browser takes it for a keyboard's focus
    element.focus()
    return picture_of(page, element) != before


@pytest.mark.parametrize("colours", ["none", "active"], ids=["ours", "forced"])
def test_focus_is_seen_on_a_tile(open_page, signed_in, library: Library, colours: str) -> None:
    page = open_page(storage_state=signed_in("ada"), forced_colors=colours)
    page.goto("/photos")

    assert is_seen_when_focused(page, page.locator(".tile a:has(img)").first)


def test_buttons_have_an_edge_in_forced_colours(open_page, signed_in, library: Library) -> None:
    page = open_page(storage_state=signed_in("ada"), forced_colors="active")
    page.goto("/upload")
    button = page.get_by_role("button", name="Choose a folder")

    edge, ground = button.evaluate(
        "e => [getComputedStyle(e).borderTopColor, getComputedStyle(document.body).backgroundColor]"
    )

    assert edge != ground
    assert button.evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"
    assert is_seen_when_focused(page, button)
