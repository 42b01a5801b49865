"""The main job, as one person and one admin live it, with and without JavaScript."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.flows.steps import SCREENS, register, sign_in, sign_out, upload
from tests.make import jpeg, png

JULY = dt.datetime(2024, 7, 12, 7, 42)


def wait_for_picture(page: Page, url: str, selector: str) -> None:
    """Reload, as people without scripts do, until the worker has made the preview."""
    for _ in range(60):
        page.goto(url)
        if page.locator(selector).count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"No {selector} on {url}")


@SCREENS
def test_from_sign_up_to_a_photo_on_the_page_and_back_to_nothing(
    open_page, scripts: bool, size: str, tmp_path: Path
) -> None:
    page = open_page(size, java_script_enabled=scripts)
    original = jpeg((1600, 1067), taken=JULY, offset="+02:00", orientation=6)
    register(page)

    upload(
        page,
        ("DSCF4821.jpg", original),
        ("lake.jpg", png()),
        ("copy.jpg", original),
        ("page.jpg", b"<!doctype html><script>alert(1)</script>"),
    )
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "2 added, 1 already in your library, 1 refused"
    )
    expect(page.get_by_text("This is not a photo, a video or a recording")).to_be_visible()

    wait_for_picture(page, "/photos/2024/7", ".tile img")
    expect(page.get_by_role("heading", name="July 2024")).to_be_visible()
    page.get_by_role("link", name="Photo, 12 July 2024, 07:42").click()
    page.wait_for_url("**/p/*")
    page.reload()  # in the viewer it has the same address as its page
    image = page.locator(".stage img")
    expect(image).to_be_visible()
    assert image.evaluate("e => e.complete && e.naturalHeight > e.naturalWidth") is True
    expect(page.get_by_text("GMT+2, as recorded by the camera.")).to_be_visible()
    expect(page.get_by_text("In the set “photos”")).to_be_visible()

    with page.expect_download() as started:
        page.get_by_role("link", name="Download the original").click()
    started.value.save_as(tmp_path / "original")
    assert hashlib.sha256((tmp_path / "original").read_bytes()).hexdigest() == (
        hashlib.sha256(original).hexdigest()
    )

    photo = page.url
    page.get_by_role("button", name="Turn right").click()
    wait_for_picture(page, photo, ".stage img")
    for _ in range(60):
        if page.get_by_text("1,600 × 1,067").count():
            break
        page.wait_for_timeout(250)
        page.goto(photo)
    expect(page.get_by_text("1,600 × 1,067")).to_be_visible()

    page.get_by_role("button", name="Move to trash").click()
    expect(page.get_by_text("Moved to the trash.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 1 photo as before.")).to_be_visible()

    page.get_by_role("button", name="Move to trash").click()
    page.goto("/trash")
    expect(page.locator(".tile-note", has_text="30 days")).to_be_visible()
    page.get_by_role("link", name="Empty trash").click()
    expect(page.get_by_text("will be deleted for good")).to_be_visible()
    page.get_by_role("button", name="for good").click()
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    assert page.goto(photo).status == 404

    sign_out(page)
    assert page.goto("/photos").url.endswith("/login?next=/photos")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_admin_browses_that_gallery_and_the_log_says_so(open_page, scripts: bool) -> None:
    ada = open_page()
    email = register(ada, "Zora Blum")
    upload(ada, ("cat.jpg", jpeg((900, 600))))
    wait_for_picture(ada, "/photos", ".tile img")
    boss = open_page(java_script_enabled=scripts)
    sign_in(boss, "root@example.org")

    boss.get_by_role("navigation", name="Main").get_by_role("link", name="Admin").click()
    boss.locator("#q").fill(email)  # a page of people has fifty
    boss.get_by_role("button", name="Show", exact=True).click()
    row = boss.get_by_role("row").filter(has_text=email)
    row.get_by_role("link", name="Look at Zora Blum’s library").click()
    expect(boss.get_by_text("You are looking at Zora Blum’s library · Logged")).to_be_visible()
    tile = boss.locator(".tile img").first
    tile.scroll_into_view_if_needed()
    boss.wait_for_load_state("networkidle")
    assert tile.evaluate("e => e.naturalWidth > 0") is True
    boss.locator(".tile a").first.click()
    boss.wait_for_url("**/p/*")
    expect(boss.get_by_role("button", name="Move to trash")).to_have_count(0)
    expect(boss.get_by_role("button", name="Turn right")).to_have_count(0)

    boss.goto("/admin/audit")
    look = boss.get_by_role("row").filter(has_text="Zora Blum").last
    expect(look.get_by_role("cell", name="Looked into the gallery")).to_be_visible()


def test_the_tile_of_a_new_photo_appears_by_itself(open_page) -> None:
    page = open_page()
    register(page)

    upload(page, ("cat.jpg", jpeg((1200, 800))))
    page.goto("/photos")

    expect(page.locator(".tile img")).to_be_visible()


def test_a_wrong_password_keeps_the_email_and_says_one_sentence(open_page) -> None:
    page = open_page()
    page.goto("/login")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill("not this one")

    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("That email and password don’t match.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("ada@example.org")
