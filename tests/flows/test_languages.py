"""What scripts say, in the language of the page, and where they lead in its direction."""

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
    for language in ("eo", "ar"):
        known = wrapped(messages(tmp_path, monkeypatch), language)
        write(tmp_path / "instance", language, known)
    program = Program(tmp_path / "instance")
    program.wait_until_up()
    program.flask("user", "add", "root@example.org", typed=f"{PASSWORD}\n")
    yield program
    program.end()


def test_what_comes_next_lies_to_the_left_where_one_reads_from_the_right(
    browser: Browser, program: Program
) -> None:
    with browser.new_context(base_url=program.url, locale="ar", reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto("/login?next=/upload")
        page.locator("[name=email]").fill("root@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        choose(page, *((f"{seed}.jpg", jpeg((300, 200), seed=seed)) for seed in range(3)))
        expect(page.locator("[data-uploads-here]")).to_contain_text("⟦3 of 3 finished⟧")
        page.goto("/photos")
        links = page.locator(".tile[data-large] a")
        expect(links).to_have_count(3, timeout=20_000)
        first, second, third = [link.get_attribute("href") for link in links.all()]

        expect(page.locator(".tile a:not([tabindex='-1'])")).to_have_count(1)
        links.first.focus()
        page.keyboard.press("ArrowLeft")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{second}")
        count = page.locator(".pswp--open [data-count]")
        expect(count).to_contain_text("⟦2 of 3⟧")
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(f"**{third}")
        expect(page.locator(".lightbox-next")).to_be_hidden()
        page.keyboard.press("Home")
        page.wait_for_url(f"**{first}")
        page.keyboard.press("i")
        panel = page.locator(".lightbox-details").bounding_box()
        photo = page.locator("[aria-hidden=false] .pswp__img").last
        expect(photo).to_be_visible()
        assert photo.bounding_box()["x"] >= panel["x"] + panel["width"]
        page.keyboard.press("Delete")
        page.wait_for_url(f"**{second}")
        expect(count).to_contain_text("⟦1 of 2⟧")

        page.reload()
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(f"**{third}")


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
