"""Invitations: who makes them, who gets in by them, and how they end."""

import datetime as dt
import re

import pytest
from flask import Flask

from gallery.accounts import inviting
from gallery.accounts.models import AuditEntry, Invitation, User
from gallery.extensions import begin_writing, db, now
from tests.conftest import Browser
from tests.crowd import at_once
from tests.make import PASSWORD, make_user, sign_in

ADA = {"name": "Ada Moreau", "email": "ada@example.org", "password": PASSWORD}


def invite(maker: User, **terms: object) -> str:
    begin_writing()
    token = inviting.invite(maker, inviting.Terms(**terms))
    db.session.commit()
    return token


def acts() -> list[tuple[str, str, str]]:
    entries = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.act, entry.actor_name, entry.subject_name) for entry in entries]


def test_an_invitation_lets_in_where_sign_up_is_closed(app: Flask, client: Browser) -> None:
    app.config["REGISTRATION_OPEN"] = False
    boss = sign_in(app.test_client(), make_user("Root Boss", is_admin=True))
    terms = {"label": "The Moreaus", "role": "admin", "quota": "1,5", "places": "2", "days": "7"}

    made = boss.submit("/admin/invitations", **terms)
    path = re.search(r'value="[^"]+(/join/[\w-]{32})"', made.text)[1]
    form = client.get(path)
    client.submit(path, **ADA)

    ada = db.session.scalar(User.with_email(ADA["email"]))
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    assert "Root Boss asks you in." in form.text
    assert form.headers["Referrer-Policy"] == "no-referrer"
    assert (ada.is_admin, ada.quota) == (True, 1_500_000_000)
    assert client.get("/photos").status_code == 200
    listed = boss.get("/admin/invitations").text
    assert "1 of 2 accounts made" in listed and path not in listed
    assert path.rpartition("/")[2] != db.session.scalars(db.select(Invitation.digest)).one()
    assert acts() == [("invitation made", "Root Boss", ""), ("joined", "Ada Moreau", "Root Boss")]


def test_off_over_used_up_and_never_there_are_one_answer(client: Browser) -> None:
    root, gone = make_user("Root", is_admin=True), make_user("Gone", is_admin=True)
    tokens = ["never", *(invite(root) for _ in range(3)), invite(gone)]
    off, over, full, _ = db.session.scalars(db.select(Invitation).order_by(Invitation.id))
    off.ended_at, over.expires_at, full.taken = now(), now() - dt.timedelta(seconds=1), 1
    gone.is_admin = False
    db.session.commit()

    answers = [client.get(f"/join/{token}") for token in tokens]
    answers += [client.submit(f"/join/{token}", **ADA) for token in tokens]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert db.session.scalar(User.with_email(ADA["email"])) is None


def test_the_last_place_is_given_once(app: Flask) -> None:
    token = invite(make_user("Root", is_admin=True), places=2)

    def join(number: int) -> int:
        person = {"name": "Guest", "email": f"g{number}@example.org", "password": PASSWORD}
        return app.test_client().submit(f"/join/{token}", **person).status_code

    answers = at_once(app, join, times=4)

    assert sorted(answers) == [303, 303, 404, 404]
    assert db.session.scalars(db.select(Invitation.taken)).one() == 2


def test_an_email_that_is_taken_costs_no_place(client: Browser) -> None:
    token = invite(make_user("Root", is_admin=True))
    make_user()

    answer = client.submit(f"/join/{token}", **ADA)

    assert answer.status_code == 422
    assert "There is an account with this email already." in answer.text
    assert db.session.scalars(db.select(Invitation.taken)).one() == 0


def test_an_invitation_is_turned_off_and_then_forgotten(app: Flask, client: Browser) -> None:
    root = make_user("Root", is_admin=True)
    boss, token = sign_in(app.test_client(), root), invite(root)
    end = f"/admin/invitations/{db.session.scalars(db.select(Invitation.public_id)).one()}/end"
    assert client.get(f"/join/{token}").status_code == 200

    boss.submit(end)
    is_off = (
        client.get(f"/join/{token}").status_code == 404
        and "Turned off" in boss.get("/admin/invitations").text
    )
    boss.submit(end)

    assert is_off
    assert not db.session.scalars(db.select(Invitation)).all()
    assert acts()[-1] == ("invitation turned off", "Root", "Root")


@pytest.mark.parametrize("quota", ["much", "-1", "NaN", "1e9", "Infinity"])
def test_a_quota_that_is_no_number_is_asked_for_again(client: Browser, quota: str) -> None:
    sign_in(client, make_user("Root", is_admin=True))

    answer = client.submit("/admin/invitations", role="user", quota=quota, places="1", days="7")

    assert answer.status_code == 422
    assert "Write a number from 0 to 1,000,000" in answer.text and f'value="{quota}"' in answer.text
    assert not db.session.scalars(db.select(Invitation)).all()


def test_whoever_tries_addresses_of_invitations_waits(app: Flask, client: Browser) -> None:
    app.config["LINK_LIMIT"] = "2 per minute"
    token = invite(make_user("Root", is_admin=True))

    codes = [client.get(f"/join/{guess}").status_code for guess in (token, "a", token, "b", "c")]

    assert codes == [200, 404, 200, 404, 429]
