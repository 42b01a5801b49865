"""Parts of pages that are written once: for each of what they depend on, and for no more."""

from flask import Flask, render_template_string

from gallery.languages import speaking
from tests.conftest import Browser
from tests.make import make_user, sign_in

PART = (
    """{% call kept("part", who) %}{{ who }} {{ told.append(1) or told | length }}{% endcall %}"""
)


def written(who: str, told: list[int]) -> str:
    return render_template_string(PART, who=who, told=told)


def test_a_part_is_written_once(app: Flask) -> None:
    told: list[int] = []
    with app.test_request_context():
        assert [written("Ada", told) for _ in range(3)] == ["Ada 1"] * 3
        assert written("Eve", told) == "Eve 2"
        assert written("Ada", told) == "Ada 1"


def test_a_part_is_of_one_language_and_of_one_place(app: Flask) -> None:
    told: list[int] = []
    with app.test_request_context():
        assert written("Ada", told) == "Ada 1"
        with speaking("de"):
            assert written("Ada", told) == "Ada 2"
    with app.test_request_context(environ_overrides={"SCRIPT_NAME": "/gallery"}):
        assert written("Ada", told) == "Ada 3"


def test_a_part_is_no_more_html_than_it_was(app: Flask) -> None:
    with app.test_request_context():
        for _ in range(2):
            assert written("<b>", []).startswith("&lt;b&gt; ")


def test_parts_are_not_without_end(app: Flask) -> None:
    with app.test_request_context():
        for number in range(2500):
            written(str(number), [])

    assert len(app.extensions["fragments"]) <= 1000


def test_who_is_an_admin_has_the_tab_of_admins_and_nobody_else(client: Browser) -> None:
    for name, is_admin in (("Ada Moreau", False), ("Root", True), ("Eve Anders", False)):
        sign_in(client, make_user(name, is_admin=is_admin))

        assert ('href="/admin' in client.get("/photos").text) is is_admin
        client.submit("/logout")
