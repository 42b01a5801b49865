"""The queue of uploads, as people use it: over bad lines, after a reload, with the keyboard."""

import hashlib
import random
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.flows.queue import (
    MINUTE,
    ON_ITS_WAY,
    PICTURES,
    assert_receipt,
    assert_receipt_of_dock,
    base64_of,
    choose_folder,
    folder_of,
    held,
    named,
    originals,
    states,
    wait_for,
)
from tests.flows.steps import choose, sign_in
from tests.make import jpeg, png
from tests.programs import Program
from tests.wire import Wire


def test_each_file_says_what_became_of_it(page: Page, gallery: Program) -> None:
    page.goto("/upload")
    files = named(*PICTURES[:3])
    choose(page, *files, ("copy.jpg", PICTURES[0]), ("page.jpg", b"<html>"), ("notes.txt", b"x"))

    wait_for(page, "4 of 6 finished")

    said = states(page)
    assert {said["DSCF4811.jpg"], said["DSCF4812.jpg"]} == {"Added · 902 KB"}
    assert sorted((said["copy.jpg"], said["DSCF4810.jpg"])) == [
        "Added · 902 KB",
        "Already in your library",
    ]
    assert said["notes.txt"] == "Failed: Not an image we can read"
    assert said["page.jpg"].startswith("Failed: This is not a photo")
    expect(page.get_by_text("2 failed · 1 already in your library")).to_be_visible()
    expect(page.get_by_role("button", name="Retry failed")).to_be_hidden()
    assert_receipt(page, "3 added, 1 already in your library, 2 refused")
    assert {hashlib.sha256(data).hexdigest() for data in PICTURES[:3]} <= originals(gallery)


def test_what_is_in_the_library_is_not_sent_again(page: Page, wire: Wire) -> None:
    page.goto("/upload")
    choose(page, *named(*PICTURES[:4]))
    wait_for(page, "4 of 4 finished")
    page.goto("/upload")
    wire.sent = 0

    choose(page, *named(*PICTURES[:4]))

    wait_for(page, "4 of 4 finished")
    assert set(states(page).values()) == {"Already in your library"}
    assert wire.sent < 50_000
    assert_receipt(page, "4 already in your library")


def test_a_reload_in_the_middle_costs_nothing_twice(
    page: Page, wire: Wire, gallery: Program, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "July", PICTURES)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/upload")
    wire.sent, wire.rate = 0, 1_500_000
    choose_folder(page, folder)
    expect(page.get_by_text(re.compile("[1-3] of 8 finished"))).to_be_visible(timeout=MINUTE)

    page.reload()
    expect(
        page.get_by_role("heading", name=re.compile("of 8 files are still to come"))
    ).to_be_visible()
    wire.rate = None
    choose_folder(page, folder)

    wait_for(page, "8 of 8 finished")
    assert wire.sent <= 1.02 * sum(map(len, PICTURES)) + 500_000  # what was on its way is lost
    assert_receipt(page, "8 added")
    assert {hashlib.sha256(data).hexdigest() for data in PICTURES} <= originals(gallery)


def test_a_cut_line_is_waited_for(page: Page, wire: Wire) -> None:
    page.goto("/upload")
    wire.rate = 2_000_000
    choose(page, *named(*PICTURES[:5]))
    expect(page.get_by_text(re.compile("[1-3] of 5 finished"))).to_be_visible(timeout=MINUTE)

    wire.cut()
    page.wait_for_timeout(1500)
    wire.mend()

    wait_for(page, "5 of 5 finished")
    assert_receipt(page, "5 added")


def test_who_is_signed_out_signs_in_and_goes_on(page: Page, wire: Wire) -> None:
    page.goto("/upload")
    wire.rate = 1_000_000
    choose(page, *named(*PICTURES))
    expect(page.get_by_text(re.compile("[1-4] of 8 finished"))).to_be_visible(timeout=MINUTE)

    page.context.clear_cookies()
    expect(page.get_by_text("You are signed out. Sign in again to go on.")).to_be_visible(
        timeout=MINUTE
    )
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").click()
    opened.value.close()
    other = page.context.new_page()
    sign_in(other, page.email)
    other.close()

    wait_for(page, "8 of 8 finished")
    assert_receipt(page, "8 added")


def test_pausing_stops_every_request_and_resuming_goes_on(page: Page, wire: Wire) -> None:
    page.goto("/upload")
    wire.rate, under_way = 100_000, set()  # none is whole before "Pause" is pressed
    page.on("request", lambda request: under_way.add(request))
    for event in ("requestfinished", "requestfailed"):
        page.on(event, lambda request: under_way.discard(request))
    choose(page, *named(*PICTURES[:4]))
    expect(page.locator(ON_ITS_WAY).first).to_be_visible(timeout=MINUTE)

    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(200)
    still = [request for request in under_way if "/api/uploads" in request.url]
    page.wait_for_timeout(800)

    assert still == [] and "Paused" in " ".join(states(page).values())
    assert [request for request in under_way if "/api/uploads" in request.url] == []
    wire.rate = None
    page.get_by_role("button", name="Resume").click()
    wait_for(page, "4 of 4 finished")


