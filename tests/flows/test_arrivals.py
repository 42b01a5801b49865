"""Photos that come while a list is open, and a network that goes."""

import datetime as dt

from playwright.sync_api import Page, expect

from tests.flows.queue import held
from tests.flows.steps import upload
from tests.make import jpeg


def drop(page: Page, name: str, seed: int, **facts: object) -> None:
    picture = jpeg(seed=seed, **facts)
    page.dispatch_event("body", "drop", {"dataTransfer": held(page, name, picture)})


def test_what_was_uploaded_here_is_shown_on_demand(page: Page) -> None:
    page.goto("/photos")
    drop(page, "one.jpg", 1)
    page.get_by_role("button", name="1 new photo · Show").click()
    expect(page.locator(".tile")).to_have_count(1)
    page.wait_for_selector("html[data-ready]")  # the empty page had to be loaded anew

    drop(page, "two.jpg", 2)
    drop(page, "three.jpg", 3)
    show = page.get_by_role("button", name="2 new photos · Show")
    expect(show).to_be_visible(timeout=20_000)
    expect(page.locator(".tile")).to_have_count(1)
    show.click()

    expect(page.locator(".tile")).to_have_count(3)
    expect(page.locator(".section small")).to_have_text("3 photos")
    expect(page.locator(".tile a").first).to_be_focused()
    expect(show).to_have_count(0)


def test_what_comes_is_told_beside_what_goes(page: Page) -> None:
    late, early, between = (dt.datetime(2024, 7, day) for day in (20, 10, 15))
    upload(page, ("one.jpg", jpeg(seed=1, taken=late)), ("two.jpg", jpeg(seed=2, taken=early)))
    page.goto("/photos")
    expect(page.locator(".tile[data-large]")).to_have_count(2, timeout=20_000)
    ids = [tile.get_attribute("data-id") for tile in page.locator(".tile").all()]
    other = page.context.new_page()
    other.goto(f"/p/{ids[1]}")
    other.get_by_role("button", name="Move to trash").click()
    expect(other.get_by_text("Moved to the trash.")).to_be_visible()

    page.bring_to_front()
    drop(page, "three.jpg", 3, taken=between)
    page.get_by_role("button", name="1 new photo · Show").click(timeout=20_000)

    expect(page.locator(f".tile[data-id='{ids[1]}']")).to_have_count(0)
    expect(page.locator(".tile")).to_have_count(2)
    expect(page.locator(f".tile[data-id='{ids[0]}']")).to_have_count(1)


def test_a_month_is_taken_with_what_was_shown_on_demand(page: Page) -> None:
    upload(page, ("one.jpg", jpeg(seed=1)))
    page.goto("/photos")
    drop(page, "two.jpg", 2)
    page.get_by_role("button", name="1 new photo · Show").click(timeout=20_000)
    expect(page.locator(".tile")).to_have_count(2)

    page.locator(".section-tick input").check(force=True)
    page.get_by_role("button", name="Trash", exact=True).click()

    expect(page.get_by_text("2 photos moved to the trash.")).to_be_visible()


def test_a_page_says_that_it_is_offline(page: Page) -> None:
    page.goto("/photos")
    said = page.get_by_text("You are offline. What is loaded stays.")
    expect(said).to_be_hidden()

    page.context.set_offline(True)
    expect(said).to_be_visible()
    page.context.set_offline(False)

    expect(said).to_be_hidden()
