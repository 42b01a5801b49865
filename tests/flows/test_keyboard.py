"""Every page without a pointer, and in the colours that a person has chosen."""

from io import BytesIO
from itertools import groupby
from urllib.parse import urljoin

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.flows.library import Library
from tests.flows.steps import upload
from tests.flows.test_tokens import contrast
from tests.make import encoded, jpeg

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

EDGES = ("borderTopColor", "backgroundColor")


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


@pytest.fixture
def ada(open_page, signed_in, library: Library) -> Page:
    page = open_page(storage_state=signed_in("ada"))
    page.goto(f"/p/{library.ready}")
    return page


@pytest.mark.parametrize(
    ("keys", "path"), [("gp", "/photos"), ("ga", "/albums"), ("u", "/upload"), ("/", "/search")]
)
@pytest.mark.parametrize("start", ["/p/{0.ready}", "/trash"])
def test_keys_lead_there_from_anywhere(
    ada: Page, library: Library, start: str, keys: str, path: str
) -> None:
    ada.goto(start.format(library))
    if start == "/trash" and keys == "/":
        ada.set_viewport_size({"width": 390, "height": 800})  # the bar has no field here

    ada.keyboard.type(keys)

    ada.wait_for_url(f"**{path}")


@pytest.fixture
def walked(page: Page) -> Page:
    """A timeline of six photos of one month, with the focus on the second."""
    files = [(f"{n}.jpg", jpeg((300, 200), seed=n)) for n in range(6)]
    upload(page, *files)
    page.goto("/photos")
    expect(page.locator(".tile[data-large]")).to_have_count(6, timeout=20_000)
    expect(page.locator(".tile a:not([tabindex='-1'])")).to_have_count(1)
    page.locator(".tile a").nth(1).focus()
    return page


def test_keys_lead_to_the_ends_of_a_section_and_tab_past_it(walked: Page) -> None:
    links = walked.locator(".tile a")

    walked.keyboard.press("End")
    expect(links.last).to_be_focused()
    walked.keyboard.press("Home")
    expect(links.first).to_be_focused()
    walked.keyboard.press("Tab")

    assert walked.evaluate("!document.activeElement.closest('.tile')")
    walked.keyboard.press("Shift+Tab")
    expect(links.first).to_be_focused()


def test_photos_are_ticked_in_a_range_by_keys_and_go_to_the_trash_and_back(walked: Page) -> None:
    ticked = walked.locator(".tile .tick :checked")
    names = [link.get_attribute("href") for link in walked.locator(".tile a").all()]

    walked.keyboard.press(" ")
    for key in ("ArrowRight", "ArrowRight", "Shift+X"):
        walked.keyboard.press(key)
    expect(ticked).to_have_count(3)
    walked.keyboard.press("Delete")
    expect(walked.get_by_text("3 photos moved to the trash.")).to_be_visible()
    expect(walked.locator(".tile")).to_have_count(3)
    undo = walked.get_by_role("button", name="Undo")
    undo.focus()
    walked.keyboard.press("Enter")

    expect(walked.locator(".tile")).to_have_count(6)
    assert [link.get_attribute("href") for link in walked.locator(".tile a").all()] == names


def test_the_viewer_is_left_with_what_was_done_by_keys_alone(walked: Page) -> None:
    walked.keyboard.press("Enter")
    shown = walked.locator(".pswp--open [aria-hidden=false] .pswp__img").last
    expect(walked.locator(".pswp--open [data-acts]:not([inert])")).to_be_attached()
    width = shown.bounding_box()["width"]

    walked.keyboard.press("+")
    larger = shown.bounding_box()["width"]
    walked.keyboard.press("-")
    assert (larger > width, shown.bounding_box()["width"] < larger) == (True, True)
    with walked.expect_download() as download:
        walked.keyboard.press("d")
    assert download.value.suggested_filename.endswith(".jpg")
    walked.keyboard.press("Escape")

    expect(walked.locator(".tile a").nth(1)).to_be_focused()


def test_the_list_of_keys_opens_over_the_page_and_keeps_its_focus(ada: Page) -> None:
    ada.goto("/photos")
    tile = ada.locator(".tile a").first
    tile.focus()

    ada.keyboard.press("?")
    dialog = ada.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("Go to albums")).to_be_visible()
    assert dialog.evaluate("e => e.matches(':modal') && e.contains(document.activeElement)")
    ada.keyboard.type("ga")
    ada.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(tile).to_be_focused()
    assert ada.url.endswith("/photos")


def test_the_list_of_keys_lies_over_the_viewer_too(ada: Page) -> None:
    ada.goto("/photos")
    expect(ada.locator(".tile a:not([tabindex='-1'])")).to_have_count(1)
    ada.locator(".tile a").nth(3).click()
    expect(ada.locator(".pswp--open [data-acts]:not([inert])")).to_be_attached()

    ada.keyboard.press("?")
    expect(ada.get_by_role("dialog", name="Keys")).to_be_visible()
    ada.keyboard.press("Tab")
    assert ada.evaluate("document.activeElement.closest('dialog') !== null")
    ada.keyboard.press("Escape")

    expect(ada.get_by_role("dialog", name="Keys")).to_have_count(0)
    expect(ada.locator(".pswp--open")).to_be_visible()


