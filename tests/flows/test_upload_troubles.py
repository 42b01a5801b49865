"""The queue when something is in its way: another tab, a full or busy server, a silent line."""

import hashlib
import re
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.bench.kills import ask, family_of, running
from tests.flows.queue import (
    MINUTE,
    ON_ITS_WAY,
    PICTURES,
    assert_receipt,
    assert_receipt_of_dock,
    choose_folder,
    folder_of,
    held,
    named,
    originals,
    states,
    wait_for,
)
from tests.flows.steps import choose, register
from tests.make import jpeg, png
from tests.programs import Program, free_port
from tests.wire import Wire

MIRRORED = "It runs in another tab of this browser."
MB = 1_000_000


@pytest.fixture(scope="module")
def far(built_assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A gallery that goes by a name, takes any video, and does not wait long for anybody."""
    port = str(free_port())
    settings = {"PORT": port, "PUBLIC_URL": f"http://photos.test:{port}"}
    settings |= {"MEDIA_MAX_SIZE": str(10**15), "DISK_RESERVE": "0", "BODY_GRACE_SECONDS": "2"}
    instance = tmp_path_factory.mktemp("far") / "instance"
    settings = {f"GALLERY_{name}": value for name, value in settings.items()}
    with running(instance, **settings) as program:
        yield program


def start(page: Page, wire: Wire, number: int) -> None:
    """Choose pictures, and return while they are being sent."""
    page.goto("/upload")
    wire.rate = 500_000
    choose(page, *named(*PICTURES[:number]))
    expect(page.locator(ON_ITS_WAY).first).to_be_visible(timeout=MINUTE)


def reason(page: Page, sentence: str):
    return page.get_by_text(f"Failed: {sentence}", exact=True)


def test_a_second_tab_shows_the_first_and_goes_on_when_that_is_closed(
    page: Page, wire: Wire, gallery: Program
) -> None:
    start(page, wire, 4)
    other, asked = page.context.new_page(), []
    other.on("request", lambda request: asked.append(request.url))
    other.goto("/upload")
    expect(other.get_by_text(MIRRORED)).to_be_visible()
    expect(other.get_by_text(re.compile("of 4 finished"))).to_be_visible()
    expect(other.locator(".job")).to_have_count(0)
    assert [url for url in asked if "/api/" in url] == []

    page.close(run_before_unload=False)
    wire.rate = None

    wait_for(other, "4 of 4 finished")
    expect(other.get_by_text(MIRRORED)).to_be_hidden()
    assert_receipt(other, "4 added")
    assert {hashlib.sha256(data).hexdigest() for data in PICTURES[:4]} <= originals(gallery)


def test_what_is_dropped_in_a_second_tab_is_sent_by_the_first(page: Page, wire: Wire) -> None:
    start(page, wire, 2)
    other = page.context.new_page()
    other.goto("/trash")

    other.dispatch_event("body", "drop", {"dataTransfer": held(other, "dropped.png", png())})

    expect(other.locator(".dock").get_by_text(re.compile("of 3 finished"))).to_be_visible()
    wire.rate = None
    wait_for(page, "3 of 3 finished")
    expect(other.locator(".dock")).to_be_hidden()
    assert_receipt(page, "3 added")


def test_what_was_handed_to_a_tab_that_is_closed_is_not_lost(page: Page, wire: Wire) -> None:
    start(page, wire, 2)
    other = page.context.new_page()
    other.goto("/trash")
    other.dispatch_event("body", "drop", {"dataTransfer": held(other, "dropped.png", png())})
    expect(other.locator(".dock").get_by_text(re.compile("of 3 finished"))).to_be_visible()

    page.close(run_before_unload=False)
    wire.rate = None

    wait_for(other, "3 of 3 finished")
    assert_receipt_of_dock(other, "3 added")


def test_a_busy_server_is_waited_for_and_said_so(page: Page, wire: Wire, gallery: Program) -> None:
    start(page, wire, 1)

    with closing(sqlite3.connect(gallery.instance / "gallery.sqlite", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        wire.rate = None
        said = page.get_by_text(re.compile(r"^The server is busy, trying again in \d s$"))
        expect(said).to_be_visible(timeout=MINUTE)

    wait_for(page, "1 of 1 finished")
    assert_receipt(page, "1 added")


def test_what_is_over_the_quota_is_said_and_goes_through_when_there_is_room(
    page: Page, wire: Wire, gallery: Program
) -> None:
    quota = f"UPDATE users SET quota = %d WHERE email = '{page.email}'"
    ask(gallery.instance / "gallery.sqlite", quota % MB)
    page.goto("/upload")
    wire.sent = 0
    choose(page, *named(*PICTURES[:2]))
    expect(page.get_by_text(re.compile("Failed: You have (98|99) KB left of 1 MB"))).to_be_visible()
    wait_for(page, "1 of 2 finished")
    assert wire.sent < 1.1 * MB

    ask(gallery.instance / "gallery.sqlite", quota % (20 * MB))
    page.get_by_role("button", name="Retry failed").click()

    wait_for(page, "2 of 2 finished")
    assert_receipt(page, "2 added")


@pytest.fixture
def far_page(open_page, far: Program) -> Page:
    page = open_page(base_url=f"http://photos.test:{far.port}")
    register(page)
    return page


def test_what_no_disk_holds_is_said_before_a_byte_is_sent(far_page: Page, tmp_path: Path) -> None:
    with (tmp_path / "all.mp4").open("wb") as file:
        file.truncate(10**13)
    far_page.goto("/upload")

    far_page.locator("[data-upload-input]").set_input_files(tmp_path / "all.mp4")

    expect(reason(far_page, "The server has no room left for 10 TB")).to_be_visible()
    assert_receipt(far_page, "1 refused")


def test_what_a_full_disk_refused_goes_through_when_there_is_room(
    far_page: Page, far: Program
) -> None:
    family = family_of(far.children()[0])
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    for pid in family:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (8 * MB, most))
    far_page.goto("/upload")
    choose(far_page, ("large.jpg", jpeg(seed=5) + bytes(9 * MB)), *named(PICTURES[0]))
    wait_for(far_page, "1 of 2 finished")
    expect(far_page.get_by_text(re.compile("Failed: .*(room|full)"))).to_be_visible()

    for pid in family:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
    far_page.get_by_role("button", name="Retry failed").click()

    wait_for(far_page, "2 of 2 finished")
    assert_receipt(far_page, "2 added")


def test_connections_that_fell_silent_are_begun_anew(open_page, far: Program) -> None:
    with closing(Wire(far.port)) as wire:
        page = open_page(base_url=wire.url)
        register(page)
        page.goto("/upload")
        page.locator("template[data-uploads]").evaluate("it => (it.dataset.patience = 1)")
        wire.rate = 500_000
        choose(page, *named(*PICTURES[:4]))
        expect(page.locator(ON_ITS_WAY).first).to_be_visible(timeout=MINUTE)

        wire.fall_silent()
        wire.rate = None

        wait_for(page, "4 of 4 finished")
        assert_receipt(page, "4 added")
    assert {hashlib.sha256(data).hexdigest() for data in PICTURES[:4]} <= originals(far)


def test_by_plain_http_everything_arrives_and_nothing_twice(
    far_page: Page, far: Program, tmp_path: Path
) -> None:
    far_page.goto("/upload")
    assert not far_page.evaluate("isSecureContext || crypto.subtle || window.showDirectoryPicker")
    choose(far_page, *named(*PICTURES[4:7]))
    wait_for(far_page, "3 of 3 finished")
    assert_receipt(far_page, "3 added")

    far_page.goto("/upload")
    with far_page.expect_file_chooser() as chosen:
        far_page.get_by_role("button", name="Choose a folder").click()
    chosen.value.set_files(folder_of(tmp_path / "July", PICTURES[4:8]))

    wait_for(far_page, "4 of 4 finished")
    assert list(states(far_page).values()).count("Already in your library") == 3
    assert {hashlib.sha256(data).hexdigest() for data in PICTURES[4:]} <= originals(far)


def test_limits_that_come_last_hold_nothing_up(page: Page, wire: Wire, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "July", PICTURES[:3])
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/upload")
    wire.rate = 200_000
    choose_folder(page, folder)
    expect(page.locator(ON_ITS_WAY).first).to_be_visible(timeout=MINUTE)
    page.wait_for_timeout(400)  # it is written down within a quarter of a second
    late: list[Route] = []
    page.route("**/limits.json", lambda route: late.append(route))
    wire.cut()
    wire.mend()
    page.reload()
    wire.rate = None
    expect(page.get_by_text("3 of 3 files are still to come")).to_be_visible()
    with page.expect_response("**/api/uploads/known"):
        choose_folder(page, folder)
    page.wait_for_timeout(100)

    late[0].continue_()

    wait_for(page, "3 of 3 finished")


def test_what_a_tab_told_the_server_before_it_died_is_on_its_receipt_once(
    page: Page, wire: Wire, gallery: Program, tmp_path: Path
) -> None:
    def swallow_the_answer(route: Route) -> None:
        wire.is_deaf = True
        route.continue_()

    folder = folder_of(tmp_path / "July", PICTURES[:3])
    page.route("**/api/uploads/batches/*/files", swallow_the_answer)
    page.goto("/upload")
    before = chosen_in(gallery)
    choose_folder(page, folder)
    while chosen_in(gallery) == before:
        page.wait_for_timeout(50)
    other = page.context.new_page()
    page.close(run_before_unload=False)
    wire.is_deaf = False

    other.goto("/upload")
    choose_folder(other, folder)

    wait_for(other, "3 of 3 finished")
    assert_receipt(other, "3 added")


def chosen_in(gallery: Program) -> int:
    return ask(gallery.instance / "gallery.sqlite", "SELECT count(*) FROM batch_items")[0][0]


def test_what_was_told_over_a_line_that_lost_the_answer_is_on_the_receipt_once(
    page: Page,
) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/api/uploads/batches/*/files", lose, times=1)
    page.goto("/upload")

    choose(page, *named(*PICTURES[:3]))

    wait_for(page, "3 of 3 finished")
    assert_receipt(page, "3 added")


def test_what_is_taken_out_while_the_server_is_told_is_not_on_the_receipt(page: Page) -> None:
    late: list[Route] = []
    page.route("**/api/uploads/batches/*/files", lambda route: late.append(route))
    page.goto("/upload")
    with page.expect_request("**/files"):
        choose(page, *named(*PICTURES[:2]))
    page.get_by_role("button", name="Remove DSCF4810.jpg").click()

    late[0].continue_()

    wait_for(page, "1 of 1 finished")
    assert_receipt(page, "1 added")
