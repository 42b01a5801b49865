"""What people do in the browser, step by step."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.make import PASSWORD

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
