"""What people do in the browser, step by step."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.make import PASSWORD
from tests.programs import Program

# With scripts on a phone and without at a desk; the other two pairs are the long form.
SCREENS = pytest.mark.parametrize(
    ("size", "scripts"),
    [
        ("phone", True),
        ("desk", False),
        pytest.param("phone", False, marks=pytest.mark.slow),
        pytest.param("desk", True, marks=pytest.mark.slow),
    ],
    ids=["phone", "no scripts", "phone without scripts", "desk"],
)


AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
  const { violations } = await axe.run({ runOnly: tags, resultTypes: ["violations"] })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}"""


@dataclass(frozen=True)
class Hands:
    """Somebody at a page: with a pointer, or with nothing but the keys."""

    page: Page
    has_keys_alone: bool = False

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        element = self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first
        self._press(element)

    def open_menu(self) -> None:
        self._press(self.page.locator("summary", has_text="account"))

    def write(self, **texts: str) -> None:
        """Write into fields, each named by its label."""
        for label, text in texts.items():
            field = self.page.get_by_label(label.replace("_", " "), exact=True)
            if self.has_keys_alone:
                self._reach(field)
                self.page.keyboard.press("ControlOrMeta+A")
                self.page.keyboard.press("Delete")
                self.page.keyboard.type(text)
            else:
                field.fill(text)

    def choose(self, label: str, among: str) -> None:
        """Choose one of the radio buttons of a name."""
        wanted = self.page.get_by_label(label, exact=True)
        if not self.has_keys_alone:
            wanted.check()
            return
        self._reach(self.page.locator(f"input[name={among}]:checked"))
        while not wanted.is_checked():
            self.page.keyboard.press("ArrowDown")

    def _press(self, element: Locator) -> None:
        if self.has_keys_alone:
            self._reach(element)
            self.page.keyboard.press("Enter")
        else:
            element.click()

    def _reach(self, element: Locator) -> None:
        for _ in range(100):
            if element.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {element}")


def register(page: Page, name: str = "Ada Moreau") -> str:
    """Make an account by the page, and return its email."""
    email = f"{name.split()[0].lower()}-{secrets.token_hex(4)}@example.org"
    page.goto("/register")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Your photos will live here")).to_be_visible()
    return email


def sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/photos")


def sign_out(page: Page) -> None:
    page.goto("/photos")
    page.locator("summary", has_text="account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    """Send files by the upload page, and wait for their receipt."""
    page.goto("/upload")
    choose(page, *files)
    plain = page.get_by_role("button", name="Upload", exact=True)
    (plain if plain.is_visible() else page.get_by_role("link", name="See the receipt")).click()
    page.wait_for_url("**/upload/*")


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    """Choose files on the upload page; by scripts they are sent at once."""
    page.locator("[data-upload-input]").set_input_files(
        [{"name": name, "mimeType": "", "buffer": data} for name, data in files]
    )


def cookies_in(browser: Browser, gallery: Program) -> Callable[[str], object]:
    """Return a function that gives the cookies of a person, who signs in once for all tests."""

    @cache
    def cookies(who: str) -> object:
        if who == "nobody":
            return None
        with browser.new_context(base_url=gallery.url) as context:
            sign_in(context.new_page(), f"{who}@example.org")
            return context.storage_state()

    return cookies
