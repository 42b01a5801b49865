"""What scripts say, in the language of the page."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.architecture.test_languages import messages, wrapped, write
from tests.flows.steps import choose
from tests.make import PASSWORD, jpeg
from tests.programs import Program


@pytest.fixture
def program(built_assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A gallery that knows a language besides English."""
    write(tmp_path / "instance", "eo", wrapped(messages(tmp_path, monkeypatch), "eo"))
    program = Program(tmp_path / "instance")
    program.wait_until_up()
    program.flask("user", "add", "root@example.org", typed=f"{PASSWORD}\n")
    yield program
    program.end()


def test_the_queue_speaks_the_language_of_the_page(browser: Browser, program: Program) -> None:
    with browser.new_context(base_url=program.url, locale="eo") as context:
        page = context.new_page()
        page.goto("/login?next=/upload")
        page.locator("[name=email]").fill("root@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")

        choose(page, ("cat.jpg", jpeg()), ("page.jpg", b"<html>"), ("notes.txt", b"x"))

        said = page.locator("[data-uploads-here]")
        expect(said).to_contain_text("⟦1 of 3 finished⟧")
        expect(said).to_contain_text("⟦Failed: ⟦Not an image we can read⟧⟧")
        expect(said).to_contain_text("⟦Failed: ⟦This is not a photo, a video")
