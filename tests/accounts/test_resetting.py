"""A forgotten password: whom to ask, and the link that they make."""

import datetime as dt
import re

import pytest
from flask import Flask

from gallery.accounts import resetting
from gallery.accounts.models import AuditEntry, Identity, PasswordReset, User
from gallery.extensions import begin_writing, db, now
from tests.conftest import Browser
from tests.crowd import at_once
from tests.make import PASSWORD, make_token, make_user, sign_in

NEW = "another horse battery"


@pytest.fixture
def root(app: Flask) -> User:
    return make_user("Root Boss", is_admin=True)


def offer(person: User, by: User) -> str:
    begin_writing()
    token = resetting.offer(person, by=by)
    db.session.commit()
    return token


def test_a_new_password_ends_the_link_to_a_provider(client: Browser, root: User) -> None:
    ada = make_user()
    db.session.add(Identity(user_id=ada.id, issuer="https://id.example", subject="ada", email=""))
    db.session.commit()

    client.submit(f"/reset/{offer(ada, root)}", password=NEW)

    assert db.session.scalars(db.select(Identity)).all() == []
    acts = db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id))
    assert list(acts)[-2:] == ["password changed", "provider unlinked"]


def test_a_new_password_is_chosen_once_and_ends_every_session(
    app: Flask, client: Browser, root: User
) -> None:
    ada = make_user()
    boss, hers = sign_in(app.test_client(), root), sign_in(app.test_client(), ada)

    made = boss.submit(f"/admin/users/{ada.folder}/reset")
    path = re.search(r'value="[^"]+(/reset/[\w-]{32})"', made.text)[1]
    form = client.get(path)
    short = client.submit(path, password="short")
    still_in = hers.get("/photos").status_code
    answer = client.submit(path, password=NEW)

    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    assert "ada@example.org" in form.text and form.headers["Referrer-Policy"] == "no-referrer"
    assert (short.status_code, still_in, answer.location) == (422, 200, "/login")
    assert hers.get("/photos").status_code == 302
    assert client.submit("/login", email=ada.email, password=PASSWORD).status_code == 422
    assert client.submit("/login", email=ada.email, password=NEW).status_code == 303
    assert client.get(path).status_code == 404
    acts = db.session.execute(db.select(AuditEntry.act, AuditEntry.actor_name)).all()
    assert acts == [("reset link made", "Root Boss"), ("password changed", "Ada Moreau")]


def test_a_reset_ends_tokens_and_the_session_that_it_is_made_in(
    app: Flask, client: Browser, root: User
) -> None:
    ada, zoe = make_user(), make_user("Zoe")
    tokens = [{"Authorization": f"Bearer {make_token(each)}"} for each in (ada, zoe)]
    token = offer(ada, root)
    sign_in(client, ada)

    def get_in() -> list[int]:
        return [app.test_client().get("/limits.json", headers=each).status_code for each in tokens]

    before = get_in()
    client.submit(f"/reset/{token}", password=NEW)

    assert (before, get_in()) == ([200, 200], [401, 200])
    assert client.get("/photos").status_code == 302


def test_used_over_replaced_and_never_there_are_one_answer(client: Browser, root: User) -> None:
    people = {name: make_user(name) for name in ("Used", "Over", "Again", "Out", "Own", "Left")}
    gone = make_user("Gone", is_admin=True)
    tokens = {name: offer(person, gone if name == "Left" else root)
              for name, person in people.items()}  # fmt: skip
    client.submit(f"/reset/{tokens['Used']}", password=NEW)
    newest = offer(people["Again"], root)
    db.session.get(PasswordReset, (people["Over"].id, root.id)).expires_at = now() - dt.timedelta(
        seconds=1
    )
    people["Out"].is_disabled, gone.is_admin = True, False
    db.session.commit()
    sign_in(client, people["Own"])
    client.submit("/settings/password", current=PASSWORD, password=NEW)
    client.submit("/logout")

    answers = [client.get(f"/reset/{token}") for token in ("never", *tokens.values())]
    answers += [client.submit(f"/reset/{token}", password=NEW) for token in tokens.values()]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert client.get(f"/reset/{newest}").status_code == 200


def test_a_link_is_used_once_by_many_at_once(app: Flask, root: User) -> None:
    token = offer(make_user(), root)

    def use(number: int) -> int:
        return app.test_client().submit(f"/reset/{token}", password=f"{NEW} {number}").status_code

    assert sorted(at_once(app, use, times=4)) == [303, 404, 404, 404]


def test_the_database_holds_no_token_of_a_link(root: User) -> None:
    token = offer(make_user(), root)

    assert token not in str(vars(db.session.scalars(db.select(PasswordReset)).one()))


def test_an_admin_makes_no_link_to_themselves(client: Browser, root: User) -> None:
    sign_in(client, root)

    client.submit(f"/admin/users/{root.folder}/reset")

    assert "Your own password is changed in the settings." in client.get("/photos").text
    assert not db.session.scalars(db.select(PasswordReset)).all()


def test_whoever_forgot_learns_whom_to_ask(app: Flask, client: Browser) -> None:
    app.config.update(CONTACT="Ask <Ada>, at the door", REGISTRATION_OPEN=False)

    for path in ("/login", "/forgot", "/register"):
        assert "Ask &lt;Ada&gt;, at the door" in client.get(path).text
