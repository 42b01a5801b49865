"""The viewer over a grid: the history, the focus, the keys, and all that stands around a photo."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.flows.library import Library
from tests.flows.steps import upload
from tests.flows.test_pages import AXE, FOR_AXE
from tests.flows.test_playing import MOVES
from tests.flows.test_transparency import GROUNDS, seen_through
from tests.make import jpeg

VIEWER = ".pswp--open"
SHOWN = f"{VIEWER} .pswp__item[aria-hidden=false] .pswp__img:not(.pswp__img--placeholder)"
IN_VIEW = """element => {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}"""
OVERLAP = """([photo, panel]) => {
  const [a, b] = [photo, panel].map((each) => each.getBoundingClientRect())
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}"""


@pytest.fixture
def ada(open_page, signed_in, library: Library) -> Callable[..., Page]:
    """A function that opens a list of Ada's."""

    def ada(size: str = "desk", path: str = "/photos", **options: object) -> Page:
        page = open_page(size, storage_state=signed_in("ada"), **options)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    return ada


def tile(page: Page, number: int) -> Locator:
    return page.locator(".tile a").nth(number - 1)


def open_tile(page: Page, link: Locator) -> Locator:
    """Open the photo of a tile, and wait until it is there with its acts."""
    link.click()
    viewer = page.locator(VIEWER)
    expect(viewer.locator("[data-acts]:not([inert]) [data-download]")).to_be_visible()
    return viewer


def photo(page: Page, public_id: str) -> Locator:
    return page.locator(f".tile a[href*='/p/{public_id}']")


def show_new(page: Page, number: int) -> None:
    """Show a list of so many photos, the bytes of which are known to the page."""
    upload(page, *((f"{seed}.jpg", jpeg((300, 200), seed=seed)) for seed in range(number)))
    page.goto("/photos")
    expect(page.locator(".tile[data-large]")).to_have_count(number, timeout=20_000)


def test_the_viewer_is_one_step_in_the_history_and_the_grid_follows(ada) -> None:
    page = ada()
    before, opened = page.evaluate("history.length"), tile(page, 15).get_attribute("href")
    last = tile(page, 17)

    open_tile(page, tile(page, 15))
    assert page.url.endswith(opened)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{last.get_attribute('href')}")
    assert page.evaluate("history.length") == before + 1

    page.go_back()
    expect(page.locator(VIEWER)).to_have_count(0)
    expect(last).to_be_focused()
    assert last.evaluate(IN_VIEW)
    assert page.url.endswith("/photos")

    page.go_forward()
    expect(page.locator(SHOWN)).to_be_visible()
    assert page.url.endswith(last.get_attribute("href"))


def test_a_photo_loaded_again_is_its_page_and_back_is_the_grid(ada) -> None:
    page = ada()
    open_tile(page, tile(page, 15))

    answer = page.reload()

    assert answer.status == 200
    expect(page.locator("main.viewer")).to_be_visible()
    page.go_back()
    expect(tile(page, 15)).to_be_visible()


def test_the_picture_of_a_page_opens_the_viewer_over_it(ada, library: Library) -> None:
    page = ada(path=f"/p/{library.ready}")
    picture = page.locator("#stage a")
    home, steps = page.url, page.evaluate("history.length")

    picture.click()
    count = page.locator(f"{VIEWER} [data-count]")
    expect(count).to_have_text(re.compile(r"^\d+ of \d{2}$"))
    shown = count.text_content()
    page.keyboard.press("k")
    expect(count).not_to_have_text(shown)
    assert (page.url != home, page.evaluate("history.length")) == (True, steps + 1)
    page.keyboard.press("Escape")

    expect(page.locator(VIEWER)).to_have_count(0)
    expect(picture).to_be_focused()
    assert page.url == home
    page.go_forward()
    expect(page.locator(SHOWN)).to_be_visible()
    other = page.url
    page.reload()
    picture.click()
    expect(page.locator(SHOWN)).to_be_visible()
    page.go_back()
    expect(page.locator(VIEWER)).to_have_count(0)
    assert page.url == other
    page.go_back()
    expect(page.locator(f"[data-open='{library.ready}']")).to_be_visible()


