"""Finding a photo from any page, by keys and without scripts."""

from playwright.sync_api import expect

from tests.flows.library import Library


def test_a_slash_leads_to_the_field_and_words_to_a_photo(
    open_page, signed_in, library: Library
) -> None:
    page = open_page(storage_state=signed_in("ada"))
    page.goto("/photos")
    page.keyboard.press("/")
    page.keyboard.type("picos -birds from:2024-07")
    page.keyboard.press("Enter")
    page.get_by_text("Photos with “picos” from July 2024 on, not “birds”").wait_for()
    page.get_by_role("link", name="Without not “birds”").click()
    page.wait_for_url("**/search?q=picos+from%3A2024-07")
    page.goto(page.locator(".tile a").first.get_attribute("href"))
    page.get_by_role("link", name="Next photo").click()
    page.get_by_role("link", name="Back to what was found").click()

    expect(page.get_by_role("combobox")).to_have_value("picos from:2024-07")


def test_all_of_it_works_without_scripts(open_page, signed_in, library: Library) -> None:
    page = open_page("phone", storage_state=signed_in("ada"), java_script_enabled=False)
    page.goto("/photos")
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_role("combobox").fill("jpg colour:red")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("We do not know “colour:”. It was left out.")).to_be_visible()
    page.get_by_role("link", name="Videos").click()

    expect(page.get_by_text("Nothing was found")).to_be_visible()


def test_no_chip_is_too_small_for_a_finger(open_page, signed_in, library: Library) -> None:
    page = open_page("phone", storage_state=signed_in("ada"))
    page.goto("/search?q=jpg")

    heights = [chip.bounding_box()["height"] for chip in page.locator(".chip").all()]

    assert heights and min(heights) >= 44
