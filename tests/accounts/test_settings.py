"""What people settle for themselves, and whom that signs out."""

import re

import pytest
from flask import Flask

from gallery.accounts.devices import device_of
from gallery.accounts.models import Session, User
from gallery.extensions import begin_writing, db
from tests.conftest import Browser
from tests.make import PASSWORD, make_user, sign_in

NEW = "another horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ada(client: Browser) -> User:
    """Ada, whose client is signed in."""
    ada = make_user()
    sign_in(client, ada)
    return ada


def is_in(client: Browser) -> bool:
    return client.get("/photos").status_code == 200


def test_a_name_is_changed(client: Browser, ada: User) -> None:
    client.submit("/settings/name", name=" Ada Lovelace ")

    db.session.refresh(ada)
    assert ada.name == "Ada Lovelace"
    assert client.submit("/settings/name", name="  ").status_code == 422


def test_the_menu_says_what_is_used_and_of_how_much(client: Browser, ada: User) -> None:
    begin_writing()
    ada.byte_count = 2_100_000_000
    db.session.commit()
    without = client.get("/albums").text
    begin_writing()
    ada.quota = 5_000_000_000
    db.session.commit()

    page = client.get("/albums").text

    assert ">2.1 GB used<" in without and '<progress max="100"' not in without
    assert ">2.1 GB of 5.0 GB used<" in page and '<progress max="100" value="42"' in page
    assert "Your originals count, those in the trash too" in client.get("/settings").text


def test_an_email_is_changed_by_whoever_knows_the_password(client: Browser, ada: User) -> None:
    wrong = client.submit("/settings/email", email="lovelace@example.org", current="wrong wrong")
    right = client.submit("/settings/email", email=" Lovelace@example.org", current=PASSWORD)

    db.session.refresh(ada)
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "This is not your password." in wrong.text and "wrong wrong" not in wrong.text
    assert ada.email == "lovelace@example.org"


def test_an_email_of_somebody_else_is_refused(client: Browser, ada: User) -> None:
    make_user("Zoe")

    answer = client.submit("/settings/email", email="ZOE@example.org", current=PASSWORD)

    db.session.refresh(ada)
    assert answer.status_code == 422
    assert "There is an account with this email already." in answer.text
    assert ada.email == "ada@example.org"


def test_another_password_signs_out_all_other_devices(
    app: Flask, client: Browser, ada: User
) -> None:
    other, stranger = app.test_client(), sign_in(app.test_client(), make_user("Zoe"))
    sign_in(other, ada)

    wrong = client.submit("/settings/password", current="wrong wrong", password=NEW)
    before = is_in(other)
    right = client.submit("/settings/password", current=PASSWORD, password=NEW)

    assert (wrong.status_code, before, right.status_code) == (422, True, 303)
    assert (is_in(client), is_in(other), is_in(stranger)) == (True, False, True)
    for password, status in ((PASSWORD, 422), (NEW, 303)):
        answer = other.submit("/login", email=ada.email, password=password)
        assert answer.status_code == status


def test_whoever_tries_passwords_on_an_open_device_waits(
    app: Flask, client: Browser, ada: User
) -> None:
    app.config["LOGIN_EMAIL_LIMIT"] = "2 per minute"
    fields = {"email": "x@example.org", "current": "wrong wrong", "password": NEW}

    codes = [client.submit(f"/settings/{what}", **fields).status_code for what in
             ("email", "password", "password")]  # fmt: skip

    assert codes == [422, 422, 429]


def test_sessions_are_listed_by_device_and_ended_one_by_one(
    app: Flask, client: Browser, ada: User
) -> None:
    other, stranger = app.test_client(), sign_in(app.test_client(), make_user("Zoe"))
    other.environ_base["HTTP_USER_AGENT"] = FIREFOX
    sign_in(other, ada)
    theirs = db.session.scalars(db.select(Session.id).join(User).where(User.name == "Zoe")).one()

    page = client.get("/settings/security").text
    ends = re.findall(r"/settings/sessions/\w{64}/end", page)
    strange = client.submit(f"/settings/sessions/{theirs}/end")
    client.submit(ends[0])

    assert page.count("This device") == 1 and page.count("Firefox · Linux") == 2  # and its button
    assert len(ends) == 1 and strange.status_code == 404
    assert (is_in(client), is_in(other), is_in(stranger)) == (True, False, True)


def test_all_other_sessions_end_at_once(app: Flask, client: Browser, ada: User) -> None:
    others = [sign_in(app.test_client(), ada) for _ in range(2)]

    client.submit("/settings/sessions/end")

    assert "2 devices are signed out." in client.get("/settings/security").text
    assert [is_in(each) for each in (client, *others)] == [True, False, False]


def test_a_session_that_no_longer_holds_is_not_listed(
    app: Flask, client: Browser, ada: User
) -> None:
    sign_in(app.test_client(), ada)
    session = db.session.scalars(db.select(Session).order_by(Session.created_at.desc())).first()
    session.created_at = session.created_at.replace(year=2020)
    db.session.commit()

    assert "Sign out all others" not in client.get("/settings/security").text


def test_a_look_is_chosen_without_scripts_and_drawn_by_the_server(
    client: Browser, ada: User
) -> None:
    client.submit("/settings/appearance", theme="dark", rows="l")
    chosen = client.get("/photos").text
    form = client.get("/settings/appearance").text
    client.submit("/settings/appearance", theme="", rows="")
    usual = client.get("/photos").text

    assert '<html lang="en" dir="ltr" data-theme="dark" data-rows="l">' in chosen
    assert re.findall(r'checked[^>]* value="(\w*)"', form) == ["dark", "l"]
    assert '<html lang="en" dir="ltr">' in usual
    assert client.submit("/settings/appearance", theme="pink", rows="").status_code == 422


APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox · Linux"),
        (CHROME, "Chrome · Windows"),
        (f"{CHROME} Edg/140.0", "Edge · Windows"),
        (f"{APPLE} Version/18.0 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
        (f"{APPLE} CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome · iPhone"),
        ("curl/8.0 <b>", ""),
    ],
)
def test_a_device_is_named_by_browser_and_system(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