def test_a_page_shows_what_was_done_in_the_viewer_over_it(page: Page) -> None:
    show_new(page, 2)
    page.goto(tile(page, 1).get_attribute("href"))
    open_tile(page, page.locator("#stage a"))

    page.keyboard.press("Delete")
    expect(page.locator(f"{VIEWER} [data-count]")).to_have_text("1 of 1")
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Restore")).to_be_visible()


def test_the_viewer_is_a_dialog_and_the_only_thing_to_reach(ada) -> None:
    page = ada()

    open_tile(page, tile(page, 3))

    dialog = page.get_by_role("dialog", name="Photo viewer")
    expect(dialog).to_have_attribute("aria-modal", "true")
    assert page.evaluate("[...document.body.children].every((e) => e.inert || e.matches('.pswp'))")
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('body, .pswp, .pswp *')")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_details_stand_beside_the_whole_photo(ada, size: str) -> None:
    page = ada(size)
    open_tile(page, tile(page, 3))

    page.keyboard.press("i")
    panel = page.locator(".lightbox-details")
    expect(panel.get_by_role("region", name="Details")).to_be_visible()
    shown = page.locator(SHOWN)

    expect(shown).to_be_in_viewport(ratio=1)
    assert not page.evaluate(OVERLAP, [shown.element_handle(), panel.element_handle()])


def test_escape_closes_the_details_and_then_the_viewer(ada) -> None:
    page = ada()
    open_tile(page, tile(page, 3))
    page.keyboard.press("i")
    panel = page.locator(".lightbox-details")
    expect(panel).to_be_visible()

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(VIEWER)).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator(VIEWER)).to_have_count(0)
    expect(tile(page, 3)).to_be_focused()


def test_details_are_those_of_the_photo_that_is_seen(ada, library: Library) -> None:
    page = ada()
    open_tile(page, photo(page, library.ready))
    page.keyboard.press("i")
    panel = page.locator(".lightbox-details")
    before = panel.get_by_role("region", name="Details")
    expect(before).to_contain_text("Who can see this?")
    text = before.text_content()

    page.keyboard.press("k")

    expect(panel).not_to_have_text(text)
    expect(panel.get_by_role("region", name="Details")).to_contain_text("Who can see this?")


def test_the_caption_says_which_photo_it_is_and_of_how_many(ada) -> None:
    page = ada()
    count, name = page.locator(".tile").count(), tile(page, 3).locator("img").get_attribute("alt")

    viewer = open_tile(page, tile(page, 3))

    said = viewer.locator("[aria-live=polite]")
    expect(said).to_have_text(f"{name}, 3 of {count}")
    expect(viewer.locator("[data-count]")).to_have_text(f"3 of {count}")


@pytest.mark.parametrize("width", [320, 390, 700])
def test_the_count_is_whole_beside_all_controls(ada, library: Library, width: int) -> None:
    page = ada("phone")
    page.set_viewport_size({"width": width, "height": 844})
    viewer = open_tile(page, photo(page, library.live))
    count = viewer.locator("[data-count]")

    count.evaluate("e => { e.textContent = '99,999 of 100,000' }")

    assert count.evaluate("e => e.scrollWidth <= e.clientWidth")
    expect(count).to_be_in_viewport(ratio=1)
    for control in viewer.locator(".lightbox-bar").locator("button, a").all():
        assert not page.evaluate(OVERLAP, [count.element_handle(), control.element_handle()])


def test_keys_lead_to_the_ends_of_the_list(ada) -> None:
    page = ada()
    viewer = open_tile(page, tile(page, 3))
    count = page.locator(".tile").count()

    page.keyboard.press("End")
    expect(viewer.locator("[data-count]")).to_have_text(f"{count} of {count}")
    expect(viewer.get_by_role("button", name="Next photo")).to_be_hidden()
    page.keyboard.press("Home")

    expect(viewer.locator("[data-count]")).to_have_text(f"1 of {count}")


