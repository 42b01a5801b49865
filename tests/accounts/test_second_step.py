"""A code besides the password: on, asked for at the sign-in, each taken once, and off."""

import re
import time

import pyotp
import pytest
from flask import Flask

from gallery.accounts.models import AuditEntry, RecoveryCode, SecondStep, User
from gallery.accounts.second_step import take
from gallery.accounts.signing_in import hashed
from gallery.extensions import begin_writing, db
from tests.conftest import Browser
from tests.crowd import at_once
from tests.make import PASSWORD, make_token, make_user, sign_in
from tests.test_cli import run

PAGE = "/settings/second-step"
REFUSED = "That code is not right, or was used already."


def code_of(secret: str, ahead: int = 1) -> str:
    """What an app shows so many half minutes from now: the next one is good already.

    None of an earlier one, which could be too old when it arrives.
    """
    return pyotp.TOTP(secret).at(int(time.time()), counter_offset=ahead)


def begin(client: Browser) -> dict[str, str]:
    page = client.submit(f"{PAGE}/secret", current=PASSWORD).text
    return {
        "begun": re.search(r'name="begun"[^>]*value="([^"]+)"', page)[1],
        "secret": re.search(r'id="secret" value="([A-Z2-7]{32})"', page)[1],
    }


def turn_on(client: Browser) -> tuple[str, list[str]]:
    """Turn it on as people do, and return the secret and the codes for recovery."""
    begun = begin(client)
    secret = begun["secret"]
    answer = client.submit(PAGE, begun=begun["begun"], code=code_of(secret, 0))
    assert answer.status_code == 201, answer.text
    return secret, re.findall(r"(?:[a-z2-7]{4}-){3}[a-z2-7]{4}", answer.text)


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user()
    sign_in(client, ada)
    return ada


def half_way(app: Flask, user: User, **fields: str) -> Browser:
    """Somebody who knows the password, in another browser."""
    client = app.test_client()
    answer = client.submit("/login", email=user.email, password=PASSWORD, **fields)
    assert (answer.status_code, answer.location) == (303, "/login/code")
    return client


def is_in(client: Browser) -> bool:
    return client.get("/photos").status_code == 200


def acts() -> list[tuple[str, str, str]]:
    entries = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.act, entry.actor_name, entry.subject_name) for entry in entries]


def test_it_is_on_only_after_the_password_and_a_right_code(client: Browser, ada: User) -> None:
    unsure = client.submit(f"{PAGE}/secret", current="wrong wrong")
    begun = begin(client)
    wrong = client.submit(PAGE, begun=begun["begun"], code=code_of(begun["secret"], 9))
    made_up = client.submit(PAGE, begun="made.up.token", code=code_of(begun["secret"]))
    is_on = db.session.get(SecondStep, ada.id)

    secret, codes = turn_on(client)

    assert (unsure.status_code, wrong.status_code, made_up.status_code) == (422, 422, 303)
    assert begun["secret"] in wrong.text and 'id="secret"' not in unsure.text
    assert is_on is None
    assert len(set(codes)) == 10
    assert "10 recovery codes are left." in client.get(PAGE).text
    assert not {secret, *codes} & set(re.findall(r"[\w-]+", client.get(PAGE).text))
    assert not set(codes) & set(db.session.scalars(db.select(RecoveryCode.id)))
    me = ("Ada Moreau", "Ada Moreau")
    assert acts() == [("second step on", *me), ("recovery codes made", *me)]


def test_a_secret_is_nobody_elses_and_no_other_sessions(
    app: Flask, client: Browser, ada: User
) -> None:
    begun = begin(client)
    others = (sign_in(app.test_client(), ada), sign_in(app.test_client(), make_user("Zoe")))

    for other in others:
        answer = other.submit(PAGE, begun=begun["begun"], code=code_of(begun["secret"]))
        assert (answer.status_code, answer.location) == (303, PAGE)
    assert not db.session.scalars(db.select(SecondStep)).all()


def test_the_password_alone_begins_no_session(app: Flask, client: Browser, ada: User) -> None:
    secret, _ = turn_on(client)

    guest = half_way(app, ada, next="/trash", remember="y")
    before = is_in(guest)
    asked = guest.get("/login/code")
    answer = guest.submit("/login/code", code=f" {code_of(secret)[:3]} {code_of(secret)[3:]} ")

    assert (before, asked.status_code) == (False, 200)
    assert (answer.status_code, answer.location) == (303, "/trash")
    assert is_in(guest)
    cookie = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("session="))
    assert "Expires=" in cookie  # kept, as was asked for before the code
    assert guest.get("/login/code").location == "/login"


def test_a_code_is_taken_once_and_its_answer_tells_nothing(
    app: Flask, client: Browser, ada: User
) -> None:
    secret, codes = turn_on(client)
    used = code_of(secret)

    first = half_way(app, ada).submit("/login/code", code=used)
    again = half_way(app, ada).submit("/login/code", code=used)
    wrong = half_way(app, ada).submit("/login/code", code="none")
    earlier = half_way(app, ada).submit("/login/code", code=code_of(secret, 0))
    kept = half_way(app, ada).submit("/login/code", code=codes[0].upper().replace("-", " "))
    kept_again = half_way(app, ada).submit("/login/code", code=codes[0])

    answers = (first, again, wrong, earlier, kept, kept_again)
    assert [a.status_code for a in answers] == [303, 422, 422, 422, 303, 422]
    plain = {re.sub(r'value="[^"]*"', "", a.text) for a in (again, wrong, earlier, kept_again)}
    assert len(plain) == 1 and REFUSED in plain.pop()
    assert "9 recovery codes are left." in client.get(PAGE).text
    assert acts()[-1] == ("recovery code used", "Ada Moreau", "Ada Moreau")


