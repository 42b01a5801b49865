"""The queue sends into albums: the chosen one, that of the page, those that folders offer."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.flows.queue import PICTURES, choose_folder, folder_of, held, wait_for
from tests.flows.steps import choose, register
from tests.flows.test_pages import WIDER
from tests.make import jpeg
from tests.wire import Wire

SMALL = [jpeg((90, 60), seed=seed) for seed in range(60, 64)]


def make_album(page: Page, title: str) -> None:
    page.goto("/albums/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Make the album").click()
    page.get_by_role("heading", name=title).wait_for()


def number_in(page: Page, title: str) -> str:
    page.goto("/albums")
    return page.locator(".album", has_text=title).locator(".meta").inner_text()


def test_the_chosen_album_takes_what_is_sent(page: Page) -> None:
    make_album(page, "Coast")
    page.get_by_role("link", name="Upload here").click()

    choose(page, ("one.jpg", SMALL[0]), ("two.jpg", SMALL[1]))
    wait_for(page, "2 of 2 finished")

    expect(page.get_by_text("· into “Coast”")).to_be_visible()
    assert number_in(page, "Coast").startswith("2 photos")


def test_a_new_album_is_made_for_what_is_sent(page: Page) -> None:
    page.goto("/upload")
    page.get_by_text("Into an album").click()
    page.get_by_label("A new one").fill("Harbour")

    choose(page, ("one.jpg", SMALL[0]))
    wait_for(page, "1 of 1 finished")

    expect(page.get_by_text("· into “Harbour”")).to_be_visible()
    assert number_in(page, "Harbour").startswith("1 photo")


def test_a_phone_without_scripts_sends_into_a_new_album(open_page) -> None:
    page = open_page("phone", java_script_enabled=False)
    register(page)
    page.goto("/upload")
    assert not page.evaluate(WIDER)

    page.get_by_text("Into an album").click()
    page.get_by_label("A new one").fill("Harbour")
    choose(page, ("one.jpg", SMALL[0]))
    page.get_by_role("button", name="Upload", exact=True).click()

    page.get_by_role("link", name="Harbour").click()
    expect(page.get_by_role("heading", name="Harbour")).to_be_visible()


def test_a_folder_offers_its_name_before_or_after_it_is_sent(page: Page, tmp_path: Path) -> None:
    page.goto("/upload")
    choose_folder(page, folder_of(tmp_path / "Picos 2024", SMALL))
    wait_for(page, "4 of 4 finished")

    expect(page.get_by_text("Put these into the album “Picos 2024”?")).to_be_visible()
    page.get_by_role("button", name="Put them in").click()
    expect(page.get_by_text("· into “Picos 2024”")).to_be_visible()

    assert number_in(page, "Picos 2024").startswith("4 photos")


def test_an_offer_that_is_declined_makes_no_album(page: Page, tmp_path: Path) -> None:
    page.goto("/upload")
    choose_folder(page, folder_of(tmp_path / "Picos 2024", SMALL[:1]))
    wait_for(page, "1 of 1 finished")

    page.get_by_role("button", name="No", exact=True).click()

    expect(page.get_by_text("Put these into the album")).to_be_hidden()
    page.goto("/albums")
    expect(page.get_by_role("heading", level=1, name="Albums")).to_be_visible()
    expect(page.get_by_role("link", name="Picos 2024")).to_have_count(0)


def test_what_is_in_an_album_is_not_offered_one_again(page: Page, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "Picos 2024", SMALL[:1])
    page.goto("/upload")
    choose_folder(page, folder)
    page.get_by_role("button", name="Put them in").click()
    expect(page.get_by_text("· into “Picos 2024”")).to_be_visible()
    wait_for(page, "1 of 1 finished")

    choose_folder(page, folder)

    expect(page.get_by_text("1 file of these had been uploaded already.")).to_be_visible()
    expect(page.get_by_text("Put these into the album")).to_be_hidden()


def test_an_offer_that_is_taken_without_a_line_is_kept(page: Page, tmp_path: Path) -> None:
    page.goto("/upload")
    choose_folder(page, folder_of(tmp_path / "Picos 2024", SMALL))
    wait_for(page, "4 of 4 finished")
    page.route("**/album", lambda route: route.abort())
    page.get_by_role("button", name="Put them in").click()
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()

    page.unroute("**/album")
    page.goto("/upload")
    expect(page.get_by_text("· into “Picos 2024”")).to_be_visible()

    assert number_in(page, "Picos 2024").startswith("4 photos")


def test_a_folder_from_another_tab_is_offered_where_it_is_sent(
    page: Page, wire: Wire, tmp_path: Path
) -> None:
    page.goto("/trash")
    wire.rate = 500_000
    page.dispatch_event("body", "drop", {"dataTransfer": held(page, "one.jpg", PICTURES[0])})
    expect(page.locator(".dock").get_by_text("0 of 1 finished")).to_be_visible()
    other = page.context.new_page()
    other.goto("/upload")

    choose_folder(other, folder_of(tmp_path / "Picos 2024", SMALL[1:]))
    page.get_by_role("button", name="Put them in").click()
    wire.rate = None

    expect(page.get_by_text("· into “Picos 2024”")).to_be_visible()
    wait_for(page, "4 of 4 finished")
    assert number_in(page, "Picos 2024").startswith("3 photos")


def test_what_is_dropped_on_the_upload_page_goes_into_the_chosen_album(page: Page) -> None:
    make_album(page, "Coast")
    page.get_by_role("link", name="Upload here").click()

    page.dispatch_event("body", "drop", {"dataTransfer": held(page, "one.jpg", SMALL[0])})
    wait_for(page, "1 of 1 finished")

    assert number_in(page, "Coast").startswith("1 photo")


def test_what_is_dropped_on_an_album_goes_into_it(page: Page) -> None:
    make_album(page, "Coast")
    file = held(page, "one.jpg", SMALL[0])

    page.dispatch_event("body", "dragover", {"dataTransfer": file})
    expect(page.get_by_text("Drop to add to Coast")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": file})
    wait_for(page, "1 of 1 finished")

    assert number_in(page, "Coast").startswith("1 photo")
