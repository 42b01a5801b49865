"""Taking everything away, by hand."""

import zipfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.flows.steps import register, upload
from tests.make import PASSWORD, jpeg

LIVE = 70_000  # what nobody rang for is found within a minute


def test_everything_is_made_ready_and_taken_away(open_page, tmp_path: Path) -> None:
    page = open_page("phone")
    register(page)
    upload(page, ("cat.jpg", jpeg((60, 40))))
    page.goto("/settings")

    page.get_by_role("link", name="Export").click()
    page.wait_for_url("**/settings/export")
    expect(page.get_by_role("link", name="Export")).to_be_in_viewport(ratio=1)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make it ready").click()
    with page.expect_download(timeout=LIVE) as got:
        page.get_by_role("link", name="Download", exact=True).click(timeout=LIVE)

    got.value.save_as(tmp_path / "it.zip")
    with zipfile.ZipFile(tmp_path / "it.zip") as made:
        (photo,) = [name for name in made.namelist() if name.endswith("/cat.jpg")]
        assert made.read(photo) == jpeg((60, 40)) and "photos.json" in made.namelist()


def test_a_bar_is_seen_in_forced_colours(open_page) -> None:
    page = open_page(forced_colors="active")
    page.goto("/login")
    page.locator("main").evaluate("e => { e.innerHTML = '<progress max=2 value=1></progress>' }")

    drawn = Image.open(BytesIO(page.locator("progress").screenshot())).convert("RGB")

    width, middle = drawn.width, drawn.height // 2
    done, left = drawn.getpixel((width // 4, middle)), drawn.getpixel((width * 3 // 4, middle))
    assert done != left and drawn.getpixel((width * 3 // 4, 0)) != left, "it has an edge, too"
