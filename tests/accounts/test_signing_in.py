"""Sign-up, sign-in and sign-out, as people meet them."""

import datetime as dt
import re
import statistics
import time

import pytest
from argon2 import extract_parameters
from flask import Flask

from gallery.accounts.models import Session, User
from gallery.accounts.signing_in import NOBODYS_HASH, fits, hashed
from gallery.accounts.views import first_admin_token
from gallery.extensions import db, now
from gallery.factory import create_app
from tests.conftest import ORIGIN, Browser
from tests.make import PASSWORD, make_user, sign_in

ADA = {"name": "Ada Moreau", "email": "ada@example.org", "password": PASSWORD}


def test_a_new_user_is_signed_in_and_has_a_folder(client: Browser) -> None:
    answer = client.submit("/register", **ADA)

    ada = db.session.scalars(db.select(User)).one()
    assert (answer.status_code, answer.location) == (303, "/photos")
    assert client.get("/photos").status_code == 200
    assert re.fullmatch(r"ada-moreau-\w{4}", ada.folder)
    assert not ada.is_admin


@pytest.mark.parametrize("name", ["写真 花子", "..", "/etc/passwd", "  Ada  ", "🐱", "a" * 80])
def test_any_name_makes_a_folder_that_is_one_path_segment(client: Browser, name: str) -> None:
    client.submit("/register", **{**ADA, "name": name})

    folder = db.session.scalars(db.select(User)).one().folder
    assert "/" not in folder and not folder.startswith(".") and len(folder) <= 40


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Your name is missing."),
        ("email", "ada", "This does not look like an email address."),
        ("password", "short", "Use 8 characters or more."),
    ],
)
def test_a_mistake_gets_a_sentence_and_loses_nothing_typed(
    client: Browser, field: str, value: str, sentence: str
) -> None:
    answer = client.submit("/register", **{**ADA, field: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert field == "email" or ADA["email"] in answer.text
    assert PASSWORD not in answer.text


def test_an_address_has_one_account_whatever_its_case(client: Browser) -> None:
    make_user()

    answer = client.submit("/register", **{**ADA, "email": " ADA@Example.org"})

    assert answer.status_code == 422
    assert "There is an account with this email already." in answer.text


def test_a_closed_gallery_makes_no_accounts(app: Flask, client: Browser) -> None:
    app.config["REGISTRATION_OPEN"] = False

    answer = client.submit("/register", **ADA)

    assert answer.status_code == 403
    assert "Ask them for yours" in answer.text
    assert not db.session.scalars(db.select(User)).all()
    assert "Create an account" not in client.get("/login").text


def test_wrong_password_and_unknown_address_get_the_same_answer(client: Browser) -> None:
    make_user()

    wrong = client.submit("/login", email="ada@example.org", password="not this one")
    unknown = client.submit("/login", email="who@example.org", password="not this one")

    assert wrong.status_code == unknown.status_code == 422
    plain = [re.sub(r'value="[^"]*"', "", answer.text) for answer in (wrong, unknown)]
    assert plain[0] == plain[1]
    assert "That email and password don’t match." in wrong.text


def test_a_missing_account_takes_as_much_work_as_any_other() -> None:
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(hashed(PASSWORD))
    assert not fits(NOBODYS_HASH, PASSWORD) and not fits("", PASSWORD)


def test_signing_in_leads_back_to_where_one_was(client: Browser) -> None:
    ada = make_user()
    login = client.get("/trash").location

    answer = client.submit(login, email=ada.email, password=PASSWORD, next="/trash")

    assert login == "/login?next=/trash"
    assert (answer.status_code, answer.location) == (303, "/trash")


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "evil",
        "/a b",
    ],
)
def test_signing_in_never_leads_elsewhere(client: Browser, target: str) -> None:
    ada = make_user()

    answer = client.submit("/login", email=ada.email, password=PASSWORD, next=target)

    assert answer.location == "/photos"


