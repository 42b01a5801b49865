"""The page of the jobs, live and by hand."""

from playwright.sync_api import expect

from gallery.admin.jobs import KINDS
from tests.flows.library import Library
from tests.programs import Program

LIVE = 70_000  # what nobody rang for is found within a minute, and shown within seconds


def test_an_admin_pauses_and_lets_go_on(open_page, signed_in, library: Library) -> None:
    page = open_page("phone", storage_state=signed_in("root"))
    page.goto("/admin/jobs")
    expect(page.get_by_role("heading", name=str(KINDS["derive"]))).to_be_visible()
    expect(page.get_by_text("Reading this file stopped the worker twice")).to_be_visible()

    page.get_by_role("region", name="Previews").get_by_role("button", name="Pause").click()
    expect(page.get_by_role("region", name="Previews").get_by_text("Paused")).to_be_visible()
    page.get_by_role("region", name="Previews").get_by_role("button", name="Go on").click()

    expect(page.get_by_role("region", name="Previews").get_by_text("Idle")).to_be_visible(
        timeout=LIVE
    )


def test_a_phone_shows_what_was_given_up_why_and_the_way_to_try_again(
    open_page, signed_in, library: Library
) -> None:
    page = open_page("phone", storage_state=signed_in("root"))
    page.goto("/admin/jobs")
    row = page.get_by_role("listitem").filter(has_text="stopped the worker twice")

    page.mouse.wheel(0, 10_000)

    expect(row.get_by_role("link", name="JPEG, 75 bytes")).to_be_in_viewport(ratio=1)
    expect(row.get_by_text("Reading this file stopped")).to_be_in_viewport(ratio=1)
    expect(row.get_by_role("button", name="Try again")).to_be_in_viewport(ratio=1)


def test_the_page_looks_again_by_itself(
    open_page, signed_in, gallery: Program, library: Library
) -> None:
    seen = open_page(storage_state=signed_in("root"))
    seen.goto("/admin/jobs")
    expect(seen.get_by_role("region", name="Previews").get_by_text("Idle")).to_be_visible(
        timeout=LIVE
    )
    other = open_page(storage_state=signed_in("root"))
    other.goto("/admin/jobs")

    other.get_by_role("region", name="Previews").get_by_role("button", name="Pause").click()
    expect(seen.get_by_role("region", name="Previews").get_by_text("Paused")).to_be_visible(
        timeout=LIVE
    )
    other.get_by_role("region", name="Previews").get_by_role("button", name="Go on").click()

    expect(seen.get_by_role("region", name="Previews").get_by_text("Idle")).to_be_visible(
        timeout=LIVE
    )


def test_without_javascript_there_is_a_link(open_page, signed_in, library: Library) -> None:
    page = open_page(storage_state=signed_in("root"), java_script_enabled=False)
    page.goto("/admin/jobs")

    page.get_by_role("link", name="Refresh").click()

    expect(page.get_by_role("heading", name="Given up")).to_be_visible()
