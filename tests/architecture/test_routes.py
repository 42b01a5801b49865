"""Every route says who may use it."""

from io import BytesIO

import pytest
from flask import Flask

from gallery.accounts.guard import rule_of
from tests.conftest import ORIGIN, Browser
from tests.make import make_user, sign_in

ANYBODY = {
    "static",
    "accounts.home",
    "accounts.login",
    *("accounts.register", "accounts.forgot", "entering.code"),
    *("provider.begin", "provider.back"),
    "accounts.first_admin",
    "accounts.logout",
    # Whoever has the address; the link itself decides.
    *("account_links.join", "account_links.reset"),
    *("passkey_entry.challenge", "passkey_entry.create"),
    "health.show",
    "health.robots",
    "keyboard.show",
    "manifest.show",
    # A link's own door decides who gets in.
    *("shared.show", "shared.photo", "shared.about", "shared.shape", "shared.section"),
    *("shared.preview", "shared.download", "shared.download_all", "shared.postcard"),
    *("shared.unlock", "guests.new", "guests.create", "guest_files.override"),
    *(f"guest_files.{act}" for act in ("describe", "create", "show", "update", "destroy")),
    "catalogues.show",
}


def undecided(app: Flask) -> list[str]:
    return [endpoint for endpoint in app.view_functions if rule_of(app, endpoint) is None]


def urls(app: Flask, rule: str) -> list[tuple[str, str]]:
    """Return a method and an address for each route of a rule, its arguments filled in."""
    filling = {"year": "2024", "month": "5", "day": "9", "folder": "ada-0000", "job_id": "1"}
    found = []
    for route in app.url_map.iter_rules():
        if rule_of(app, route.endpoint) == rule:
            values = {name: filling.get(name, "x") for name in route.arguments}
            url = app.url_map.bind("localhost").build(route.endpoint, values)
            found += [(method, url) for method in route.methods - {"HEAD", "OPTIONS"}]
    return found


def test_every_route_has_a_rule(app: Flask) -> None:
    assert undecided(app) == []


def test_a_route_without_a_rule_is_found_and_lets_nobody_in(app: Flask) -> None:
    app.add_url_rule("/open", "open", lambda: "secret")

    answer = app.test_client().get("/open")

    assert undecided(app) == ["open"]
    assert answer.status_code == 404


def test_only_these_are_for_everyone(app: Flask) -> None:
    assert {e for e in app.view_functions if rule_of(app, e) == "everyone"} == ANYBODY


def test_visitors_are_led_to_the_sign_in(app: Flask, client: Browser) -> None:
    for method, url in urls(app, "signed in"):
        answer = client.open(url, method=method, headers={"Origin": ORIGIN})

        assert answer.status_code in (302, 400), url
        if answer.status_code == 302:
            assert answer.location.startswith("/login"), url


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_admin_pages_do_not_exist_for_others(
    app: Flask, client: Browser, is_signed_in: bool
) -> None:
    if is_signed_in:
        sign_in(client, make_user())

    for method, url in urls(app, "admins"):
        assert client.open(url, method=method, headers={"Origin": ORIGIN}).status_code == 404, url


def test_a_form_from_another_site_is_refused_before_its_body_is_read(client: Browser) -> None:
    sign_in(client, make_user())

    class Body(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("The body was read.")

    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ):
        answer = client.post(
            "/photos",
            headers=headers,
            content_type="multipart/form-data; boundary=x",
            input_stream=Body(bytes(1000)),
        )
        assert answer.status_code == 403
