"""What an admin does with somebody's account, from the invitation to the end of it."""

import re
import secrets

from playwright.sync_api import Page, expect

from tests.flows.steps import AXE, SCREENS, Hands
from tests.flows.test_user_story import is_in, sign_in
from tests.make import PASSWORD

OTHER = "another horse battery"
CALLED = "Name of the gallery"
SHOWN = "Keep it now: it is not shown again."
ACTS = (
    *("Ended the account", "Changed the password", "Made a link to a new password"),
    *("Enabled the account", "Disabled the account", "Signed out everywhere"),
    *("Changed the storage", "Made an account by an invitation"),
)


def join(page: Page, address: str, name: str) -> str:
    """Make an account by an invitation, and return its email."""
    email = f"{name.lower()}@example.org"
    page.goto(address)
    Hands(page).write(Name=name, Email=email, Password=PASSWORD)
    Hands(page).press("button", "Create account")
    page.wait_for_url("**/photos")
    return email


@SCREENS
def test_an_admin_keeps_an_account_from_its_invitation_to_its_end(
    open_page, signed_in, axe_script: str, size: str, scripts: bool
) -> None:
    screen = {"java_script_enabled": scripts, "bypass_csp": scripts}
    page = open_page(size, storage_state=signed_in("root"), **screen)
    theirs = open_page(size, **screen)
    root, name, found = Hands(page), f"Zoe{secrets.token_hex(4)}", []

    def look() -> None:
        if scripts:
            page.evaluate(axe_script)
            found.extend(page.evaluate(AXE))

    page.goto("/admin/users")
    root.press("link", "Invitations")
    root.write(**{"For whom is it?": name, "Storage for each, in GB": "2"})
    root.press("button", "Make an invitation")
    look()
    email = join(theirs, page.get_by_label(SHOWN).input_value(), name)

    root.press("link", "Users")
    root.write(**{"Name or email": name})
    root.press("button", "Show")
    root.press("link", name)
    expect(page.get_by_label("Storage, in GB")).to_have_value("2")
    root.write(**{"Storage, in GB": "0.5"})
    root.press("button", "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    root.press("button", "Sign out everywhere")
    expect(page.get_by_text("1 device is signed out.")).to_be_visible()
    assert not is_in(theirs)

    sign_in(theirs, email, PASSWORD)
    root.press("button", "Disable")
    expect(page.get_by_role("heading", name="This account is disabled")).to_be_visible()
    assert not is_in(theirs)
    root.press("button", "Enable")
    root.press("button", "Make a link to a new password")
    look()
    theirs.goto(page.get_by_label(SHOWN).input_value())
    Hands(theirs).write(**{"New password": OTHER})
    Hands(theirs).press("button", "Change the password")
    sign_in(theirs, email, OTHER)

    root.press("link", "Delete the account")
    expect(page.get_by_text("With it go 0 photos")).to_be_visible()
    look()
    root.write(Type_the_email_of_this_account=email)
    root.press("button", "Delete the account")
    expect(page.get_by_role("heading", name=re.compile("This account ends on"))).to_be_visible()
    assert not is_in(theirs)

    page.goto("/admin/audit")
    expect(page.get_by_role("link", name="Log")).to_be_in_viewport(ratio=1 if scripts else 0)
    root.write(Name=name)
    root.press("button", "Show")
    assert page.locator("tbody td:nth-child(3)").all_inner_texts() == list(ACTS)
    assert found == []


@SCREENS
def test_an_admin_sets_what_the_place_is_called(
    open_page, signed_in, axe_script: str, size: str, scripts: bool
) -> None:
    screen = {"java_script_enabled": scripts, "bypass_csp": scripts}
    page = open_page(size, storage_state=signed_in("root"), **screen)
    root = Hands(page, has_keys_alone=not scripts)

    page.goto("/admin/users")
    root.press("link", "Settings")
    root.write(**{CALLED: "The Moreaus"})
    root.press("button", "Save")
    expect(page.get_by_role("link", name="The Moreaus, home")).to_be_visible()
    if scripts:
        page.evaluate(axe_script)
        assert page.evaluate(AXE) == []

    root.write(**{CALLED: ""})
    root.press("button", "Save")
    expect(page.get_by_role("link", name="Gallery, home")).to_be_visible()
    page.goto("/admin/audit")
    latest = page.locator("tbody tr").first
    assert "Name of the gallery: from The Moreaus to Gallery" in latest.inner_text()