def test_what_is_too_large_is_said_before_a_byte_is_sent(
    page: Page, wire: Wire, tmp_path: Path
) -> None:
    large = tmp_path / "poster.jpg"
    with large.open("wb") as file:
        file.truncate(412_000_000)
    page.goto("/upload")
    wire.sent = 0

    page.locator("[data-upload-input]").set_input_files(large)

    reason = page.get_by_text("Failed: 412 MB is over the 200 MB limit", exact=True)
    expect(reason).to_be_visible()
    wait_for(page, "0 of 1 finished")
    assert wire.sent < 20_000
    assert_receipt(page, "1 refused")


def test_files_dropped_on_any_page_are_taken_there(page: Page) -> None:
    page.goto("/trash")
    body = held(page, "dropped.png", png())

    page.dispatch_event("body", "dragover", {"dataTransfer": body})
    expect(page.get_by_text("Drop to upload")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": body})

    expect(page.get_by_text("Drop to upload")).to_be_hidden()
    wait_for(page, "1 of 1 finished")
    assert page.url.endswith("/trash")
    assert_receipt_of_dock(page, "1 added")


def test_of_two_drops_at_once_both_are_sent(page: Page) -> None:
    page.goto("/trash")
    page.wait_for_selector("html[data-ready]")
    both = [held(page, f"{number}.jpg", jpeg(seed=number)) for number in range(2)]

    page.evaluate(
        """(all) => {
          for (const dataTransfer of all) {
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }))
          }
        }""",
        both,
    )

    wait_for(page, "2 of 2 finished")
    assert_receipt_of_dock(page, "2 added")


def test_a_pasted_picture_is_named_for_the_moment(page: Page) -> None:
    page.goto("/upload")

    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer()
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
          clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }))
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }))
        }""",
        base64_of(png()),
    )

    wait_for(page, "1 of 1 finished")
    (name,) = states(page)
    assert re.fullmatch(r"Pasted \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png", name)


def test_what_no_person_made_is_left_out_and_said(page: Page, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "July", PICTURES[:1])
    for name in (".DS_Store", "Thumbs.db", ".hidden.jpg"):
        (folder / name).write_bytes(b"x")
    page.goto("/upload")

    choose_folder(page, folder)

    wait_for(page, "1 of 1 finished")
    expect(page.get_by_text("3 files left out")).to_be_visible()


def test_ten_thousand_files_stay_a_short_list(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(10_000):
        (folder / f"note-{number:05}.txt").touch()
    page.goto("/upload")

    choose_folder(page, folder)

    wait_for(page, "0 of 10,000 finished")
    expect(page.get_by_text("of 0 bytes · 10,000 failed")).to_be_visible(timeout=MINUTE)
    assert page.locator(".job").count() < 80
    page.locator("#uploads-end").scroll_into_view_if_needed()
    expect(page.get_by_title("many/note-09999.txt")).to_be_visible()
    assert page.evaluate("document.getElementsByTagName('*').length") < 2500


def test_quarters_and_failures_are_said_aloud(page: Page) -> None:
    page.goto("/upload")
    page.evaluate(
        """() => {
          window.said = []
          const region = document.querySelector("[data-uploads-said]")
          const watch = new MutationObserver(() => said.push(region.textContent))
          watch.observe(region, { childList: true })
        }"""
    )

    choose(page, *named(*PICTURES[:3]), ("notes.txt", b"x"))

    wait_for(page, "3 of 4 finished")
    page.wait_for_timeout(300)
    said = " ".join(page.evaluate("window.said"))
    assert said.count("notes.txt failed: Not an image we can read.") == 1
    assert "100% uploaded: 3 of 4 files finished, 1 failed." in said
    assert len(page.evaluate("window.said")) <= 5


def test_everything_is_done_by_the_keyboard(page: Page, wire: Wire) -> None:
    page.goto("/upload")
    wire.rate = 100_000  # none of them is whole before somebody has pressed two buttons
    choose(page, *named(*PICTURES[:3]))
    expect(page.locator(ON_ITS_WAY).first).to_be_visible(timeout=MINUTE)

    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Resume")).to_be_focused()
    page.get_by_role("button", name="Remove DSCF4812.jpg").focus()
    page.keyboard.press("Enter")
    wire.rate = None
    page.get_by_role("button", name="Resume").press("Enter")

    wait_for(page, "2 of 2 finished")
    assert_receipt(page, "2 added")


def test_a_receipt_that_lacks_files_is_gone_on_with(page: Page, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "July", PICTURES[:3])
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/upload")
    choose(page, *named(PICTURES[0]), ("notes.txt", b"x"))
    wait_for(page, "1 of 2 finished")
    assert_receipt(page, "1 added, 1 refused")

    page.get_by_role("link", name="Try the missing ones again").click()
    left = page.get_by_role("heading", name="1 of 1 file is still to come")
    expect(left).to_be_visible()
    (folder / "notes.txt").write_bytes(b"x")
    choose_folder(page, folder)

    wait_for(page, "3 of 4 finished")
    assert_receipt(page, "3 added, 1 already in your library, 1 refused")


def test_no_request_is_larger_than_a_proxy_may_take(page: Page, wire: Wire) -> None:
    page.goto("/upload")

    choose(page, ("large.jpg", jpeg((90, 60), seed=77) + random.Random(77).randbytes(12_000_000)))

    wait_for(page, "1 of 1 finished")
    assert wire.largest == 5_000_000
    assert wire.sent > 12_000_000
