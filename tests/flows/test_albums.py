"""Two people and one album, as they live it, with and without JavaScript, on a phone and a desk."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.flows.steps import SCREENS, register, upload
from tests.make import encoded, jpeg

ORDER = """() => [...document.querySelectorAll(".tile a")].map(
  ({ href }) => href.match(/[/]p[/](\\w+)/)[1]
)"""


def photos(*days: int, seed: int) -> list[tuple[str, bytes]]:
    """Files of days in July, by their names."""
    return [(f"IMG_202407{day:02}_120000.jpg", jpeg((300, 200), seed=seed + day)) for day in days]


def tick(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.locator(".tile .tick input").nth(number).check(force=True)


def seen(page: Page) -> list[str]:
    return page.evaluate(ORDER)


def more(page: Page, name: str) -> None:
    """Choose what stands under the three points."""
    page.locator(".album-more summary").click()
    page.locator(".album-more").get_by_text(name).click()


@SCREENS
def test_two_people_fill_order_and_show_an_album(open_page, scripts: bool, size: str) -> None:
    ada = open_page(size, java_script_enabled=scripts)
    bob = open_page(size, java_script_enabled=scripts)
    visitor = open_page(size, java_script_enabled=scripts)
    register(ada)
    bobs_email = register(bob, "Bob Anders")
    upload(ada, *photos(1, 2, 3, seed=10))
    upload(bob, *photos(4, seed=60))

    ada.goto("/photos")
    tick(ada, 0, 1, 2)
    ada.get_by_role("button", name="Add to album").click()
    ada.get_by_label("Title").fill("Picos de Europa")
    ada.get_by_role("button", name="Make a new album of them").click()
    expect(ada.get_by_role("heading", name="Picos de Europa")).to_be_visible()
    expect(ada.get_by_text("3 photos · 1–3 July 2024")).to_be_visible()
    album = ada.url
    assert visitor.goto(album).status == 404
    assert bob.goto(album).status == 404

    ada.get_by_role("link", name="Who can see this?").click()
    ada.get_by_label("Email").fill(bobs_email)
    ada.get_by_label("They").select_option("add")
    ada.get_by_role("button", name="Ask in").click()
    expect(ada.get_by_text("You and Bob Anders.")).to_be_visible()

    bob.goto("/albums?of=shared")
    bob.get_by_role("link", name="Picos de Europa").click()
    bob.get_by_role("link", name="Add photos").click()
    tick(bob, 0)
    bob.get_by_role("button", name="Add to Picos de Europa").click()
    expect(bob.get_by_text("1 photo added to “Picos de Europa”")).to_be_visible()
    assert len(seen(bob)) == 4

    ada.goto(album)
    more(ada, "Arrange by hand")
    expect(ada.get_by_role("heading", name="Arrange Picos de Europa")).to_be_visible()
    before = seen(ada)
    tick(ada, 3)
    ada.locator(".tile").first.get_by_role("button", name=re.compile("before")).click()
    expect(ada.locator(".tile .tick input:checked")).to_have_count(0)
    ada.get_by_role("link", name="Done").click()
    ada.wait_for_url(album)
    assert seen(ada) == [before[3], *before[:3]]
    more(ada, "Who added what")
    expect(ada.get_by_text("Bob Anders added 1 photo")).to_be_visible()

    choose_who_at(ada, album, "Everyone, with or without an account")
    visitor.goto(album)
    expect(visitor.get_by_text("By Ada Moreau · Public")).to_be_visible()
    visitor.locator(".tile a").first.click()
    visitor.wait_for_url("**/p/*")
    visitor.reload()  # in the viewer it has the same address as its page
    expect(visitor.get_by_role("link", name="Back to Picos de Europa")).to_be_visible()
    photo = visitor.url
    expect(visitor.get_by_text("Bob Anders")).to_be_visible()

    bob.goto(album)
    tick(bob, 0)
    bob.get_by_role("button", name="Take out").click()
    expect(bob.get_by_text("1 photo taken out of “Picos de Europa”.")).to_be_visible()
    assert visitor.goto(photo).status == 404
    bob.get_by_role("button", name="Undo").click()
    expect(bob.get_by_text("Undone: 1 photo as before.")).to_be_visible()
    more(bob, "Leave the album")
    bob.get_by_role("button", name="Leave the album").click()
    expect(bob.get_by_text("1 photo went with you.")).to_be_visible()

    choose_who_at(ada, album, "Only you, and people you name")
    expect(ada.get_by_text("Who can see it: Only you.")).to_be_visible()
    assert visitor.goto(album).status == 404
    assert bob.goto(album).status == 404
    ada.goto(album)
    more(ada, "View as visitor")
    expect(ada.get_by_role("heading", name="Visitors do not see this album")).to_be_visible()
    ada.goto(album)
    more(ada, "Delete the album")
    ada.get_by_role("button", name="Delete the album").click()
    expect(ada.get_by_text("Its photos are where they were.")).to_be_visible()
    ada.goto("/photos")
    assert len(seen(ada)) == 3


def choose_who_at(page: Page, album: str, words: str) -> None:
    page.goto(album)
    page.get_by_role("link", name="Who can see this?").click()
    page.get_by_label(words).check()
    page.get_by_role("button", name="Save", exact=True).first.click()


@pytest.fixture
def arranged(open_page) -> Page:
    """A page on which four photos are being arranged."""
    page = open_page()
    register(page)
    upload(page, *photos(1, 2, 3, 4, seed=20))
    page.goto("/photos")
    tick(page, 0, 1, 2, 3)
    page.get_by_role("button", name="Add to album").click()
    page.get_by_label("Title").fill("Coast")
    page.get_by_role("button", name="Make a new album of them").click()
    more(page, "Arrange by hand")
    expect(page.get_by_role("heading", name="Arrange Coast")).to_be_visible()
    return page


def test_a_photo_is_dragged_to_its_place(arranged: Page) -> None:
    before = seen(arranged)

    arranged.locator(".tile").nth(3).drag_to(
        arranged.locator(".tile").nth(0), target_position={"x": 10, "y": 100}
    )
    expect(arranged.get_by_text("1 photo moved.")).to_be_attached()

    expected = [before[3], *before[:3]]
    assert seen(arranged) == expected
    arranged.reload()
    assert seen(arranged) == expected


def test_ticked_photos_are_dragged_together(arranged: Page) -> None:
    before = seen(arranged)
    tick(arranged, 0, 1)

    arranged.locator(".tile").nth(1).drag_to(arranged.locator(".tile").nth(3))
    expect(arranged.get_by_text("2 photos moved.")).to_be_attached()

    arranged.reload()
    assert sorted(seen(arranged)[-3:]) == sorted([before[0], before[1], before[3]])
    assert seen(arranged)[0] == before[2]


def test_a_photo_is_moved_by_the_keyboard_alone(arranged: Page) -> None:
    before = seen(arranged)

    arranged.locator(".tile .tick input").nth(2).focus()
    arranged.keyboard.press("Space")
    arranged.locator(".tile").nth(0).get_by_role("button", name=re.compile("before")).focus()
    with arranged.expect_navigation():
        arranged.keyboard.press("Enter")
    expect(arranged.locator(".tile .tick input:checked")).to_have_count(0)

    assert seen(arranged) == [before[2], before[0], before[1], before[3]]


def test_enter_on_a_tick_keeps_it_and_moves_nothing(arranged: Page) -> None:
    before = seen(arranged)

    arranged.locator(".tile .tick input").nth(2).focus()
    arranged.keyboard.press("Space")
    arranged.keyboard.press("Enter")
    arranged.wait_for_timeout(300)

    assert seen(arranged) == before
    assert arranged.locator(".tile .tick input:checked").count() == 1


def test_the_bar_counts_and_escape_clears(arranged: Page) -> None:
    tick(arranged, 0, 1)
    expect(arranged.get_by_text("2 selected")).to_be_visible()

    arranged.keyboard.press("Escape")

    expect(arranged.locator(".pickbar")).to_be_hidden()
    assert arranged.locator(".tile .tick input:checked").count() == 0


def test_enter_on_a_tick_moves_nothing_without_scripts_either(open_page, arranged: Page) -> None:
    page = open_page(java_script_enabled=False, storage_state=arranged.context.storage_state())
    page.goto(arranged.url)
    before = [tile.get_attribute("value") for tile in page.locator(".tile .tick input").all()]

    page.locator(".tile .tick input").nth(2).check(force=True)
    page.locator(".tile .tick input").nth(2).press("Enter")
    page.wait_for_url("**/arrange?*")

    assert [
        tile.get_attribute("value") for tile in page.locator(".tile .tick input").all()
    ] == before


def test_every_cover_has_the_same_shape(open_page) -> None:
    page = open_page("phone")
    register(page)
    for title, size in (("Tall", (200, 600)), ("Wide", (600, 200))):
        upload(page, ("IMG_20240701_120000.jpg", jpeg(size)))
        page.get_by_text("Put these into an album").click()
        page.locator("#title").fill(title)
        page.get_by_role("button", name="Put them in").click()
        page.get_by_role("heading", name=title).wait_for()
    for _ in range(60):
        page.goto("/albums?of=mine")
        if page.locator(".album img").count() == 2:
            break
        page.wait_for_timeout(250)

    boxes = page.locator(".album img").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).map(box => box.width / box.height)"
    )
    assert [round(shape, 2) for shape in boxes] == [1.33, 1.33]


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_title_is_read_on_the_whitest_cover(open_page, size: str) -> None:
    page = open_page(size)
    register(page)
    upload(page, ("white.png", encoded(Image.new("RGB", (1600, 1200), "white"), "PNG")))
    page.get_by_text("Put these into an album").click()
    page.locator("#title").fill("Snow " * 23)
    page.get_by_role("button", name="Put them in").click()
    for _ in range(60):
        if page.locator(".cover img").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    title = page.locator(".cover h1")
    box = title.bounding_box()
    title.evaluate("e => { e.style.visibility = 'hidden' }")
    page.locator(".cover img").evaluate("image => image.decode()")

    shot = Image.open(BytesIO(page.screenshot(clip=box))).convert("L")

    lightest = shot.getextrema()[1]
    assert contrast_to_white(lightest) >= 4.5


def contrast_to_white(level: int) -> float:
    """By WCAG, of a grey from 0 to 255."""
    part = level / 255
    luminance = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    return 1.05 / (luminance + 0.05)
