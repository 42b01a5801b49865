"""Many photos at once, without scripts: ticked, moved, and brought back by the toast."""

import pytest
from playwright.sync_api import Page, expect

from tests.flows.steps import register, upload
from tests.make import jpeg


def filled(open_page, size: str = "desk", *, scripts: bool = False) -> Page:
    page = open_page(size, java_script_enabled=scripts)
    register(page)
    upload(page, *((f"{n}.jpg", jpeg((90, 60), seed=n)) for n in range(4)))
    page.goto("/photos")
    return page


def tick(page: Page, number: int) -> None:
    for n in range(number):
        page.locator(".tile .tick input").nth(n).check()


def seen(page: Page) -> list[str]:
    return [tile.get_attribute("value") for tile in page.locator(".tile .tick input").all()]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_three_go_to_the_trash_and_come_back_by_the_toast(open_page, scripts: bool) -> None:
    page = filled(open_page, scripts=scripts)
    number, before = page.locator(".section small").first, seen(page)
    for n in range(3):
        page.locator(".tile .tick input").nth(n).check(force=True)

    press(page, "Trash")
    expect(page.get_by_text("3 photos moved to the trash.")).to_be_visible()
    expect(number).to_have_text("1 photo")
    assert seen(page) == before[3:]
    press(page, "Undo")

    expect(page.get_by_text("Undone: 3 photos as before.")).to_be_visible()
    expect(number).to_have_text("4 photos")
    assert seen(page) == before


def test_what_is_behind_more_is_said_on_a_page_of_its_own(open_page) -> None:
    page = filled(open_page, "phone")
    tick(page, 2)

    page.locator(".pick-more summary").click()
    press(page, "Tags")
    page.get_by_label("Tags").fill("sea")
    press(page, "Save for 2 photos")

    expect(page.get_by_text("2 photos tagged.")).to_be_visible()
    page.locator(".tile a").first.click()
    expect(page.get_by_role("list", name="Tags").get_by_role("listitem")).to_have_text(["sea"])


def test_trash_is_emptied_of_what_is_ticked(open_page) -> None:
    page = filled(open_page)
    tick(page, 2)
    press(page, "Trash")
    page.goto("/trash")
    tick(page, 1)

    press(page, "Delete now")
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete 1 photo?")
    press(page, "Delete 1 photo for good")

    expect(page.get_by_text("1 photo deleted for good.")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(1)


def test_all_is_ticked_by_keys_in_a_list_without_months(open_page) -> None:
    page = filled(open_page, scripts=True)
    page.locator(".section-tick input").check(force=True)
    press(page, "Trash")
    page.goto("/trash")
    page.locator(".tile a").first.focus()

    page.keyboard.press("x")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Control+a")
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.locator(".tile .tick input").first.uncheck(force=True)
    press(page, "Restore")

    expect(page.get_by_text("3 photos back in your library.")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(1)


def test_a_whole_month_goes_into_the_archive_and_back(open_page) -> None:
    page = filled(open_page)

    page.locator(".section-tick input").check()
    page.locator(".pick-more summary").click()
    press(page, "Archive")
    expect(page.get_by_text("4 photos archived")).to_be_visible()
    page.goto("/archive")
    tick(page, 1)
    press(page, "Unarchive")

    expect(page.get_by_text("1 photo back in the timeline.")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(3)