def test_nothing_moves_where_motion_is_unwanted(ada) -> None:
    page = ada()

    open_tile(page, tile(page, 3))
    page.wait_for_timeout(100)

    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_everybody_can_use_the_viewer(ada, axe_script: str, size: str) -> None:
    found = []
    for scheme, is_open in product(("light", "dark"), (False, True)):
        page = ada(size, color_scheme=scheme, **FOR_AXE)
        open_tile(page, tile(page, 3))
        if is_open:
            page.keyboard.press("i")
            expect(page.get_by_role("region", name="Details")).to_be_visible()
        page.evaluate(axe_script)
        found += [f"{scheme} {is_open} {fault}" for fault in page.evaluate(AXE)]

    assert found == []


@pytest.mark.parametrize("name", ["video", "audio", "failed"])
def test_what_is_no_picture_is_shown_as_on_its_page(ada, library: Library, name: str) -> None:
    page = ada()
    link = photo(page, getattr(library, name))

    viewer = open_tile(page, link)

    within = {"video": "video[controls]", "audio": "audio[controls]", "failed": "text=Try again"}
    expect(viewer.locator(".pswp__item[aria-hidden=false]").locator(within[name])).to_be_visible()


def test_a_video_rests_when_it_is_left(ada, library: Library) -> None:
    page = ada()
    viewer = open_tile(page, photo(page, library.video))
    video = viewer.locator("video")
    video.evaluate("video => { video.loop = true; window.left = video; return video.play() }")

    page.keyboard.press("j")

    expect(viewer.locator("[aria-hidden=false] video")).to_have_count(0)
    assert page.evaluate("() => window.left.paused")


def test_a_picture_that_cannot_be_loaded_can_be_tried_again(ada) -> None:
    page = ada()
    page.route("**/i/*/w*", lambda route: route.fulfill(status=404))
    tile(page, 15).click()
    failed = page.locator("[aria-hidden=false]", has_text="This photo could not be loaded.")
    expect(failed.get_by_role("link", name="Download")).to_be_visible()

    page.unroute("**/i/*/w*")
    failed.get_by_role("button", name="Try again").click()

    expect(page.locator(SHOWN)).to_be_visible()


@pytest.mark.parametrize("scheme", GROUNDS)
def test_the_page_is_seen_through_a_picture_in_the_viewer(
    ada, library: Library, scheme: str
) -> None:
    page = ada(color_scheme=scheme)
    open_tile(page, photo(page, library.clear))

    assert seen_through(page.locator(SHOWN)) == GROUNDS[scheme]


def test_controls_have_an_edge_in_forced_colours(ada) -> None:
    page = ada(forced_colors="active")
    viewer = open_tile(page, tile(page, 3))

    for button in viewer.get_by_role("button").all():
        inner = button.locator(".icon") if "turn" in button.get_attribute("class") else button
        assert inner.evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"


def test_it_says_that_it_is_offline_and_so_does_the_page_afterwards(ada) -> None:
    page = ada()
    viewer = open_tile(page, tile(page, 1))

    page.context.set_offline(True)
    said = page.get_by_text("You are offline. What is loaded stays.")
    expect(viewer.locator(said)).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")

    expect(viewer).to_have_count(0)
    expect(said).to_be_in_viewport(ratio=1)
    page.context.set_offline(False)
    expect(said).to_be_hidden()


def test_back_closes_it_on_a_phone(ada) -> None:
    page = ada("phone", has_touch=True)
    tile(page, 3).tap()
    expect(page.locator(SHOWN)).to_be_visible()

    page.go_back()

    expect(page.locator(VIEWER)).to_have_count(0)
    assert page.url.endswith("/photos")


def test_the_controls_leave_the_photo_alone_and_come_back(ada) -> None:
    page = ada()
    viewer = open_tile(page, tile(page, 3))
    back = viewer.get_by_role("button", name="Close, back to photos")

    expect(back).to_have_css("opacity", "0", timeout=8000)
    page.keyboard.press("Tab")

    expect(back).to_have_css("opacity", "1")
    page.wait_for_timeout(3500)
    expect(back).to_have_css("opacity", "1")


