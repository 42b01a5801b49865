"""A link from its making to its end, as its owner and a visitor live it."""

import re
import time

from playwright.sync_api import Locator, Page, expect

from tests.flows.steps import SCREENS, register, upload
from tests.flows.test_albums import photos, tick

PASSWORD = "one for grandma"
# Every picture of a page, in every size that it has.
PICTURES = """() => [...document.querySelectorAll("img[srcset]")].flatMap(
  (img) => [img.src, ...img.srcset.split(", ").map((each) => each.split(" ")[0])]
)"""


def share(owner: Page, scripts: bool) -> Locator:
    """Open what is said of an album's links: over its page, or on one of its own."""
    link = owner.get_by_role("link", name="Share", exact=True)
    if scripts:  # until its script is there it leads to the page
        expect(link).to_have_attribute("aria-haspopup", "dialog")
    link.click()
    where = owner.get_by_role("dialog", name=re.compile("^Share")) if scripts else owner
    expect(where.get_by_role("heading", name="A new link")).to_be_visible()
    return where.locator(".cards")


def make_link(owner: Page, form: Locator, **facts: str) -> str:
    for label, value in facts.items():
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_role("button", name="Make a link").click()
    address = owner.get_by_label("Keep it now: it is not shown again.").input_value()
    assert owner.get_by_role("img", name="The link as a QR code").is_visible()
    return address


def unlock(visitor: Page, address: str) -> None:
    visitor.goto(address)
    expect(visitor.get_by_role("heading", name="This link has a password")).to_be_visible()
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.get_by_role("button", name="Open").click()
    visitor.wait_for_url(address)


def addresses(visitor: Page, address: str, name: str) -> list[str]:
    """Return all that a visitor of the link can copy."""
    visitor.goto(f"{address}/p/{name}")
    found = set(visitor.evaluate(PICTURES))
    visitor.goto(address)
    found |= set(visitor.evaluate(PICTURES))
    pages = ("", f"/p/{name}", f"/p/{name}/info", "/shape", f"/section?from={name}")
    files = (f"/d/{name}", "/photos.zip", "/og.jpg")
    return [*(address + path for path in (*pages, *files)), *sorted(found)]


def statuses(visitor: Page, urls: list[str]) -> set[int]:
    return {visitor.request.get(url).status for url in urls}


def wait_until_clean(visitor: Page, address: str) -> None:
    """Wait until the worker knows which bytes of the files say a place."""
    for _ in range(100):
        if visitor.request.get(f"{address}/photos.zip").ok:
            return
        time.sleep(0.2)
    raise AssertionError("The files were never made ready.")


@SCREENS
def test_an_album_is_shown_by_a_link_until_its_owner_turns_it_off(
    open_page, size: str, scripts: bool
) -> None:
    ada = open_page(size, java_script_enabled=scripts)
    visitor = open_page(size, java_script_enabled=scripts)
    register(ada)
    upload(ada, *photos(1, 2, seed=30))
    ada.goto("/photos")
    tick(ada, 0, 1)
    ada.get_by_role("button", name="Add to album").click()
    ada.get_by_label("Title").fill("Picos de Europa")
    ada.get_by_role("button", name="Make a new album of them").click()
    expect(ada.get_by_role("heading", name="Picos de Europa")).to_be_visible()
    album, public_id = ada.url, ada.locator(".tile").first.get_attribute("data-id")

    form = share(ada, scripts)
    address = make_link(ada, form, **{"For whom is it?": "Grandma", "Password": PASSWORD})
    if scripts:
        expect(ada.get_by_label("Keep it now: it is not shown again.")).to_be_focused()
        ada.keyboard.press("Escape")
        expect(ada.get_by_role("link", name="Share", exact=True)).to_be_focused()
        assert ada.url == album

    unlock(visitor, address)
    name = visitor.locator(".tile").first.get_attribute("data-id")
    assert name != public_id and public_id not in visitor.content()
    visitor.context.clear_cookies()
    unlock(visitor, f"{address}/p/{name}")
    expect(visitor.get_by_role("img", name="Photo,")).to_be_visible()
    visitor.get_by_role("link", name="Back to all photos").click()
    expect(visitor.get_by_role("heading", name="Picos de Europa")).to_be_visible()
    expect(visitor.get_by_text("Shared by Ada Moreau · 2 photos")).to_be_visible()
    wait_until_clean(visitor, address)
    with visitor.expect_download() as all_of_them:
        visitor.get_by_role("link", name="Download all").click()
    assert all_of_them.value.suggested_filename == "Picos de Europa.zip"
    visitor.locator(".tile a").first.click()
    with visitor.expect_download() as one:
        visitor.get_by_role("link", name="Download the original").click()
    assert one.value.suggested_filename.startswith("IMG_202407")
    urls = addresses(visitor, address, name)
    assert statuses(visitor, urls) == {200} and len(urls) > 12

    ada.goto(album)
    rows = share(ada, scripts)
    rows.get_by_role("button", name="Turn off Grandma").click()
    expect(ada.get_by_text("The link is off: whoever has it finds nothing")).to_be_visible()
    expect(ada.get_by_role("button", name="Forget Grandma")).to_be_visible()

    assert statuses(visitor, urls) == {404}
    assert visitor.goto(f"{address}/p/{name}").status == 404
    expect(visitor.get_by_role("heading", name="This link is not shared")).to_be_visible()


def test_chosen_photos_are_shown_by_a_link(open_page) -> None:
    ada, visitor = open_page("phone"), open_page("phone")
    register(ada)
    upload(ada, *photos(1, 2, seed=40))
    ada.goto("/photos")
    tick(ada, 0)

    ada.get_by_role("button", name="Share", exact=True).click()
    expect(ada.get_by_role("heading", name="Share 1 photo")).to_be_visible()
    visitor.goto(make_link(ada, ada.locator(".cards")))

    expect(visitor.get_by_role("heading", name="1 photo")).to_be_visible()
    ada.get_by_role("link", name="Back").click()
    ada.wait_for_url("**/photos")
