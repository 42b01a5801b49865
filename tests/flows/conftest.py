"""A real browser before the real program: nothing in between is made up."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from gallery.assets import FRONTEND
from tests.faults.person import Person
from tests.flows.library import Library, fill, first_link
from tests.flows.steps import cookies_in
from tests.make import PASSWORD
from tests.postbox import settings
from tests.programs import Program, free_port
from tests.provider import Provider
from tests.wire import Wire

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}

# What a browser says of a broken line, a busy or full server, and plain HTTP.
EXPECTED = "::ERR_|status of 50[37]|Cross-Origin-Opener-Policy header has been ignored"


@pytest.fixture(scope="session")
def gallery(built_assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The gallery, running, with an admin."""
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}/login/provider/back")
    # Each test is somebody new, and all of them come from one address.
    settings = {"PORT": str(port), "REGISTER_LIMIT": "9999 per hour", **provider.settings()}
    program = Program(
        tmp_path_factory.mktemp("flows") / "instance",
        **{f"GALLERY_{name}": value for name, value in settings.items()},
    )
    program.wait_until_up()
    program.flask("user", "add", "root@example.org", "--admin", typed=f"{PASSWORD}\n")
    yield program
    program.end()
    provider.end()


@pytest.fixture(scope="session")
def library(gallery: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """What is in the gallery to look at; beside it a second one runs: new, closed, with mail."""
    folder, port = tmp_path_factory.mktemp("bare") / "instance", free_port()
    mail = {**settings(1), "GALLERY_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    bare = Program(folder, GALLERY_REGISTRATION_OPEN="false", GALLERY_PORT=str(port), **mail)
    bare.wait_until_up()
    yield fill(gallery, bare, first_link(bare))
    bare.end()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, gallery: Program) -> Callable[[str], object]:
    """A function that returns the cookies of a person, who signs in once for all tests."""
    return cookies_in(browser, gallery)


@pytest.fixture(scope="session")
def axe_script() -> str:
    return Path(FRONTEND / "node_modules/axe-core/axe.min.js").read_text()


class Watch:
    """What the browser complained of: console, page errors, broken content policy."""

    def __init__(self, context: BrowserContext, *, may_break: bool) -> None:
        self.complaints: list[str] = []
        self.may_break = may_break  # its line: then the browser says so, and rightly
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _console(self, message: object) -> None:
        # A page that is rightly missing is reported as an error, too.
        is_expected = "status of 4" in message.text or (
            self.may_break and re.search(EXPECTED, message.text)
        )
        if message.type in ("error", "warning") and not is_expected:
            self.complaints.append(message.text)


def go(page: Page, goto: Callable[..., Response], path: str, **options: object) -> Response:
    """Go to a page and wait until all that its scripts bring to it is there."""
    answer = goto(path, **options)
    if page.locator("script[type=module]").count():
        page.locator("html[data-ready]").wait_for(state="attached")
    return answer


@pytest.fixture
def open_page(browser: Browser, gallery: Program) -> Iterator[object]:
    """A function that opens a page in a context of its own; complaints fail the test."""
    contexts, watches = [], []

    def open_page(size: str = "desk", **options: object) -> Page:
        options = {"base_url": gallery.url, "reduced_motion": "reduce", **options}
        context = browser.new_context(viewport=SIZES[size], **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        watches.append(Watch(context, may_break=options["base_url"] != gallery.url))
        page = context.new_page()
        if options.get("java_script_enabled", True):
            page.goto = partial(go, page, page.goto)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []


@pytest.fixture
def wire(gallery: Program) -> Iterator[Wire]:
    wire = Wire(gallery.port)
    yield wire
    wire.close()


@pytest.fixture
def page(open_page, wire: Wire) -> Page:
    """Somebody new, whose connection can be counted and cut."""
    page = open_page(base_url=wire.url)
    # To register by the page takes a second, and is tried where that is what is tested.
    somebody = Person(wire.url, agent=page.evaluate("navigator.userAgent")).register()
    name, _, value = somebody.cookie.partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": wire.url}])
    page.goto("/photos")
    page.email = somebody.email
    return page
