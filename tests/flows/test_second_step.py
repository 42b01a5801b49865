"""Two-step sign-in as people meet it."""

import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import SIZES
from tests.flows.steps import AXE, register, sign_out
from tests.flows.test_pages import LARGE, WIDER
from tests.make import PASSWORD


def code_of(secret: str, ahead: int) -> str:
    return pyotp.TOTP(secret).at(int(time.time()), counter_offset=ahead)


def faults(page: Page, axe_script: str) -> list[str]:
    """Return what keeps people from using this page, which no address leads to."""
    page.evaluate(axe_script)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += page.evaluate(AXE)
    for width in (320, SIZES["desk"]["width"]):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{page.url} at {width}"] * page.evaluate(WIDER)
    page.evaluate(LARGE)
    return found + [f"{page.url}, letters twice as large"] * page.evaluate(WIDER)


def turn_on(page: Page) -> str:
    """Ask for it among the settings, and return the secret that is shown."""
    page.goto("/settings/security")
    page.get_by_role("link", name="Ask for a code too").click()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("img", name="The key as a QR code")).to_be_visible()
    return page.get_by_label("Or type this key into it").input_value()


def give_password(page: Page, email: str) -> None:
    page.goto("/login?next=/albums")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/login/code")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_code_is_asked_for_from_turning_it_on_to_turning_it_off(open_page, scripts: bool) -> None:
    page = open_page("phone", java_script_enabled=scripts)
    email = register(page)
    secret = turn_on(page)

    page.get_by_label("Code", exact=True).fill("12")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("That code is not right.")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code_of(secret, 0))
    page.get_by_role("button", name="Turn on").click()
    codes = page.get_by_label("Keep them now: they are not shown again.").input_value().split()
    page.get_by_role("link", name="I have kept them").click()
    sign_out(page)
    give_password(page, email)
    page.get_by_label("Code", exact=True).fill(code_of(secret, 1))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/albums")
    page.goto("/settings/security")
    page.get_by_role("link", name="Recovery codes and turning off").click()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(codes[3])
    page.keyboard.press("Enter")  # neither makes other codes nor turns it off
    page.get_by_role("button", name="Turn off").click()

    expect(page.get_by_text("Two-step sign-in is off.")).to_be_visible()
    expect(page.get_by_text("It is off: whoever has your password gets in.")).to_be_visible()


def test_everybody_can_use_its_pages(open_page, axe_script: str) -> None:
    page = open_page(bypass_csp=True)
    email = register(page)
    secret = turn_on(page)
    found = faults(page, axe_script)

    page.get_by_label("Code", exact=True).fill(code_of(secret, 0))
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    found += faults(page, axe_script)
    page.goto("/settings/second-step")
    found += faults(page, axe_script)
    sign_out(page)
    give_password(page, email)
    page.get_by_label("Code", exact=True).fill("none")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("That code is not right, or was used already.").wait_for()
    found += faults(page, axe_script)

    assert found == []