def test_a_slideshow_goes_on_by_itself_until_somebody_does_something(ada) -> None:
    page = ada()
    viewer = open_tile(page, tile(page, 15))
    following = tile(page, 16).get_attribute("href")

    page.keyboard.press("s")
    expect(viewer.get_by_role("button", name="Slideshow")).to_have_attribute("aria-pressed", "true")
    expect(viewer.locator("[data-said]")).to_have_attribute("aria-live", "off")
    page.wait_for_url(f"**{following}")
    page.mouse.click(700, 450)

    expect(viewer.get_by_role("button", name="Slideshow")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_click_with_a_key_held_is_left_to_the_browser(ada) -> None:
    page = ada()
    last = """() => addEventListener("click", (event) => {
      window.isTaken = event.defaultPrevented
      event.preventDefault()
    }, { once: true })"""
    page.evaluate(last)

    tile(page, 3).click(modifiers=["Control"])

    assert page.evaluate("window.isTaken") is False
    expect(page.locator(VIEWER)).to_have_count(0)


def test_a_visitor_gets_no_acts_of_the_owner(open_page, library: Library) -> None:
    page = open_page()
    page.goto(f"/albums/{library.album}")

    tile(page, 3).click()
    expect(page.locator(f"{VIEWER} [data-acts]:not([inert])")).to_be_attached()

    expect(page.get_by_role("button", name="Move to trash")).to_have_count(0)
    assert "in=album:" in page.url


def test_a_photo_goes_to_the_trash_and_back_from_it(page: Page) -> None:
    show_new(page, 3)
    gone, following = (tile(page, number).get_attribute("href") for number in (2, 3))

    viewer = open_tile(page, tile(page, 2))
    page.keyboard.press("Delete")
    page.wait_for_url(f"**{following}")
    expect(viewer.get_by_text("Moved to the trash.")).to_be_visible()
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")
    viewer.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**{gone}")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 3")
    expect(viewer.get_by_text("Undone: 1 photo as before.")).to_be_visible()

    page.keyboard.press("Delete")
    page.wait_for_url(f"**{following}")
    page.keyboard.press("Escape")
    expect(page.locator(".tile")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**{gone}")
    expect(page.get_by_text("Undone: 1 photo as before.")).to_be_visible()


def test_the_last_photo_of_the_trash_is_restored_and_the_viewer_closes(page: Page) -> None:
    upload(page, ("one.jpg", jpeg((300, 200), seed=1)))
    page.goto("/photos")
    expect(page.locator(".tile[data-large]")).to_have_count(1)
    open_tile(page, tile(page, 1))
    page.keyboard.press("Delete")
    expect(page.locator(VIEWER)).to_have_count(0)
    expect(page.get_by_text("Moved to the trash.")).to_be_visible()

    page.goto("/trash")
    viewer = open_tile(page, tile(page, 1))
    expect(viewer.get_by_role("button", name="Move to trash")).to_have_count(0)
    viewer.get_by_role("button", name="Restore").click()

    expect(page.locator(VIEWER)).to_have_count(0)
    expect(page.get_by_text("Back in your library.")).to_be_visible()


def test_acts_come_though_the_list_is_built_meanwhile(ada) -> None:
    page, held = ada(), []
    page.route("**/info*", lambda route: held.append(route))

    tile(page, 5).click()
    expect(page.locator(VIEWER)).to_be_visible()
    page.locator("[data-grid]").evaluate("e => e.dispatchEvent(new CustomEvent('grid:built'))")
    page.wait_for_timeout(300)  # the slides are made anew
    for route in held:
        route.continue_()

    acts = page.locator(VIEWER).locator("[data-acts]:not([inert]) [data-download]")
    expect(acts).to_be_visible()


def test_a_click_that_comes_too_soon_is_held(ada) -> None:
    page = ada()
    page.route("**/viewer-*.js", lambda route: (page.wait_for_timeout(500), route.continue_()))

    tile(page, 15).click()

    expect(page.locator(SHOWN)).to_be_visible()


def test_keys_that_come_while_it_opens_are_heeded_then(ada) -> None:
    page, held = ada(reduced_motion="no-preference"), []
    page.route("**/viewer-*.css", lambda route: held.append(route))
    steps = page.evaluate("history.length")
    with page.expect_request("**/viewer-*.css"):
        tile(page, 5).click()

    page.keyboard.press("ArrowRight")  # it waits for its styles
    held[0].continue_()
    page.locator(VIEWER).wait_for(state="attached")
    page.keyboard.press("ArrowRight")  # it grows from its tile

    page.wait_for_url(f"**{tile(page, 7).get_attribute('href')}")
    assert page.evaluate("history.length") == steps + 1


def test_escape_that_comes_while_it_opens_closes_it(ada) -> None:
    page = ada(reduced_motion="no-preference")
    tile(page, 5).click()
    page.locator(VIEWER).wait_for(state="attached")

    page.keyboard.press("Escape")

    expect(page.locator(VIEWER)).to_have_count(0)
    expect(tile(page, 5)).to_be_focused()


def test_a_live_photo_is_played_in_the_viewer(ada, library: Library) -> None:
    page = ada()
    viewer = open_tile(page, photo(page, library.live))

    viewer.get_by_role("link", name="Play the moving picture").click()

    assert viewer.locator("video").evaluate(MOVES)
    assert page.url.endswith(library.live)


def test_arrows_move_what_is_seen_of_a_photo_that_is_larger_than_the_window(page: Page) -> None:
    upload(page, *((f"{seed}.jpg", jpeg((2400, 1600), seed=seed)) for seed in range(2)))
    page.goto("/photos")
    expect(page.locator(".tile[data-large]")).to_have_count(2, timeout=20_000)
    viewer = open_tile(page, tile(page, 1))
    shown = page.locator(SHOWN)

    page.keyboard.press("z")
    before = shown.bounding_box()
    page.keyboard.press("ArrowRight")

    expect(viewer.locator("[data-count]")).to_have_text("1 of 2")
    assert shown.bounding_box()["x"] < before["x"]
    page.keyboard.press("j")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")


def test_what_is_said_of_a_photo_in_the_viewer_is_kept_and_told(page: Page) -> None:
    upload(page, ("one.jpg", jpeg((300, 200), seed=1)))
    page.goto("/photos")
    expect(page.locator(".tile[data-large]")).to_have_count(1, timeout=20_000)
    viewer = open_tile(page, tile(page, 1))

    page.keyboard.press("f")
    favourite = viewer.get_by_role("button", name="Favourite")
    expect(favourite).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("i")
    viewer.get_by_label("Caption").fill("Ladybird on forget-me-not")
    page.keyboard.press("Tab")

    expect(viewer.locator("[data-said]")).to_have_text("Ladybird on forget-me-not, 1 of 1")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ladybird on forget-me-not")


def test_what_is_pressed_before_a_photo_is_known_is_said_of_that_photo(page: Page) -> None:
    show_new(page, 2)
    first, second = (each.get_attribute("data-id") for each in page.locator(".tile").all())
    held: list[Route] = []
    page.route(f"**/p/{second}/info*", lambda route: held.append(route), times=1)
    viewer = open_tile(page, tile(page, 1))
    page.keyboard.press("i")
    expect(viewer.get_by_label("Caption")).to_be_visible()

    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")
    page.keyboard.press("4")
    page.keyboard.press("f")
    for route in held:
        route.continue_()

    expect(viewer.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    expect(viewer.get_by_role("radio", name="4 stars")).to_be_checked()
    for photo, stars in ((first, 0), (second, 1)):
        page.goto(f"/p/{photo}")
        expect(page.get_by_role("radio", name="4 stars", checked=True)).to_have_count(stars)


def two_photos(page: Page) -> Locator:
    """Open the first of two."""
    show_new(page, 2)
    return open_tile(page, tile(page, 1))


def test_what_was_pressed_is_forgotten_with_the_viewer(page: Page) -> None:
    held: list[Route] = []
    viewer = two_photos(page)
    page.route("**/info*", lambda route: held.append(route))
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")

    page.keyboard.press("Delete")
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)

    expect(page.locator(".tile")).to_have_count(2)
    page.goto("/trash")
    expect(page.locator(".tile")).to_have_count(0)


def test_a_pressed_button_leaves_the_keys_to_the_next_photo(page: Page) -> None:
    viewer = two_photos(page)
    favourite = viewer.get_by_role("button", name="Favourite")
    favourite.click()
    expect(favourite).to_have_attribute("aria-pressed", "true")

    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")
    page.keyboard.press("f")
    expect(viewer.locator("[data-acts]:not([inert])")).to_have_count(1)  # its own are there
    expect(favourite).to_have_attribute("aria-pressed", "true")

    page.goto("/favourites")
    expect(page.locator(".tile")).to_have_count(2)


LOST = "This was not saved. Is the gallery there?"


def kept(page: Page, photo: str) -> tuple[str, str]:
    """The stars of a photo by its page, and whether it is a favourite."""
    page.goto(f"/p/{photo}")
    stars = page.get_by_role("radio", checked=True).get_attribute("value")
    favourite = page.get_by_role("button", name="Favourite").get_attribute("aria-pressed")
    return stars, favourite


def test_who_goes_on_at_once_has_said_it_all_the_same(page: Page) -> None:
    held: list[Route] = []
    viewer = two_photos(page)
    second = page.locator(".tile").nth(1).get_attribute("data-id")
    page.route("**/info*", lambda route: held.append(route), times=1)
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")

    page.keyboard.press("4")
    page.keyboard.press("f")
    page.keyboard.press("ArrowLeft")
    expect(viewer.locator("[data-count]")).to_have_text("1 of 2")
    with page.expect_response("**/favourite*"):
        for route in held:
            route.continue_()

    expect(viewer.locator(".toast:visible")).to_have_text("Saved")
    assert kept(page, second) == ("4", "true")


def test_stars_are_given_while_the_details_are_closed_and_said(page: Page) -> None:
    viewer = two_photos(page)
    first, second = (each.get_attribute("data-id") for each in page.locator(".tile").all())

    page.keyboard.press("3")
    expect(viewer.locator(".toast:visible")).to_have_text("3 stars")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("5")
    expect(viewer.locator(".toast:visible")).to_have_text("5 stars")  # one says what was last
    page.keyboard.press("i")

    expect(viewer.get_by_role("radio", name="5 stars")).to_be_checked()
    expect(viewer.locator(".toast:visible")).to_have_count(0)
    assert kept(page, first) == ("3", "false")
    assert kept(page, second) == ("5", "false")


def test_stars_that_are_not_kept_are_said_to_be_lost(page: Page) -> None:
    viewer = two_photos(page)
    page.route("**/rating*", lambda route: route.abort())

    page.keyboard.press("3")

    expect(viewer.locator(".toast:visible")).to_have_text(LOST)


def test_what_is_said_of_a_photo_that_nothing_is_known_of_is_said_to_be_lost(page: Page) -> None:
    viewer = two_photos(page)
    page.route("**/info*", lambda route: route.abort())
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")

    page.keyboard.press("f")

    expect(viewer.locator(".toast:visible")).to_have_text(LOST)


def test_a_photo_is_not_trashed_without_a_word_when_nothing_is_known_of_it(page: Page) -> None:
    viewer = two_photos(page)
    page.route("**/info*", lambda route: route.abort())
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")

    page.keyboard.press("Delete")

    expect(viewer.locator(".toast:visible")).to_have_text("The gallery does not answer.")


def test_the_tags_are_led_to_while_the_details_are_closed(page: Page) -> None:
    viewer = two_photos(page)

    page.keyboard.press("t")

    expect(viewer.get_by_placeholder("Add a tag")).to_be_focused()


def test_who_goes_on_at_once_has_moved_the_photo_to_the_trash(page: Page) -> None:
    held: list[Route] = []
    viewer = two_photos(page)
    second = page.locator(".tile").nth(1).get_attribute("data-id")
    page.route("**/info*", lambda route: held.append(route))
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")

    page.keyboard.press("Delete")
    page.keyboard.press("ArrowLeft")
    expect(viewer.locator("[data-count]")).to_have_text("1 of 2")
    for route in held:
        route.continue_()

    expect(viewer.locator("[data-count]")).to_have_text("1 of 1")
    viewer.get_by_role("button", name="Undo").click()
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")
    assert kept(page, second) == ("0", "false")


def test_a_photo_goes_from_the_list_though_the_viewer_closes_meanwhile(page: Page) -> None:
    held: list[Route] = []
    viewer = two_photos(page)
    page.route("**/trash*", lambda route: held.append(route))
    with page.expect_request("**/trash*"):
        page.keyboard.press("Delete")

    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    for route in held:
        route.continue_()

    expect(page.locator(".tile")).to_have_count(1)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_stars_that_are_being_kept_stand_in_the_details_that_are_opened(page: Page) -> None:
    viewer = two_photos(page)
    first = page.locator(".tile").first.get_attribute("data-id")
    held: list[Route] = []
    page.route("**/rating*", lambda route: held.append(route), times=1)
    with page.expect_request("**/rating*"):
        page.keyboard.press("3")

    page.keyboard.press("i")
    expect(viewer.get_by_role("radio", name="No stars")).to_be_checked()
    held[0].continue_()

    expect(viewer.get_by_role("radio", name="3 stars")).to_be_checked()
    page.keyboard.press("0")
    expect(viewer.get_by_role("radio", name="No stars")).to_be_checked()
    assert kept(page, first) == ("0", "false")


def test_a_favourite_is_pressed_twice_at_once(page: Page) -> None:
    viewer = two_photos(page)
    first = page.locator(".tile").first.get_attribute("data-id")
    said: list[str] = []
    page.on("request", lambda asked: "/favourite" in asked.url and said.append(asked.post_data))

    page.keyboard.press("f")
    page.keyboard.press("f")

    for _ in range(200):
        if len(said) == 2:
            break
        page.wait_for_timeout(50)
    assert ["is_favourite=y" in each for each in said] == [True, False]
    favourite = viewer.get_by_role("button", name="Favourite")
    expect(favourite).to_have_attribute("aria-pressed", "false")
    assert kept(page, first) == ("0", "false")


def test_details_that_were_closed_at_once_take_nothing(page: Page) -> None:
    held: list[Route] = []
    viewer = two_photos(page)
    page.route("**/info*", lambda route: held.append(route), times=1)
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")
    page.keyboard.press("i")
    page.keyboard.press("i")
    for route in held:
        route.continue_()
    expect(viewer.locator("[data-acts]:not([inert]) [data-download]")).to_be_visible()

    page.keyboard.press("3")

    expect(viewer.locator(".toast:visible")).to_have_text("3 stars")


def test_the_way_to_the_tags_ends_a_slideshow(page: Page) -> None:
    viewer = two_photos(page)
    page.keyboard.press("s")
    expect(viewer).to_have_class(re.compile("is-playing"))

    page.keyboard.press("t")

    expect(viewer.get_by_placeholder("Add a tag")).to_be_focused()
    expect(viewer).not_to_have_class(re.compile("is-playing"))


def test_one_after_another_goes_to_the_trash_however_quickly(page: Page) -> None:
    held: list[Route] = []
    show_new(page, 3)
    viewer = open_tile(page, tile(page, 1))
    page.route("**/trash*", lambda route: held.append(route), times=1)

    page.keyboard.press("Delete")
    page.keyboard.press("Delete")  # the same again, which takes no way back away
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 3")
    page.keyboard.press("Delete")
    held[0].continue_()

    expect(viewer.locator("[data-count]")).to_have_text("1 of 1")
    viewer.get_by_role("button", name="Undo").click()
    expect(viewer.locator("[data-count]")).to_have_text("1 of 2")
    page.goto("/trash")
    expect(page.locator(".tile")).to_have_count(1)


def test_keys_in_a_dialog_over_the_viewer_are_not_for_the_photo(page: Page) -> None:
    two_photos(page)
    first = page.locator(".tile").first.get_attribute("data-id")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()

    page.keyboard.press("f")
    page.keyboard.press("3")
    page.wait_for_timeout(500)

    assert kept(page, first) == ("0", "false")


def test_stars_given_over_the_page_of_a_photo_are_said_and_its_title_stays(page: Page) -> None:
    show_new(page, 2)
    first = page.locator(".tile").first.get_attribute("data-id")
    page.goto(f"/p/{first}")
    page.get_by_label("Caption").fill("Ladybird")
    page.get_by_label("Caption").blur()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ladybird")
    page.locator("[data-open] img").click()
    viewer = page.locator(VIEWER)
    expect(viewer.locator("[data-acts]:not([inert]) [data-download]")).to_be_visible()

    page.keyboard.press("3")
    expect(viewer.locator(".toast:visible")).to_have_text("3 stars")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("2 of 2")
    page.keyboard.press("2")
    expect(viewer.locator(".toast:visible")).to_have_text("2 stars")

    expect(page.locator("h1[data-tend-title], h1 [data-tend-title]")).to_have_text("Ladybird")
