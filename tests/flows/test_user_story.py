"""What people do with their own accounts, from the first change to the last."""

from playwright.sync_api import Page, expect

from tests.flows.steps import AXE, SCREENS, Hands, register
from tests.make import PASSWORD

OTHER = "another horse battery"


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    Hands(page).write(Email=email, Password=password)
    Hands(page).press("button", "Sign in")
    page.wait_for_url("**/photos")


def is_in(page: Page) -> bool:
    page.goto("/photos")
    return "/login" not in page.url


@SCREENS
def test_people_keep_their_own_accounts(
    open_page, axe_script: str, size: str, scripts: bool
) -> None:
    screen = {"java_script_enabled": scripts, "bypass_csp": scripts}
    page, other = open_page(size, **screen), open_page(size, **screen)
    # With scripts somebody has a pointer; without, nothing but keys.
    ada, email = Hands(page, has_keys_alone=not scripts), register(page)
    found = []

    def look() -> None:
        if scripts:
            page.evaluate(axe_script)
            found.extend(page.evaluate(AXE))

    page.goto("/photos")
    ada.open_menu()
    ada.press("link", "Settings")
    ada.write(Name="Ada Lovelace")
    ada.press("button", "Save the name")
    expect(page.locator("summary")).to_contain_text("Ada Lovelace")

    sign_in(other, email, PASSWORD)
    ada.press("link", "Security")
    ada.write(Your_password="not this one", New_password=OTHER)
    ada.press("button", "Change the password")
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    look()
    ada.write(Your_password=PASSWORD, New_password=OTHER)
    ada.press("button", "Change the password")
    expect(page.get_by_text("This is not your password.")).not_to_be_visible()
    assert not is_in(other)

    sign_in(other, email, OTHER)
    page.goto("/settings/security")
    ada.press("button", "Sign out all others")
    expect(page.get_by_role("button", name="Sign out all others")).to_have_count(0)
    assert not is_in(other)

    ada.press("link", "Appearance")
    ada.choose("Dark", "theme")
    ada.press("button", "Save")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    look()

    ada.press("link", "Profile")
    ada.press("link", "Delete the account")
    expect(page.get_by_text("With it go 0 photos")).to_be_visible()
    look()
    ada.write(Type_your_email=email, Your_password=OTHER)
    ada.press("button", "Delete the account")
    expect(page.get_by_text("Your account ends on")).to_be_visible()
    assert not is_in(page)
    sign_in(page, email, OTHER)
    expect(page.get_by_text("Welcome back: your account stays")).to_be_visible()

    assert found == []
