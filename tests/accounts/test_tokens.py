"""Tokens: made once, shown once, and worth nothing where they do not count."""

import datetime as dt
import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gallery.accounts.models import TOKEN_PREFIX, Token
from gallery.extensions import db, now
from tests.conftest import Browser
from tests.make import make_token, make_user, sign_in
from tests.test_cli import run

PAGE = "/settings/tokens"
UNKNOWN = f"{TOKEN_PREFIX}{'x' * 43}"


@pytest.fixture
def program(app: Flask) -> FlaskClient:
    """A client without cookies."""
    return app.test_client(use_cookies=False)


def come(client: FlaskClient, token: str, url: str = "/limits.json") -> TestResponse:
    return client.get(url, headers={"Authorization": f"Bearer {token}"})


def the_token() -> Token:
    return db.session.scalars(db.select(Token)).one()


def test_a_program_comes_by_its_token(program: FlaskClient) -> None:
    token = make_token(make_user())

    assert come(program, token).status_code == 200


def test_a_program_writes_by_its_token_without_an_origin(program: FlaskClient) -> None:
    token = make_token(make_user())

    answer = program.post(
        "/api/uploads/known", json={"sha256": []}, headers={"Authorization": f"bearer {token}"}
    )

    assert answer.json == {"known": {}}


def test_the_database_holds_no_token_that_lets_in(program: FlaskClient) -> None:
    token = make_token(make_user())

    assert token.startswith("gal_") and len(token) == 47
    assert token not in str(vars(the_token()))
    assert come(program, the_token().id).status_code == 401


def test_a_revoked_token_is_out_at_the_next_request(program: FlaskClient, app: Flask) -> None:
    token = make_token(make_user())
    run(app, "token", "revoke", the_token().public_id)

    assert come(program, token).status_code == 401


def test_a_disabled_user_is_out_by_token_too(program: FlaskClient) -> None:
    ada = make_user()
    token = make_token(ada)
    ada.is_disabled = True
    db.session.commit()

    assert come(program, token).status_code == 401


def test_a_token_for_something_else_does_not_upload(program: FlaskClient) -> None:
    token = make_token(make_user())
    db.session.execute(db.text("UPDATE tokens SET scope = 'read'"))
    db.session.commit()

    assert come(program, token).status_code == 401


def test_no_answer_tells_why_a_token_does_not_hold(program: FlaskClient) -> None:
    ada = make_user()
    token = make_token(ada)
    ada.is_disabled = True
    db.session.commit()
    heads = [f"Bearer {token}", f"Bearer {UNKNOWN}", "Bearer", "Bearer é", f"Basic {token}", "x"]

    answers = [program.get("/limits.json", headers={"Authorization": head}) for head in heads]

    plain = {re.sub(r'"request": *"\w+"', "", answer.text) for answer in answers}
    assert {answer.status_code for answer in answers} == {401} and len(plain) == 1


def test_a_wrong_token_is_not_mended_by_a_session(client: Browser) -> None:
    sign_in(client, make_user())
    assert client.get("/limits.json").status_code == 200

    assert come(client, UNKNOWN).status_code == 401


def test_a_token_beside_a_session_says_who_it_is(client: Browser) -> None:
    sign_in(client, make_user())
    token = make_token(make_user("Jonas Lind", quota=7_000))

    assert come(client, token).json["quota"] == 7_000


@pytest.mark.parametrize("url", ["/photos", "/settings/tokens", "/upload"])
def test_a_token_opens_no_page(program: FlaskClient, url: str) -> None:
    token = make_token(make_user())

    assert come(program, token, url).location.startswith("/login")


def test_a_token_on_a_page_takes_nothing_from_the_session(client: Browser) -> None:
    sign_in(client, make_user())

    assert come(client, UNKNOWN, "/photos").status_code == 200