def test_single_keys_can_be_switched_off_for_good(ada: Page) -> None:
    ada.goto("/photos")
    ada.keyboard.press("?")
    ada.get_by_label("Single-key shortcuts").uncheck()
    ada.keyboard.press("Escape")
    for path in ("/photos", "/albums"):
        ada.goto(path)
        ada.keyboard.type("/ug?ga")
        ada.wait_for_timeout(100)
        assert ada.evaluate("!document.activeElement.matches('input')")
        expect(ada.get_by_role("dialog")).to_have_count(0)
        assert ada.url.endswith(path)

    ada.goto("/keys")
    expect(ada.get_by_label("Single-key shortcuts")).not_to_be_checked()
    ada.get_by_label("Single-key shortcuts").check()
    ada.keyboard.type("ga")
    ada.wait_for_url("**/albums")


def test_without_single_keys_a_tile_and_the_viewer_heed_the_others(ada: Page) -> None:
    ada.context.add_cookies([{"name": "keys", "value": "off", "url": urljoin(ada.url, "/")}])
    ada.goto("/photos")
    expect(ada.locator(".tile a:not([tabindex='-1'])")).to_have_count(1)
    tile = ada.locator(".tile a").nth(3)
    tile.focus()

    ada.keyboard.press("x")
    expect(ada.locator(".tile :checked")).to_have_count(0)
    ada.keyboard.press(" ")
    expect(ada.locator(".tile :checked")).to_have_count(1)
    ada.keyboard.press("Escape")
    tile.click()
    viewer = ada.locator(".pswp--open")
    expect(viewer.locator("[data-acts]:not([inert])")).to_be_attached()
    url = ada.url
    for key in "ifjkz5s":
        ada.keyboard.press(key)
    ada.wait_for_timeout(200)

    assert ada.url == url
    expect(viewer.locator(".lightbox-details")).to_be_hidden()
    expect(viewer.locator("[aria-pressed=true]")).to_have_count(0)
    ada.keyboard.press("ArrowRight")
    expect(ada).not_to_have_url(url)


def test_the_account_menu_leads_to_the_list_without_scripts(
    open_page, signed_in, library: Library
) -> None:
    page = open_page(storage_state=signed_in("ada"), java_script_enabled=False)
    page.goto("/photos")

    page.locator("summary", has_text="account").click()
    page.get_by_role("link", name="Keys").click()

    expect(page.get_by_role("heading", name="Anywhere")).to_be_visible()
    expect(page.get_by_label("Single-key shortcuts")).to_be_hidden()


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ring_stands_out_from_a_white_photo_and_a_black_one(page: Page, scheme: str) -> None:
    shades = {name: Image.new("RGB", (900, 600), name) for name in ("white", "black")}
    upload(page, *((f"{name}.png", encoded(each, "PNG")) for name, each in shades.items()))
    page.emulate_media(color_scheme=scheme)
    page.goto("/photos")
    expect(page.locator(".tile[data-large]")).to_have_count(2, timeout=20_000)

    for link in page.locator(".tile a").all():
        page.keyboard.press("Shift")
        link.focus()
        shot = Image.open(BytesIO(picture_of(page, link))).convert("RGB")
        line = [f"#{bytes(shot.getpixel((x, shot.height // 2))).hex()}" for x in range(30)]
        bands = [colour for colour, pixels in groupby(line) if len(list(pixels)) >= 2]
        beside = zip(bands, bands[1:], bands[2:], strict=False)
        rings = [ring for a, ring, b in beside if min(contrast(a, ring), contrast(ring, b)) >= 3]
        assert rings, bands


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_ticked_is_seen_in_forced_colours(
    open_page, signed_in, library: Library, scheme: str
) -> None:
    page = open_page(storage_state=signed_in("ada"), forced_colors="active", color_scheme=scheme)
    page.goto("/photos")
    tiles = page.locator(".tile:has(img)")
    tiles.nth(1).locator(".tick input").check(force=True)
    page.mouse.move(0, 0)

    box, other = tiles.nth(2).locator(".tick input"), tiles.nth(2)
    edge, ground = (box.evaluate(f"e => getComputedStyle(e).{name}") for name in EDGES)
    assert edge != ground
    outline = "e => getComputedStyle(e).outlineStyle"
    assert (tiles.nth(1).evaluate(outline), other.evaluate(outline)) == ("solid", "none")
    before = picture_of(page, box)
    box.check(force=True)
    page.mouse.move(0, 0)
    assert picture_of(page, box) != before


def test_charts_keep_their_lines_in_forced_colours(open_page, signed_in, library: Library) -> None:
    page = open_page(storage_state=signed_in("root"), forced_colors="active")
    page.goto("/admin/users")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")

    for line in (".chart-line", ".chart-ground", ".chart-capacity"):
        stroke = page.locator(line).first.evaluate("e => getComputedStyle(e).stroke")
        assert stroke not in ("none", ground)
    for area in (".chart-bars", ".chart-dot", ".chart text"):
        fill = page.locator(area).first.evaluate("e => getComputedStyle(e).fill")
        assert fill not in ("none", ground)


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
