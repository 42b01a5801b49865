"""Passkeys as people meet them, by a device that the browser itself plays."""

from playwright.sync_api import Page, expect

from tests.flows.steps import register, sign_out
from tests.make import PASSWORD
from tests.programs import Program

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


# As browsers are that offer nothing in the field of the email.
WITHOUT_OFFERS = """() => {
  if (sessionStorage.offers) return
  PublicKeyCredential.isConditionalMediationAvailable = async () => false
}"""


def give_device(page: Page) -> None:
    """Give a page a device that says yes at once to whatever it is asked."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_a_passkey_is_added_signs_in_and_is_removed_by_itself(open_page, gallery: Program) -> None:
    # Passkeys belong to names, and a machine calls itself by this one.
    page = open_page("phone", base_url=f"http://localhost:{gallery.port}")
    register(page)
    give_device(page)
    page.add_init_script(f"({WITHOUT_OFFERS})()")

    page.goto("/settings/security")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("“My phone” signs you in from now on.")).to_be_visible()

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/photos")

    page.evaluate("sessionStorage.offers = 'y'")
    sign_out(page)  # the device takes what is offered there
    page.wait_for_url("**/photos")

    page.goto("/settings/passkeys")
    page.get_by_role("link", name="Remove My phone").click()
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_text("You have shown that it is you.")).to_be_visible()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("“My phone” is removed.")).to_be_visible()
    expect(page.get_by_role("link", name="Remove My phone")).to_be_hidden()
