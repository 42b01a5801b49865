"""What is seen through a transparent picture: the page, whatever its theme."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator

from tests.flows.library import Library

GROUNDS = {"light": (251, 251, 249), "dark": (15, 17, 16)}


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("scheme", GROUNDS)
def test_the_page_is_seen_through_a_picture(
    open_page, signed_in, library: Library, scheme: str, size: str
) -> None:
    page = open_page(size, storage_state=signed_in("ada"), color_scheme=scheme)
    page.goto("/photos")
    tile = seen_through(page.locator(f"li.tile:has([href='/p/{library.clear}']) img"))
    page.goto(f"/p/{library.clear}")
    stage = seen_through(page.locator("#stage img"))

    assert (tile, stage) == (GROUNDS[scheme], GROUNDS[scheme])


def seen_through(picture: Locator) -> tuple[int, ...]:
    """The colour in the picture's upper part, where there is nothing of it."""
    picture.evaluate("image => image.decode()")
    shot = Image.open(BytesIO(picture.screenshot())).convert("RGB")
    return shot.getpixel((shot.width // 4, 5))
