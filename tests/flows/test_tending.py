"""What an owner says of a photo, said on its page: with scripts in place, without by buttons."""

from itertools import count

from playwright.sync_api import Page, expect

from tests.flows.steps import upload
from tests.make import jpeg

# Each test has a photo of its own, also where they share a person.
SEEDS = count(1)


def open_photo(page: Page) -> None:
    upload(page, ("cat.jpg", jpeg(seed=next(SEEDS))))
    page.goto("/photos")
    page.goto(page.locator(".tile a").first.get_attribute("href"))


def expect_kept(page: Page) -> None:
    """What was said stands there again when the page is opened anew."""
    page.goto(page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("A cat in the sun")
    expect(page.get_by_label("Caption")).to_have_value("A cat in the sun")
    expect(page.get_by_role("radio", name="4 stars")).to_be_checked()
    expect(page.get_by_role("list", name="Tags").get_by_role("listitem")).to_have_text(["sea"])
    expect(favourite(page)).to_have_attribute("aria-pressed", "true")


def favourite(page: Page):
    return page.get_by_role("button", name="Favourite")


def expect_saved(page: Page, words: str = "Saved") -> None:
    said = page.locator("[data-tend-said]")
    expect(said).to_have_text(words)
    said.evaluate("element => { element.textContent = '' }")


def test_everything_is_saved_as_soon_as_it_is_said(page: Page) -> None:
    open_photo(page)
    expect(page.get_by_role("button", name="Save the caption")).to_be_hidden()
    caption, tags = page.get_by_label("Caption"), page.get_by_label("Add tags")

    caption.fill("A cat in the sun")
    caption.blur()
    expect_saved(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("A cat in the sun")
    caption.fill("No, a dog")
    caption.press("Escape")
    expect(caption).to_have_value("A cat in the sun")

    page.keyboard.press("4")
    expect_saved(page, "4 stars")
    page.keyboard.press("f")
    expect_saved(page)

    page.keyboard.press("t")
    expect(tags).to_be_focused()
    tags.fill("sea, 4 of us")
    tags.press("Enter")
    expect_saved(page)
    tags.press("5")  # while somebody writes it is a digit
    tags.fill("")
    page.get_by_role("button", name="Take away the tag 4 of us").click()
    expect_saved(page)
    expect(tags).to_be_focused()

    expect_kept(page)


def test_a_mistake_is_said_and_what_was_written_stays(page: Page) -> None:
    open_photo(page)
    expect(
        page.get_by_role("button", name="Save the caption")
    ).to_be_hidden()  # the script is there
    tags = page.get_by_label("Add tags")

    tags.fill("x" * 101)
    tags.press("Enter")

    expect(page.locator("[data-tend-said]")).to_have_text("A tag has 100 characters at most")
    expect(tags).to_have_value("x" * 101)


def test_without_scripts_each_has_its_button(open_page, signed_in) -> None:
    page = open_page("phone", java_script_enabled=False, storage_state=signed_in("root"))
    open_photo(page)

    page.get_by_label("Caption").fill("A cat in the sun")
    page.get_by_role("button", name="Save the caption").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("radio", name="4 stars").check()
    page.get_by_role("button", name="Save the rating").click()
    page.get_by_label("Add tags").fill("sea")
    page.get_by_role("button", name="Add", exact=True).click()
    favourite(page).click()

    expect_kept(page)


def test_date_place_and_archive_have_a_page(open_page, signed_in) -> None:
    page = open_page(java_script_enabled=False, storage_state=signed_in("root"))
    open_photo(page)

    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Day").fill("2024-07-12")
    page.get_by_label("Time", exact=True).fill("07:42")
    page.get_by_label("Time zone").select_option("GMT+2")
    page.get_by_label("Place", exact=True).fill("nowhere")
    page.get_by_label("Archived").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Write a place as 48.8584, 2.2945")).to_be_visible()
    expect(page.get_by_label("Day")).to_have_value("2024-07-12")
    page.get_by_label("Place", exact=True).fill("48.8584° N, 2.2945° E")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Friday 12 July 2024, 07:42")).to_be_visible()
    expect(page.get_by_text("GMT+2, set by hand.")).to_be_visible()
    expect(page.get_by_text("Paris, France")).to_be_visible()
    page.get_by_role("button", name="Back to the timeline").click()
    expect(page.get_by_text("Back in the timeline.")).to_be_visible()