def test_of_many_who_come_with_one_code_at_once_one_gets_in(
    app: Flask, client: Browser, ada: User
) -> None:
    secret, codes = turn_on(client)

    def come(code: str) -> bool:
        begin_writing()
        is_taken = take(db.session.get(User, ada.id), code)
        db.session.commit()
        return is_taken

    for code in (code_of(secret), codes[0]):
        assert sum(at_once(app, lambda _number, code=code: come(code))) == 1


@pytest.mark.parametrize("change", ["time", "disabled", "password", "off"])
def test_half_way_ends_when_something_changes(
    app: Flask, client: Browser, ada: User, change: str
) -> None:
    secret, _ = turn_on(client)
    guest = half_way(app, ada)

    begin_writing()
    if change == "time":
        with guest.session_transaction() as cookie:
            user_id, password, since, *asked = cookie["half way"]
            cookie["half way"] = (user_id, password, since - 301, *asked)
    elif change == "off":
        db.session.execute(db.delete(SecondStep))
    else:
        ada.is_disabled = change == "disabled"
        ada.password_hash = hashed("another one") if change == "password" else ada.password_hash
    db.session.commit()
    answer = guest.submit("/login/code", code=code_of(secret))

    assert (answer.status_code, answer.location) == (303, "/login")
    assert not is_in(guest)


def test_no_code_is_asked_of_whoever_gave_no_password(app: Flask, ada: User) -> None:
    stranger = app.test_client()

    assert stranger.get("/login/code").location == "/login"
    answer = stranger.submit("/login/code", code="123456")

    assert (answer.status_code, answer.location) == (303, "/login")


@pytest.mark.parametrize("limit", ["LOGIN_LIMIT", "LOGIN_EMAIL_LIMIT", "CODE_LIMIT"])
def test_too_many_wrong_codes_bring_a_pause(
    app: Flask, client: Browser, ada: User, limit: str
) -> None:
    secret, _ = turn_on(client)
    app.config[limit] = "2 per minute"

    tries = [half_way(app, ada).submit("/login/code", code="000000") for _ in range(3)]
    right = half_way(app, ada).submit("/login/code", code=code_of(secret))

    assert [answer.status_code for answer in (*tries, right)] == [422, 422, 429, 429]


def test_tokens_go_on_and_a_new_password_turns_nothing_off(
    app: Flask, client: Browser, ada: User
) -> None:
    turn_on(client)
    root = sign_in(app.test_client(), make_user("Root", is_admin=True))
    token = make_token(ada)

    headers = {"Authorization": f"Bearer {token}"}
    answer = app.test_client().get("/limits.json", headers=headers)
    made = root.submit(f"/admin/users/{ada.folder}/reset").text
    app.test_client().submit(re.search(r"/reset/[\w-]+", made)[0], password=PASSWORD)

    assert answer.status_code == 200
    assert not is_in(half_way(app, ada))


def test_new_recovery_codes_and_off_need_password_and_code(
    app: Flask, client: Browser, ada: User
) -> None:
    _, old = turn_on(client)

    for act in ("recovery-codes", "delete"):
        for fields in (
            {"current": "wrong wrong", "code": old[0]},
            {"current": PASSWORD, "code": "none"},
        ):
            assert client.submit(f"{PAGE}/{act}", **fields).status_code == 422
    renewed = client.submit(f"{PAGE}/recovery-codes", current=PASSWORD, code=old[0])
    new = re.findall(r"(?:[a-z2-7]{4}-){3}[a-z2-7]{4}", renewed.text)
    ended = half_way(app, ada).submit("/login/code", code=old[1])
    off = client.submit(f"{PAGE}/delete", current=PASSWORD, code=new[0])

    assert (renewed.status_code, len(new), ended.status_code) == (201, 10, 422)
    assert (off.status_code, off.location) == (303, "/settings/security")
    assert is_in(sign_in(app.test_client(), ada))
    assert not db.session.scalars(db.select(RecoveryCode)).all()
    assert [act for act, *_ in acts()][2:] == [
        *("recovery code used", "recovery codes made"),
        *("recovery code used", "second step off"),
    ]


def test_an_admin_turns_it_off_for_others_and_not_for_whoever_holds_their_device(
    app: Flask, client: Browser, ada: User
) -> None:
    turn_on(client)
    boss = make_user("Root", is_admin=True)
    root = sign_in(app.test_client(), boss)
    turn_on(root)

    for person in (ada, boss):
        root.submit(f"/admin/users/{person.folder}/second-step/delete")

    assert db.session.scalars(db.select(SecondStep.user_id)).all() == [boss.id]
    assert acts()[-1] == ("second step off", "Root", "Ada Moreau")
    assert is_in(sign_in(app.test_client(), ada))


def test_the_command_line_lets_a_sole_admin_in_again(app: Flask, client: Browser) -> None:
    root = make_user("Root", is_admin=True)
    sign_in(client, root)
    turn_on(client)

    done = run(app, "user", "one-step", root.email)

    assert done.exit_code == 0, done.output
    assert is_in(sign_in(app.test_client(), root))
    assert acts()[-1] == ("second step off", "Root", "Root")