def test_a_token_sends_no_form(program: FlaskClient) -> None:
    token = make_token(make_user())

    answer = program.post(PAGE, data={"name": "x"}, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 403


def test_too_many_wrong_tokens_bring_a_pause(app: Flask, program: FlaskClient) -> None:
    app.config["TOKEN_LIMIT"] = "2 per minute"
    token = make_token(make_user())

    codes = [come(program, shown).status_code for shown in (UNKNOWN, UNKNOWN, UNKNOWN, token)]
    answer = come(program, token)

    assert codes == [401, 401, 429, 429]
    assert 0 < int(answer.headers["Retry-After"]) <= 61


def test_right_tokens_cost_nothing(app: Flask, program: FlaskClient) -> None:
    app.config["TOKEN_LIMIT"] = "2 per minute"
    token = make_token(make_user())

    assert {come(program, token).status_code for _ in range(5)} == {200}


def test_a_use_is_noted_every_ten_minutes(program: FlaskClient) -> None:
    token = make_token(make_user())
    come(program, token)
    first = the_token().used_at
    come(program, token)
    assert the_token().used_at == first

    the_token().used_at = now() - dt.timedelta(minutes=11)
    db.session.commit()
    come(program, token)

    assert the_token().used_at > first


def test_no_token_is_in_the_log(program: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = make_token(make_user())
    for shown in (token, UNKNOWN):
        come(program, shown)

    assert token not in caplog.text and UNKNOWN not in caplog.text


def shown_on(page: TestResponse) -> str:
    return re.search(r'value="(gal_[^"]+)"', page.text)[1]


def test_a_token_is_shown_once(client: Browser, program: FlaskClient) -> None:
    sign_in(client, make_user())

    made = client.submit(PAGE, name=" laptop ")

    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert come(program, shown_on(made)).status_code == 200
    listed = client.get(PAGE).text
    assert "<td>laptop</td>" in listed and "gal_" not in listed


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_token_without_a_fit_name_is_not_made(client: Browser, name: str) -> None:
    sign_in(client, make_user())

    answer = client.submit(PAGE, name=name)

    assert answer.status_code == 422 and "field-error" in answer.text
    assert not db.session.scalars(db.select(Token)).all()


def test_the_page_revokes(client: Browser, program: FlaskClient) -> None:
    ada = make_user()
    token = make_token(ada)
    sign_in(client, ada)

    answer = client.submit(f"{PAGE}/{the_token().public_id}/delete")

    assert answer.status_code == 303
    assert "“laptop” is revoked." in client.get(PAGE).text
    assert come(program, token).status_code == 401


def test_nobody_sees_or_revokes_another_persons_token(client: Browser) -> None:
    make_token(make_user("Jonas Lind"), "his laptop")
    sign_in(client, make_user())

    assert "his laptop" not in client.get(PAGE).text
    assert client.submit(f"{PAGE}/{the_token().public_id}/delete").status_code == 404
    assert the_token()


def test_the_command_line_prints_a_token_once(app: Flask, program: FlaskClient) -> None:
    make_user()

    made = run(app, "token", "add", "ada@example.org", "--scope", "upload", "--name", "nas")
    listed = run(app, "token", "list", "ada@example.org")

    assert come(program, made.output.strip()).status_code == 200
    assert made.output.startswith("gal_") and made.output.count("\n") == 1
    assert re.fullmatch(r"\w{10}  upload  never used  nas\n", listed.output)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "who@example.org", "--scope", "upload"), "Nobody here has the email"),
        (("add", "ada@example.org", "--scope", "all"), "'all' is not"),
        (("add", "ada@example.org"), "Missing option '--scope'"),
        (("revoke", "nothing"), "There is no token nothing"),
    ],
)
def test_a_token_that_cannot_be_is_one_sentence(app: Flask, arguments, sentence: str) -> None:
    make_user()

    done = run(app, "token", *arguments)

    assert done.exit_code != 0 and sentence in done.output and "Traceback" not in done.output


def test_tokens_go_with_their_user(app: Flask) -> None:
    ada = make_user()
    make_token(ada)

    db.session.delete(ada)
    db.session.commit()

    assert not db.session.scalars(db.select(Token)).all()
