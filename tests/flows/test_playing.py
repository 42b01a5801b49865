"""Videos, recordings and live photos, as a browser plays them."""

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.films import film
from tests.flows.library import Library
from tests.flows.steps import upload

MOVES = "video => new Promise(done => video.addEventListener('timeupdate', () => done(true)))"


@pytest.fixture
def ada(open_page, signed_in):
    """A function that opens a page of Ada's."""

    def ada(path: str, **options: object) -> Page:
        page = open_page(storage_state=signed_in("ada"), **options)
        page.goto(path)
        return page

    return ada


def test_a_video_is_played_by_the_keyboard(ada, library: Library) -> None:
    page = ada(f"/p/{library.video}")
    video = page.locator("video")

    video.press("Space")

    assert video.evaluate(MOVES)
    assert page.url.endswith(library.video)


def test_an_arrow_in_the_player_does_not_leave_the_page(ada, library: Library) -> None:
    page = ada(f"/p/{library.audio}")

    page.locator("audio").press("ArrowRight")

    expect(page.locator("audio")).to_be_visible()
    assert page.url.endswith(library.audio)


def test_a_live_photo_moves_under_the_mouse_and_rests_when_it_leaves(ada, library: Library) -> None:
    page = ada("/photos", reduced_motion="no-preference")
    tile = page.locator(f"li[data-live]:has([href='/p/{library.live}'])")

    tile.hover()
    assert tile.locator("video").evaluate(MOVES)
    page.mouse.move(0, 0)

    expect(tile.locator("video")).to_have_count(0)


def test_a_live_photo_moves_when_the_keyboard_reaches_it(ada, library: Library) -> None:
    page = ada("/photos", reduced_motion="no-preference")
    tile = page.locator(f"li[data-live]:has([href='/p/{library.live}'])")

    page.locator(".tile a").first.press("Home")
    while not tile.locator("a").evaluate("link => link === document.activeElement"):
        page.keyboard.press("ArrowRight")

    assert tile.locator("video").evaluate(MOVES)


def test_a_live_photo_moves_under_a_finger_and_rests_when_it_is_lifted(
    ada, library: Library
) -> None:
    page = ada("/photos", size="phone", reduced_motion="no-preference", has_touch=True)
    tile = page.locator(f"li[data-live]:has([href='/p/{library.live}'])")

    finger = touch(tile)
    assert tile.locator("video").evaluate(MOVES)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(tile.locator("video")).to_have_count(0)
    page.wait_for_timeout(300)  # a click would have led away by then
    assert page.url.endswith("/photos")


def test_a_tap_opens_a_live_photo(ada, library: Library) -> None:
    page = ada("/photos", size="phone", reduced_motion="no-preference", has_touch=True)

    page.locator(f"li[data-live] [href='/p/{library.live}']").tap()

    page.wait_for_url(f"**/p/{library.live}")


def touch(photo: Locator) -> CDPSession:
    """Put a finger on a photo and leave it there; Playwright itself can only tap."""
    photo.scroll_into_view_if_needed()
    box = photo.bounding_box()
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    finger = photo.page.context.new_cdp_session(photo.page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [middle]})
    return finger


def test_a_live_photo_rests_where_motion_is_unwanted(ada, library: Library) -> None:
    page = ada("/photos")
    tile = page.locator(f"li[data-live]:has([href='/p/{library.live}'])")

    tile.hover()
    page.wait_for_timeout(300)

    expect(tile.locator("video")).to_have_count(0)


def test_a_live_photo_is_played_on_its_page(ada, library: Library) -> None:
    page = ada(f"/p/{library.live}")

    page.get_by_role("link", name="Play the moving picture").click()

    assert page.locator(".stage video").evaluate(MOVES)
    assert page.url.endswith(library.live)


def test_a_live_photo_is_played_without_scripts(ada, library: Library) -> None:
    page = ada(f"/p/{library.live}", java_script_enabled=False)

    page.get_by_role("link", name="Play the moving picture").click()

    expect(page.locator("video[controls]")).to_be_visible()
    page.get_by_role("link", name="Back to the photo").click()
    assert page.url.endswith(library.live)


def test_a_codec_this_browser_does_not_know_is_told_of(page: Page) -> None:
    upload(page, ("hevc.mp4", film(1, (320, 240), codec="libx265")))
    expect(page.get_by_text("Making previews")).to_have_count(0)

    page.goto("/photos")
    page.locator("li.tile a").click()

    expect(page.get_by_role("status").filter(has_text="does not play HEVC")).to_be_visible()
    expect(page.locator(".stage img")).to_be_visible()
