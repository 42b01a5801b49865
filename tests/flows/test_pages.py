"""Every page that exists, in every state it has: for all people, on all screens."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import cycle, product

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.flows.conftest import SIZES
from tests.flows.library import Library
from tests.flows.steps import AXE, choose
from tests.make import jpeg

# For each GET route that answers with a page: who opens it, and where.
PAGES = {
    "accounts.login": ["nobody /login?next=/photos"],
    "accounts.register": ["nobody /register", "nobody {closed}"],
    "accounts.first_admin": ["nobody {welcome}"],
    "account_links.join": ["nobody /join/{invitation}", "nobody /join/none"],
    "account_links.reset": ["nobody /reset/{reset}"],
    "accounts.forgot": ["nobody {forgot}", "nobody {forgot}?sent=yes"],
    "settings.profile": ["ada /settings"],
    "settings.confirm_email": ["ada /settings/email/{confirm}"],
    "settings.security": ["ada /settings/security"],
    "second_step.show": ["eve /settings/second-step"],
    "passkeys.index": ["ada /settings/passkeys", "eve /settings/passkeys"],
    "passkeys.confirm": ["ada /settings/passkeys/{passkey}/delete"],
    "passkeys.confirm_password": ["ada /settings/password/delete"],
    "provider.show": ["eve /settings/provider"],
    "leaving.confirm": ["ada /settings/delete"],
    "appearance.edit": ["ada /settings/appearance"],
    "tokens.index": ["ada /settings/tokens", "eve /settings/tokens"],
    "photos.index": ["ada /photos", "eve /photos"],
    "photos.year": ["ada /photos/2024"],
    "photos.month": ["ada /photos/2024/6"],
    "photos.day": ["ada /photos/2024/6/9"],
    "sending.new": ["ada /upload"],
    "sending.batch": ["ada /upload/{receipt}"],
    "photos.show": [
        *("ada /p/{ready}", "ada /p/{pending}", "ada /p/{failed}", "ada /p/{clear}"),
        *("ada /p/{video}", "ada /p/{audio}", "ada /p/{live}", "ada /p/{trashed}"),
        "nobody /p/{ready}?in=album:{album}",
        *("ada /p/{ready}?as=visitor", "ada /p/{pending}?as=visitor"),
    ],
    "lists.favourites": ["ada /favourites", "eve /favourites"],
    "lists.archive": ["ada /archive", "eve /archive"],
    "trash.index": ["ada /trash", "eve /trash"],
    "trash.confirm_empty": ["ada /trash/empty"],
    "audience.index": ["ada /p/{ready}/who"],
    "edit.edit": ["ada /p/{ready}/edit", "ada /p/{live}/edit"],
    "shift.new": [
        *("ada /photos/shift", "root /photos/shift"),
        "ada /photos/shift?camera=FUJIFILM+X-T5&way=later&days=1&hours=0&minutes=0&zone=120",
        "ada /photos/shift?camera=FUJIFILM+X-T5&way=later&days=0&hours=0&minutes=0&zone=",
    ],
    "albums.index": ["ada /albums", "eve /albums", "eve /albums?of=mine"],
    "albums.recent": ["ada /albums/recent"],
    "albums.new": ["ada /albums/new"],
    "albums.show": [
        *("ada /albums/{album}", "eve /albums/{album}", "nobody /albums/{album}"),
        "ada /albums/{album}?as=visitor",
    ],
    "albums.edit": ["ada /albums/{album}/edit"],
    "albums.delete": ["ada /albums/{album}/delete"],
    "album_photos.pick": ["ada /albums/{album}/add", "eve /albums/{album}/add"],
    "album_photos.arrange": ["ada /albums/{album}/arrange"],
    "album_people.index": ["ada /albums/{album}/people"],
    "album_people.confirm_leave": ["eve /albums/{album}/leave"],
    "album_people.activity": ["ada /albums/{album}/activity"],
    "exports.show": ["ada /settings/export", "eve /settings/export"],
    "search.index": [
        *("ada /search", "eve /search", "ada /search?q=jpg+-seldom+colour:red+camera:X-T5"),
        *("ada /search?q=picos&whose=all&order=best", "eve /search?q=is:favourite+beach"),
    ],
    "sharing.index": ["ada /sharing", "eve /sharing"],
    "sharing.new": ["ada /albums/{album}/share"],
    "shared.show": ["nobody /s/{link}", "nobody /s/{locked}", "nobody /s/none"],
    "guests.new": ["nobody /s/{box}/add"],
    "gifts.index": ["ada /sharing/guests", "eve /sharing/guests"],
    "shared.photo": ["nobody /s/{link}/p/{link_ready}", "nobody /s/{link}/p/{link_video}"],
    "keyboard.show": ["ada /keys", "nobody /keys"],
    "admin.users": ["root /admin/users?sort=-size", "root /admin/users?q=nobody"],
    "people.show": ["root /admin/users/{folder}"],
    "removal.confirm": ["root /admin/users/{folder}/delete"],
    "admin.gallery": ["root /admin/galleries/{folder}"],
    "admin.show": ["root /admin/galleries/{folder}/p/{ready}"],
    "invitations.index": ["root /admin/invitations"],
    "admin.audit": ["root /admin/audit", "root /admin/audit?act=none"],
    "jobs.index": ["root /admin/jobs"],
    "storage.index": ["root /admin/storage"],
    "integrity.index": ["root /admin/integrity"],
    "place_settings.edit": ["root /admin/settings"],
}
MISSING = ["nobody /nowhere", "ada /nowhere"]
# These redirect, or answer with files and plain words.
OTHERS = {"static", "accounts.home", "admin.home", "photos.download", "photos.preview"}
OTHERS |= {"photos.about", "photos.download_jpeg", "grid.shape", "grid.section"}
OTHERS |= {"shared.about", "shared.shape", "shared.section", "shared.preview", "batch.download"}
OTHERS |= {"shared.download", "shared.download_all", "shared.postcard"}
OTHERS |= {"health.show", "health.robots", "manifest.show", "api.limits", "api.index"}
OTHERS |= {"catalogues.show", "admin.audit_csv", "admin.stored_csv", "admin.uploaded_csv"}
# What the last shows after a password, tests/flows/test_second_step.py looks at.
OTHERS |= {"storage.table", "entering.code", "exports.download", "provider.back"}

Looks = Iterable[tuple[str, str]]
# Each colour and each size once, from page to page in turn; all pairs of them are the long form.
LOOKS = (("light", "phone"), ("dark", "desk"))
ALL_LOOKS = tuple(product(("light", "dark"), SIZES))
# axe measures with styles of its own; that the pages keep the policy, the other tests see.
FOR_AXE = {"bypass_csp": True, "has_touch": True}
WIDTHS = [320, 390, 768, 1440]
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
LARGE = "() => { document.documentElement.style.fontSize = '200%' }"


def visits(library: Library) -> Iterator[tuple[str, str]]:
    """Yield who opens which address."""
    for lines in [*PAGES.values(), MISSING]:
        for line in lines:
            who, _, path = line.partition(" ")
            yield who, path.format(**asdict(library))


@pytest.fixture
def tour(signed_in, open_page, library: Library):
    """A function that opens every page, each person in a browser of their own."""

    def tour(whose: str = "", **options: object) -> Iterator[Page]:
        people: dict[str, Page] = {}
        for who, path in visits(library):
            if whose and who not in whose:
                continue
            if who not in people:
                people[who] = open_page(storage_state=signed_in(who), **options)
            people[who].goto(path, wait_until="domcontentloaded")
            yield people[who]

    return tour


@pytest.fixture
def faults(axe_script: str):
    """A function that says what keeps people from using a page, in one look after the other."""

    in_turn = cycle(LOOKS)

    def faults(page: Page, looks: Looks = ()) -> list[str]:
        page.evaluate(axe_script)
        found = []
        for scheme, size in looks or [next(in_turn)]:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(SIZES[size])
            found += [f"{page.url} {scheme} {size} {fault}" for fault in page.evaluate(AXE)]
        return found

    return faults


def test_no_page_is_left_out(app: Flask) -> None:
    routes = {route.endpoint for route in app.url_map.iter_rules() if "GET" in route.methods}

    assert routes == PAGES.keys() | OTHERS


# In two parts: together they would take as long as a test may.
@pytest.mark.timeout(300)
@pytest.mark.parametrize("whose", ["ada", "eve root nobody"])
@pytest.mark.parametrize(
    "looks", [(), pytest.param(ALL_LOOKS, marks=pytest.mark.slow)], ids=["in turn", "all"]
)
def test_everybody_can_use_every_page(tour, faults, looks: Looks, whose: str) -> None:
    found = [fault for page in tour(whose, **FOR_AXE) for fault in faults(page, looks)]

    assert found == []


def test_everybody_can_use_what_opens_on_a_page(
    open_page, signed_in, faults, library: Library
) -> None:
    ada = open_page(storage_state=signed_in("ada"), **FOR_AXE)
    nobody = open_page(**FOR_AXE)
    found = []

    ada.goto("/photos")
    ada.locator("summary", has_text="account").click()
    found += faults(ada)

    ada.goto("/photos")
    ada.keyboard.press("?")
    ada.get_by_role("dialog", name="Keys").wait_for()
    found += faults(ada)

    ada.goto("/photos")
    ada.locator(".tile .tick input").first.check()
    ada.locator(".pick-more summary").click()
    found += faults(ada)
    for act in ("Date", "Tags"):
        ada.goto("/photos")
        ada.locator(".tile .tick input").first.check()
        ada.locator(".pick-more summary").click()
        ada.get_by_role("button", name=act, exact=True).click()
        ada.get_by_role("button", name="Save for 1 photo").wait_for()
        found += faults(ada)

    ada.goto("/trash")
    ada.locator(".tile .tick input").first.check()
    ada.get_by_role("button", name="Delete now").click()
    ada.get_by_role("heading", name="Delete 1 photo?").wait_for()
    found += faults(ada)

    ada.goto(f"/p/{library.ready}")
    ada.get_by_role("button", name="Move to trash").click()
    ada.get_by_role("button", name="Undo").wait_for()
    found += faults(ada)
    ada.get_by_role("button", name="Undo").click()
    ada.get_by_text("Undone: 1 photo as before.").wait_for()
    found += faults(ada)

    ada.goto(f"/albums/{library.album}")
    ada.get_by_role("link", name="Share", exact=True).click()
    form = ada.get_by_role("dialog", name="Share Picos de Europa")
    expect(form.get_by_role("link", name="Eve Anders · can add photos")).to_be_visible()
    form.get_by_role("button", name="Make a link").click()
    form.get_by_label("Keep it now").wait_for()
    found += faults(ada)

    ada.goto("/settings/tokens")
    ada.get_by_label("What is it for?").fill("axe")
    ada.get_by_role("button", name="Make a token").click()
    ada.get_by_role("heading", name="Your new token").wait_for()
    found += faults(ada)

    ada.goto("/upload")
    choose(ada, ("cat.jpg", jpeg()), ("page.jpg", b"<html>"), ("notes.txt", b"x"))
    ada.get_by_role("link", name="See the receipt").wait_for()
    found += faults(ada)

    for path in ("/login", "/register"):
        nobody.goto(path)
        nobody.locator("form").evaluate("form => { form.noValidate = true }")
        nobody.locator("button.button-primary").click()
        nobody.locator(".field-error").first.wait_for()
        found += faults(nobody)

    assert found == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("widths", "with_large_letters"),
    [([320], [390]), pytest.param(WIDTHS, [390, 1440], marks=pytest.mark.slow)],
    ids=["narrow", "all"],
)
def test_no_page_scrolls_sideways(tour, widths: list[int], with_large_letters: list[int]) -> None:
    wider = []
    for page in tour():
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            wider += [f"{page.url} at {width}"] * page.evaluate(WIDER)
        page.evaluate(LARGE)
        for width in with_large_letters:
            page.set_viewport_size({"width": width, "height": 800})
            wider += [f"{page.url} at {width}, letters twice as large"] * page.evaluate(WIDER)

    assert wider == []


def test_nothing_moves_for_those_who_asked_for_rest(open_page, signed_in, library: Library) -> None:
    page = open_page("phone", storage_state=signed_in("ada"))
    for path in ("/photos", f"/p/{library.ready}", "/upload", f"/upload/{library.receipt}"):
        page.goto(path)
        page.wait_for_timeout(100)

        assert page.evaluate("document.getAnimations().length") == 0


def test_a_receipt_has_every_outcome(open_page, signed_in, library: Library) -> None:
    page = open_page(storage_state=signed_in("ada"))
    page.goto(f"/upload/{library.receipt}")

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "1 added, 1 already in your library, 1 back from the trash, 1 refused, 1 still to come"
    )