def test_a_disabled_user_is_out_at_the_next_request(client: Browser) -> None:
    ada = make_user()
    sign_in(client, ada)

    ada.is_disabled = True
    db.session.commit()

    assert client.get("/photos").status_code == 302
    answer = client.submit("/login", email=ada.email, password=PASSWORD)
    assert answer.status_code == 422


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: Browser) -> None:
    sign_in(client, make_user())
    stolen = client.get_cookie("session").value

    client.submit("/logout")
    thief = app.test_client()
    thief.set_cookie("session", stolen)

    assert thief.get("/photos").status_code == 302
    assert not db.session.scalars(db.select(Session)).all()


def test_the_database_holds_no_token_that_signs_in(client: Browser) -> None:
    sign_in(client, make_user())

    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert token != db.session.scalars(db.select(Session.id)).one()


def test_a_session_ends_when_it_was_idle_too_long(app: Flask, client: Browser) -> None:
    sign_in(client, make_user())

    app.config["SESSION_IDLE_DAYS"] = 0

    assert client.get("/photos").status_code == 302


def test_too_many_wrong_passwords_bring_a_pause(app: Flask, client: Browser) -> None:
    app.config["LOGIN_EMAIL_LIMIT"] = "2 per minute"
    ada = make_user()

    codes = [
        client.submit("/login", email=ada.email, password="wrong wrong").status_code
        for _ in range(3)
    ]
    answer = client.submit("/login", email=ada.email, password=PASSWORD)

    assert codes == [422, 422, 429]
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 61


def test_the_first_admins_link_works_until_there_is_one(client: Browser) -> None:
    url = f"/welcome/{first_admin_token()}"
    assert client.get(url).status_code == 200

    client.submit(url, **ADA)

    assert db.session.scalars(db.select(User)).one().is_admin
    assert client.get(url).status_code == 404
    assert client.get("/admin/users").status_code == 200


def test_a_made_up_link_makes_no_admin(client: Browser) -> None:
    assert client.get("/welcome/made-up").status_code == 404


def test_a_form_without_its_token_is_refused(client: Browser) -> None:
    answer = client.post("/register", data=ADA, headers={"Origin": "http://localhost"})

    assert answer.status_code == 400
    assert not db.session.scalars(db.select(User)).all()


def test_cookies_are_secure_exactly_when_the_address_is(app: Flask) -> None:
    secure = create_app({"PUBLIC_URL": "https://photos.example"})

    assert secure.config["SESSION_COOKIE_SECURE"]
    assert secure.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert not app.config["SESSION_COOKIE_SECURE"]


def test_unknown_address_and_wrong_password_take_the_same_time(app: Flask, client: Browser) -> None:
    app.config.update(LOGIN_LIMIT="99 per minute", LOGIN_EMAIL_LIMIT="99 per minute")
    ada, gone, out = make_user(), make_user("Gone"), make_user("Out")
    gone.leaving_at, out.is_disabled = now() - dt.timedelta(days=8), True
    for user in (ada, gone, out):
        user.password_hash = hashed(PASSWORD)  # at its full price, which other tests do not pay
    db.session.commit()
    token = client.token()

    def cost(email: str, password: str) -> float:
        fields = {"csrf_token": token, "email": email, "password": password}
        # Of the processor: what else runs on the machine makes an answer no dearer.
        begun = time.process_time()
        answer = client.post("/login", data=fields, headers={"Origin": ORIGIN})
        assert answer.status_code == 422
        return time.process_time() - begun

    tries = [(ada.email, "wrong wrong"), ("who@example.org", PASSWORD)]
    tries += [(gone.email, PASSWORD), (out.email, PASSWORD)]
    costs = [[cost(*each) for each in tries] for _ in range(7)]

    medians = [statistics.median(each) for each in zip(*costs, strict=True)]
    assert max(medians) < 1.2 * min(medians)
