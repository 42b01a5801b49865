"""Passkeys: made, shown to sign in or to prove who is there, refused, and without a password."""

import datetime as dt
import html
import json
import re
from dataclasses import replace

import pyotp
import pytest
from flask import Flask
from webauthn.helpers import bytes_to_base64url
from werkzeug.test import TestResponse

from gallery.accounts import challenges, guard, passkeys, second_step
from gallery.accounts.models import AuditEntry, Passkey, Session, User
from gallery.errors import NotPossible
from gallery.extensions import begin_writing, db, now
from tests.authenticator import IS_COPIED, MAY_BE_COPIED, PRESENT, VERIFIED, Device
from tests.conftest import ORIGIN, Browser
from tests.crowd import at_once
from tests.make import PASSWORD, make_passkey, make_user, sign_in
from tests.test_cli import run

PAGE = "/settings/passkeys"
REFUSED = "That passkey does not sign you in."


@pytest.fixture
def ada(client: Browser) -> User:
    """Ada, whose client is signed in."""
    ada = make_user()
    sign_in(client, ada)
    return ada


@pytest.fixture
def without_password(ada: User) -> User:
    ada.password_hash = ""
    db.session.commit()
    return ada


def begin(client: Browser, name: str = "My phone", **sure: str) -> str:
    """Say by the password who is there, and return what the page asks the browser for."""
    page = client.submit(f"{PAGE}/new", name=name, **(sure or {"current": PASSWORD}))
    assert page.status_code == 200, page.text
    return html.unescape(re.search(r'data-options="([^"]+)"', page.text)[1])


def add(client: Browser, device: Device, name: str = "My phone") -> TestResponse:
    return client.submit(PAGE, name=name, passkey=device.make(begin(client, name)))


def asked(client: Browser) -> str:
    """Return a new challenge, as the sign-in asks for it."""
    return client.submit("/login/passkey/challenge").text


def enter(client: Browser, device: Device, **fields: str) -> TestResponse:
    return client.submit("/login/passkey", passkey=device.show(asked(client)), **fields)


def prove(client: Browser, device: Device) -> int:
    challenge = client.submit(f"{PAGE}/challenge").text
    return client.submit(f"{PAGE}/proof", passkey=device.show(challenge)).status_code


def is_in(client: Browser) -> bool:
    return client.get("/photos").status_code == 200


def acts() -> list[tuple[str, str, str]]:
    entries = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.act, entry.actor_name, entry.subject_name) for entry in entries]


def plain(answer: TestResponse) -> str:
    """Return a page without what differs each time."""
    return re.sub(r'value="[^"]*"', "", answer.text)


def kept() -> list[Passkey]:
    return list(db.session.scalars(db.select(Passkey).order_by(Passkey.id)))


def test_a_passkey_that_was_added_signs_in_alone(app: Flask, client: Browser, ada: User) -> None:
    device, guest = Device(), app.test_client()

    added = add(client, device)
    answer = enter(guest, device, remember="y", next="/trash")

    assert (added.status_code, added.location) == (303, PAGE)
    assert (answer.status_code, answer.location) == (303, "/trash") and is_in(guest)
    assert "Expires=" in next(h for h in answer.headers.getlist("Set-Cookie") if "session=" in h)
    assert "My phone" in client.get(PAGE).text and "Last used" in client.get(PAGE).text
    me = ("Ada Moreau", "Ada Moreau")
    assert acts() == [("passkey added", *me), ("passkey used", *me)]
    assert db.session.scalars(db.select(db.func.count(Session.id))).one() == 2


def test_what_is_asked_for_can_be_found_and_verifies_who_is_there(
    client: Browser, ada: User
) -> None:
    to_make, to_show = json.loads(begin(client)), json.loads(asked(client))

    assert to_make["rp"]["id"] == to_show["rpId"] == "localhost"
    assert to_make["authenticatorSelection"]["residentKey"] == "required"
    assert to_make["authenticatorSelection"]["userVerification"] == "required"
    assert to_show["userVerification"] == "required" and not to_show.get("allowCredentials")
    assert ada.folder.encode().hex() not in to_make["user"]["id"]
    assert len({json.loads(asked(client))["challenge"] for _ in range(3)}) == 3


