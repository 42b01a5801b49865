"""What an admin does with somebody's account; and that somebody always runs the place."""

import datetime as dt
import re

import pytest
from flask import Flask

from gallery.accounts import governing
from gallery.accounts.models import AuditEntry, Session, User
from gallery.errors import NotPossible
from gallery.extensions import begin_writing, db
from gallery.photos.derivatives import derive
from tests.conftest import Browser
from tests.crowd import at_once
from tests.crowded import crowd, statements
from tests.make import (
    PASSWORD,
    jpeg,
    make_album,
    make_link,
    make_photo,
    make_token,
    make_user,
    put_in,
    sign_in,
)


@pytest.fixture
def boss(client: Browser) -> Browser:
    return sign_in(client, make_user("Root Boss", is_admin=True))


def page_of(user: User) -> str:
    return f"/admin/users/{user.folder}"


def acts() -> list[tuple[str, str, str]]:
    entries = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.act, entry.actor_name, entry.subject_name) for entry in entries]


def test_role_and_storage_are_given_and_hold_at_once(app: Flask, boss: Browser) -> None:
    ada = make_user()
    hers = sign_in(app.test_client(), ada)

    boss.submit(page_of(ada), role="admin", quota="0.5")
    runs = hers.get("/admin/users").status_code
    boss.submit(page_of(ada), role="user", quota="")

    db.session.refresh(ada)
    assert runs == 200 and hers.get("/admin/users").status_code == 404
    assert (ada.is_admin, ada.quota) == (False, None)
    assert acts() == [
        ("made admin", "Root Boss", "Ada Moreau"),
        ("quota changed", "Root Boss", "Ada Moreau"),
        ("made user", "Root Boss", "Ada Moreau"),
        ("quota changed", "Root Boss", "Ada Moreau"),
    ]


def test_of_two_admins_neither_takes_back_what_the_other_did(boss: Browser) -> None:
    ada = make_user("Ada Moreau", is_admin=True)
    page = boss.get(page_of(ada)).text
    seen = dict(re.findall(r'name="(\w+_seen)"[^>]*value="([^"]*)"', page))
    boss.submit(page_of(ada), role="user", quota="")

    boss.submit(page_of(ada), role="admin", quota="2", **seen)

    db.session.refresh(ada)
    assert seen == {"role_seen": "admin", "quota_seen": ""}
    assert (ada.is_admin, ada.quota) == (False, 2_000_000_000)


def test_a_quota_is_shown_as_it_was_written(boss: Browser) -> None:
    ada = make_user()

    boss.submit(page_of(ada), role="user", quota="1,5")

    assert 'value="1.5"' in boss.get(page_of(ada)).text


def test_disabling_ends_sessions_tokens_and_links_at_the_next_request(
    app: Flask, boss: Browser
) -> None:
    ada = make_user()
    hers, visitor = sign_in(app.test_client(), ada), app.test_client(use_cookies=False)
    program = {"Authorization": f"Bearer {make_token(ada)}"}
    link = make_link([make_photo(ada, jpeg())])

    def gets() -> list[int]:
        answers = (
            hers.get("/photos"),
            visitor.get("/limits.json", headers=program),
            visitor.get(f"/s/{link}"),
        )
        return [answer.status_code for answer in answers]

    before = gets()
    boss.submit(f"{page_of(ada)}/disable")
    disabled = gets()
    signing_in = app.test_client().submit("/login", email=ada.email, password=PASSWORD)
    boss.submit(f"{page_of(ada)}/enable")

    assert (before, disabled) == ([200, 200, 200], [302, 401, 404])
    assert signing_in.status_code == 422
    assert gets() == [302, 200, 200], "the session is gone for good"
    assert [act for act, *_ in acts()] == ["disabled", "enabled"]


def test_somebody_is_signed_out_everywhere(app: Flask, boss: Browser) -> None:
    ada = make_user()
    hers = [sign_in(app.test_client(), ada) for _ in range(2)]

    boss.submit(f"{page_of(ada)}/sign-out")

    assert "2 devices are signed out." in boss.get(page_of(ada)).text
    assert [each.get("/photos").status_code for each in hers] == [302, 302]
    assert acts() == [("signed out", "Root Boss", "Ada Moreau")]


@pytest.mark.parametrize(
    ("act", "fields"), [("", {"role": "user", "quota": "7"}), ("/disable", {})]
)
def test_the_last_admin_stays(boss: Browser, act: str, fields: dict[str, str]) -> None:
    make_user()
    gone = make_user("Gone", is_admin=True)
    gone.is_disabled = True
    db.session.commit()
    root = db.session.scalar(User.with_email("root@example.org"))

    answer = boss.submit(page_of(root) + act, **fields)

    shown = answer.text if answer.status_code == 422 else boss.get(page_of(root)).text
    assert "Nobody else runs this gallery." in shown
    db.session.refresh(root)
    assert root.is_running and root.quota is None
    assert db.session.scalars(db.select(Session)).all() and acts() == []


def test_of_admins_who_end_each_other_at_once_one_stays(app: Flask) -> None:
    ids = [make_user(f"Root{number}", is_admin=True).id for number in range(4)]

    def end(number: int) -> bool:
        begin_writing()
        one, other = (db.session.get(User, ids[n % 4]) for n in (number, number + 1))
        try:
            if number == 0:
                governing.give_role(other, is_admin=False, by=one)
            elif number == 1:
                governing.disable(other, by=one)
            else:
                governing.remove(other, by=one)
        except NotPossible:
            return False
        db.session.commit()
        return True

    done = at_once(app, end, times=4)

    assert sorted(done) == [False, True, True, True]
    assert len([user for user in db.session.scalars(db.select(User)) if user.is_running]) == 1


def test_a_page_of_nobody_is_missing(boss: Browser) -> None:
    assert boss.get("/admin/users/nobody-0000").status_code == 404
    assert boss.submit("/admin/users/nobody-0000/disable").status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        *("users", "users/{folder}", "users/{folder}/delete", "galleries/{folder}"),
        *("galleries/{folder}/p/{photo}", "invitations", "audit", "jobs", "storage", "integrity"),
    ],
)
def test_an_admins_page_takes_at_most_eight_statements(boss: Browser, page: str) -> None:
    ada = make_user()
    crowd(ada, 300, day=dt.date(2024, 7, 20))
    for number in range(3):
        cover = make_photo(ada, jpeg(seed=number))
        derive(cover.id)
        put_in(make_album(ada, f"Album {number}"), cover)
    for number in range(20):
        make_user(f"Guest{number}")
    address = f"/admin/{page}".format(folder=ada.folder, photo=cover.public_id)
    boss.get(address)  # the use of the session is noted

    with statements() as said:
        answer = boss.get(address)

    asked = [each for each in said if not each.startswith(("BEGIN", "PRAGMA"))]
    assert answer.status_code == 200 and len(asked) <= 8, asked
