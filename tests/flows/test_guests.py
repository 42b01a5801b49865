"""An event's drop box, as its owner and a guest live it."""

from playwright.sync_api import Page, expect

from tests.flows.steps import SCREENS, register
from tests.make import jpeg
from tests.wire import Wire

FILES = [("cake.jpg", jpeg(seed=1)), ("dance.jpg", jpeg(seed=2)), ("page.jpg", b"<html>")]


def make_box(page: Page) -> str:
    """Make an album and a link by which guests add to it; return the link's path."""
    page.goto("/albums/new")
    page.get_by_label("Title").fill("Wedding")
    page.get_by_role("button", name="Make the album").click()
    page.wait_for_url("**/albums/wedding-*")
    page.goto(f"{page.url}/share")
    page.get_by_text("Let guests add photos").click()
    page.get_by_label("Guests may add photos").check()
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("Keep it now").input_value()
    return "/s/" + address.partition("/s/")[2]


def give(page: Page, files: list[tuple[str, bytes]]) -> None:
    chosen = [{"name": name, "mimeType": "", "buffer": data} for name, data in files]
    page.locator("input[type=file]").set_input_files(chosen)
    page.get_by_role("button", name="Send").click()


@SCREENS
def test_guests_photos_are_in_the_album_when_the_owner_lets_them_in(
    open_page, size: str, scripts: bool
) -> None:
    owner = open_page(size, java_script_enabled=scripts)
    register(owner)
    path = make_box(owner)
    guest = open_page(size, java_script_enabled=scripts)

    guest.goto(path)
    guest.get_by_role("link", name="Add photos").click()
    guest.get_by_label("Your name").fill("Aunt May")
    give(guest, FILES)
    expect(guest.get_by_role("heading", name="Thank you: 2 files are here")).to_be_visible()
    expect(guest.get_by_text("This is not a photo, a video or a recording")).to_be_visible()
    guest.goto(path)
    expect(guest.get_by_text("Nothing in here yet")).to_be_visible()

    owner.goto("/sharing")
    expect(owner.get_by_text("2 photos of guests wait for you.")).to_be_visible()
    owner.get_by_role("link", name="Look at them").click()
    expect(owner.get_by_text("Aunt May").first).to_be_visible()
    owner.locator(".tick input").first.check()
    owner.get_by_role("button", name="Turn down").click()
    expect(
        owner.get_by_text("1 photo turned down: what was not yours before is in your trash.")
    ).to_be_visible()
    owner.get_by_role("button", name="Let all in").click()
    expect(owner.get_by_text("1 photo let in.")).to_be_visible()
    expect(owner.get_by_role("heading", name="Nothing waits for you")).to_be_visible()

    guest.goto(path)
    expect(guest.locator(".tile")).to_have_count(1)


def test_guest_goes_on_after_a_broken_line(open_page, wire: Wire) -> None:
    owner = open_page()
    register(owner)
    path = make_box(owner)
    guest = open_page("phone", base_url=wire.url)
    guest.goto(f"{path}/add")
    guest.wait_for_load_state("networkidle")  # until then it is the plain form

    wire.cut()
    give(guest, FILES[:2])
    again = guest.get_by_role("button", name="Retry")
    expect(again).to_have_count(2, timeout=30_000)
    wire.mend()
    again.first.click()
    expect(again).to_have_count(1)
    again.click()

    expect(guest.get_by_role("heading", name="Thank you: 2 files are here")).to_be_visible()