def test_a_code_is_asked_for_once_and_never_after_a_passkey(
    app: Flask, client: Browser, ada: User
) -> None:
    begin_writing()
    secret = second_step.new_secret()
    codes = second_step.turn_on(ada, secret, pyotp.TOTP(secret).now())
    db.session.commit()
    device, guest = Device(), app.test_client()

    without = client.submit(f"{PAGE}/new", name="My phone", current=PASSWORD)
    options = begin(client, current=PASSWORD, code=codes[0])
    client.submit(PAGE, name="My phone", passkey=device.make(options))
    answer = enter(guest, device)

    assert without.status_code == 422 and "The code is missing." in without.text
    assert (answer.status_code, answer.location) == (303, "/photos") and is_in(guest)


def test_nobody_adds_one_who_has_not_shown_who_they_are(client: Browser, ada: User) -> None:
    wrong = client.submit(f"{PAGE}/new", name="My phone", current="wrong wrong")
    # What is asked at the sign-in is for that, and for nothing else.
    options = json.loads(begin(client)) | {"challenge": json.loads(asked(client))["challenge"]}
    answer = client.submit(PAGE, name="My phone", passkey=Device().make(json.dumps(options)))

    assert wrong.status_code == 422 and "data-options" not in wrong.text
    assert answer.status_code == 303 and kept() == []
    assert "That passkey could not be added. Please begin again." in client.get(PAGE).text


def spoiled(fault: str, device: Device, options: str) -> tuple[Device, str]:
    """Return a device and what it is asked, of which one is not as it was."""
    changed = json.loads(options)
    match fault:
        case "another site":
            device = replace(device, origin="https://evil.example")
        case "another name":
            changed |= {"rpId": "evil.example", "rp": {"id": "evil.example"}}
        case "another challenge":
            changed["challenge"] = bytes_to_base64url(bytes(32))
        case "nobody verified":
            device = replace(device, flags=PRESENT)
        case "nobody there":
            device = replace(device, flags=VERIFIED)
        case "another key":
            device = replace(device, key=Device().key)
        case "another account":
            device = replace(device, handle=bytes_to_base64url(bytes(32)))
        case "another device":
            device = Device()
    return device, json.dumps(changed)


SPOILED = ["another site", "another name", "another challenge", "nobody verified", "nobody there"]


def test_a_passkey_that_was_not_made_here_is_not_added(client: Browser, ada: User) -> None:
    for fault in SPOILED:
        device, options = spoiled(fault, Device(), begin(client))
        client.submit(PAGE, name="My phone", passkey=device.make(options))

        assert kept() == [] and acts() == [], fault
    assert "That passkey could not be added. Please begin again." in client.get(PAGE).text


def test_a_passkey_that_does_not_fit_signs_nobody_in(app: Flask, ada: User) -> None:
    own, guest = make_passkey(ada), app.test_client()
    answers = {}

    for fault in (*SPOILED, "another key", "another account", "another device"):
        device, options = spoiled(fault, own, asked(guest))
        answers[fault] = guest.submit("/login/passkey", passkey=device.show(options))

    assert {fault for fault, answer in answers.items() if answer.status_code != 422} == set()
    assert len({plain(answer) for answer in answers.values()}) == 1
    assert REFUSED in answers["another key"].text
    assert not is_in(guest) and kept()[0].used_at is None


def test_an_answer_is_taken_once_even_with_the_cookie_of_then(
    app: Flask, client: Browser, ada: User
) -> None:
    device = make_passkey(ada)
    guest, thief = app.test_client(), app.test_client()
    answer = device.show(asked(guest))
    thief.set_cookie("session", guest.get_cookie("session").value)

    codes = [each.submit("/login/passkey", passkey=answer).status_code for each in
             (guest, guest, thief)]  # fmt: skip

    assert codes == [303, 422, 422] and not is_in(thief)


def test_a_challenge_is_answered_in_its_own_browser_and_within_minutes(
    app: Flask, ada: User
) -> None:
    device, guest, other = make_passkey(ada), app.test_client(), app.test_client()
    asked(other)
    elsewhere = other.submit("/login/passkey", passkey=device.show(asked(guest)))
    answer = device.show(asked(guest))
    with guest.session_transaction() as cookie:
        challenge, at = cookie["passkey to show"]
        cookie["passkey to show"] = [challenge, at - challenges.SECONDS - 1]

    late = guest.submit("/login/passkey", passkey=answer)
    unasked = guest.submit("/login/passkey", passkey=answer)

    assert [each.status_code for each in (elsewhere, late, unasked)] == [422, 422, 422]


