"""Coming by a provider of one's own, in a browser, and staying when it is gone."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.flows.steps import sign_in, sign_out
from tests.make import PASSWORD
from tests.provider import NAME


def show_who(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize(
    "scripts", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["no scripts", "scripts"]
)
def test_somebody_comes_by_the_provider_and_chooses_a_password(open_page, scripts: bool) -> None:
    page, name = open_page("phone", java_script_enabled=scripts), f"grace-{secrets.token_hex(4)}"

    page.goto("/albums")
    page.get_by_role("button", name=f"Continue with {NAME}").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(f"You stopped, or {NAME} did not let you in.")).to_be_visible()
    page.get_by_role("button", name=f"Continue with {NAME}").click()
    show_who(page, name)
    page.wait_for_url("**/albums")
    page.goto("/settings/security")
    page.get_by_role("button", name="Show who you are").click()
    show_who(page, name)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Choose a password").click()
    expect(page.get_by_text("Saved. Everywhere else you are signed out.")).to_be_visible()
    page.get_by_role("link", name=f"Sign-in with {NAME}").click()
    page.get_by_role("button", name="Take the link away").click()
    expect(page.get_by_text(f"{NAME} lets you in no more.")).to_be_visible()
    sign_out(page)
    sign_in(page, f"{name}@example.org")