def test_a_copy_that_falls_behind_is_refused_and_the_log_says_so(
    app: Flask, client: Browser, ada: User
) -> None:
    add(client, device := Device(count=4))

    codes = []
    for device.count in (5, 5, 3, 0, 6):
        codes.append(enter(app.test_client(), device).status_code)

    assert codes == [303, 422, 422, 422, 303]
    assert [act for act, *_ in acts()] == [
        *("passkey added", "passkey used"),
        *("passkey refused", "passkey refused", "passkey refused", "passkey used"),
    ]
    assert kept()[0].sign_count == 6


def test_of_many_who_come_with_one_answer_at_once_one_gets_in(app: Flask, ada: User) -> None:
    device, guest = make_passkey(ada), app.test_client()
    answer, cookie = device.show(asked(guest)), guest.get_cookie("session").value
    token = guest.token()

    def come(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("session", cookie)
        form = {"csrf_token": token, "passkey": answer}
        return client.post("/login/passkey", data=form, headers={"Origin": ORIGIN}).status_code

    assert sorted(at_once(app, come, times=4)) == [303, 422, 422, 422]


@pytest.mark.parametrize("how", ["disabled", "left"])
def test_a_closed_account_answers_as_an_unknown_passkey(
    app: Flask, client: Browser, ada: User, how: str
) -> None:
    device = make_passkey(ada)
    ada.is_disabled = how == "disabled"
    ada.leaving_at = now() - dt.timedelta(days=8) if how == "left" else None
    db.session.commit()

    closed, unknown = (enter(app.test_client(), each) for each in (device, Device()))

    assert closed.status_code == unknown.status_code == 422 and plain(closed) == plain(unknown)
    assert kept()[0].used_at is None and acts() == []


def test_somebody_who_leaves_stays_by_a_passkey_as_by_a_password(app: Flask, ada: User) -> None:
    device = make_passkey(ada)
    ada.leaving_at = now()
    db.session.commit()

    assert enter(app.test_client(), device).status_code == 303
    db.session.refresh(ada)
    assert ada.leaving_at is None


def test_too_many_wrong_passkeys_bring_a_pause(app: Flask, ada: User) -> None:
    app.config["LOGIN_LIMIT"] = "2 per minute"
    device, guest = make_passkey(ada), app.test_client()

    tries = [enter(guest, Device()).status_code for _ in range(3)]

    assert [*tries, enter(guest, device).status_code] == [422, 422, 429, 429]


NONSENSE = ("", "[]", "null", "{", '{"id": "é", "rawId": "é"}', "9" * 5000, "[" * 20_000)


def test_nonsense_in_place_of_an_answer_is_refused_as_any_other(client: Browser, ada: User) -> None:
    for answer in NONSENSE:
        asked(client)
        begin(client)

        assert client.submit("/login/passkey", passkey=answer).status_code == 422
        assert client.submit(PAGE, name="x", passkey=answer).status_code in (303, 400)
    assert kept() == []


def test_one_passkey_is_of_one_account(app: Flask, client: Browser, ada: User) -> None:
    zoe, device = sign_in(app.test_client(), make_user("Zoe")), Device()
    add(client, device)

    add(client, device)
    add(zoe, device)

    assert [passkey.user_id for passkey in kept()] == [ada.id]
    assert "This passkey is here already." in zoe.get(PAGE).text


EMAIL = {"email": "lovelace@example.org"}


def test_a_passkey_stands_in_for_the_password_for_minutes_and_in_one_session(
    app: Flask, client: Browser, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, other = make_passkey(ada), sign_in(app.test_client(), ada)
    before = client.submit("/settings/email", **EMAIL)
    proven = prove(client, device)
    shown = client.get("/settings").text

    elsewhere = other.submit("/settings/email", **EMAIL)
    answer = client.submit("/settings/email", **EMAIL)
    monkeypatch.setattr(guard, "PROVEN_SECONDS", 0)
    late = client.submit("/settings/email", email="ada@example.org")

    assert (before.status_code, proven, 'id="current"' in shown) == (422, 204, False)
    assert (elsewhere.status_code, answer.status_code, late.status_code) == (422, 303, 422)
    db.session.refresh(ada)
    assert ada.email == "lovelace@example.org"


def test_a_passkey_that_does_not_fit_proves_nothing(client: Browser, ada: User) -> None:
    own, codes = make_passkey(ada), []

    for fault in SPOILED:
        device, options = spoiled(fault, own, client.submit(f"{PAGE}/challenge").text)
        codes.append(client.submit(f"{PAGE}/proof", passkey=device.show(options)).status_code)
    theirs = prove(client, make_passkey(make_user("Zoe")))

    assert {*codes, theirs} == {422}
    assert client.submit("/settings/email", **EMAIL).status_code == 422


def test_without_a_password_a_passkey_opens_all_that_asks_for_one(
    app: Flask, client: Browser, without_password: User
) -> None:
    ada, device = without_password, make_passkey(without_password)
    asking: dict[str, dict[str, str]] = {
        "/settings/email": EMAIL,
        f"{PAGE}/new": {"name": "laptop"},
        "/settings/second-step/secret": {},
        "/settings/password": {"password": "another horse battery"},
        "/settings/delete": {"email": "lovelace@example.org"},
    }
    empty = {name: client.submit(name, **fields, current="") for name, fields in asking.items()}
    prove(client, device)

    done = {name: client.submit(name, **fields).status_code for name, fields in asking.items()}

    sentence = "Show first who you are."
    assert all(a.status_code == 422 and sentence in a.text for a in empty.values())
    assert list(done.values()) == [303, 200, 200, 303, 303]
    db.session.refresh(ada)
    assert ada.has_password and ada.leaving_at


def test_a_passkey_turns_off_the_second_step_as_password_and_code_do(
    client: Browser, ada: User
) -> None:
    begin_writing()
    second_step.turn_on(ada, secret := second_step.new_secret(), pyotp.TOTP(secret).now())
    db.session.commit()
    device = make_passkey(ada)
    assert client.submit("/settings/second-step/delete").status_code == 422
    prove(client, device)

    answer = client.submit("/settings/second-step/delete")

    assert answer.status_code == 303 and acts()[-1][0] == "second step off"


def remove(client: Browser, name: str, **fields: str) -> TestResponse:
    found = next(passkey for passkey in kept() if passkey.name == name)
    return client.submit(f"{PAGE}/{found.public_id}/delete", **fields)


def test_a_passkey_is_removed_by_whoever_shows_who_they_are(
    app: Flask, client: Browser, ada: User
) -> None:
    device = make_passkey(ada, "phone")
    zoe = sign_in(app.test_client(), make_user("Zoe"))

    strange = remove(zoe, "phone", current=PASSWORD)
    wrong = remove(client, "phone", current="wrong wrong")
    right = remove(client, "phone", current=PASSWORD)

    assert (strange.status_code, wrong.status_code, right.status_code) == (404, 422, 303)
    assert kept() == [] and acts() == [("passkey removed", "Ada Moreau", "Ada Moreau")]
    assert enter(app.test_client(), device).status_code == 422


def test_the_last_way_in_cannot_be_removed(client: Browser, without_password: User) -> None:
    for name in ("phone", "key"):
        device = make_passkey(without_password, name)
    prove(client, device)

    remove(client, "phone")
    remove(client, "key")

    assert [passkey.name for passkey in kept()] == ["key"]
    assert "Nothing else lets you in." in client.get(PAGE).text


def test_of_two_removed_at_once_one_stays(app: Flask, without_password: User) -> None:
    for name in ("phone", "key"):
        make_passkey(without_password, name)
    ids = [passkey.id for passkey in kept()]

    def end(number: int) -> bool:
        begin_writing()
        try:
            passkeys.remove(db.session.get(Passkey, ids[number]))
        except NotPossible:
            return False
        db.session.commit()
        return True

    assert sorted(at_once(app, end, times=2)) == [False, True]


def test_two_passkeys_stand_in_for_the_password_and_one_does_not(
    app: Flask, client: Browser, ada: User
) -> None:
    other = sign_in(app.test_client(), ada)
    device = make_passkey(ada, "phone")
    by_password = client.submit("/settings/password/delete", current=PASSWORD)
    prove(client, device)
    one = client.submit("/settings/password/delete")
    refused = client.get(PAGE).text
    make_passkey(ada, "key")

    two = client.submit("/settings/password/delete")

    assert by_password.status_code == 422, "of passkeys one has to be seen to work"
    db.session.refresh(ada)
    assert one.status_code == two.status_code == 303 and "That takes two passkeys" in refused
    assert not ada.has_password and (is_in(client), is_in(other)) == (True, False)
    assert acts()[-1] == ("password removed", "Ada Moreau", "Ada Moreau")
    guest = app.test_client()
    answers = [guest.submit("/login", email=ada.email, password=password) for password in
               (PASSWORD, "wrong wrong")]  # fmt: skip
    assert plain(answers[0]) == plain(answers[1])
    assert "That email and password don’t match." in answers[0].text
    assert enter(guest, device).status_code == 303


def test_a_reset_lets_nobody_in_by_what_did_before(app: Flask, client: Browser, ada: User) -> None:
    device, root = make_passkey(ada), sign_in(app.test_client(), make_user("Root", is_admin=True))
    made = root.submit(f"/admin/users/{ada.folder}/reset").text

    app.test_client().submit(re.search(r"/reset/[\w-]+", made)[0], password="another horse")

    assert enter(app.test_client(), device).status_code == 422
    assert [act for act, *_ in acts()] == [
        *("reset link made", "password changed", "passkeys removed")
    ]


def test_an_admin_sees_and_removes_those_of_others(app: Flask, client: Browser, ada: User) -> None:
    boss = make_user("Root", is_admin=True)
    root = sign_in(app.test_client(), boss)
    for person in (ada, boss):
        for name in ("phone", "key"):
            make_passkey(person, name)
    page = root.get(f"/admin/users/{ada.folder}").text

    for person in (ada, boss):
        root.submit(f"/admin/users/{person.folder}/passkeys/delete")

    assert "Signs in with 2 passkeys." in page
    assert {passkey.user_id for passkey in kept()} == {boss.id}
    assert acts() == [("passkeys removed", "Root", "Ada Moreau")]


def test_the_command_line_gives_a_password_to_whoever_lost_all(
    app: Flask, client: Browser, without_password: User
) -> None:
    make_passkey(without_password)

    done = run(app, "user", "password", without_password.email, typed=f"{PASSWORD}\n")

    assert done.exit_code == 0, done.output
    assert is_in(sign_in(app.test_client(), without_password)) and kept() == []


PLACES = {
    "https://photos.example": ("photos.example", "https://photos.example"),
    "https://photos.example:8443": ("photos.example", "https://photos.example:8443"),
    "http://127.0.0.1:5000": ("localhost", "http://localhost:5000"),
    "http://[::1]:5000": ("localhost", "http://localhost:5000"),
    "http://photos.example": None,
    "https://192.168.1.7": None,
    "https://[fd00::7]": None,
}


def test_passkeys_belong_to_a_name_that_browsers_trust(app: Flask) -> None:
    found = {}
    for app.config["PUBLIC_URL"] in PLACES:
        found[app.config["PUBLIC_URL"]] = challenges.place()

    assert found == PLACES


def test_nothing_is_offered_that_cannot_work(app: Flask, client: Browser, ada: User) -> None:
    guest = app.test_client()
    before = guest.get("/login").text
    make_passkey(ada)
    offered, form = guest.get("/login").text, client.get(PAGE).text
    app.config["PUBLIC_URL"] = "http://photos.test"

    assert "data-passkey" not in before and "Passkeys need scripts" in form
    assert "Sign in with a passkey" in offered and "Add a passkey</button>" in form
    assert "data-passkey" not in guest.get("/login").text
    assert "Browsers make passkeys only for an address that has a name" in client.get(PAGE).text
    assert client.submit(f"{PAGE}/new", name="phone", current=PASSWORD).status_code == 422
    assert guest.submit("/login/passkey/challenge").status_code == 422


def test_a_copied_passkey_is_said_to_be_on_all_devices(client: Browser, ada: User) -> None:
    device = Device(flags=PRESENT | VERIFIED | MAY_BE_COPIED)
    add(client, device)
    before = client.get(PAGE).text
    device.flags |= IS_COPIED

    prove(client, device)

    assert "on one device" in before and "on all your devices" in client.get(PAGE).text
