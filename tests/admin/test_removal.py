"""An admin ends somebody's account: what is said first, the week to take it back, and the end."""

import datetime as dt

import pytest
from flask import Flask

from gallery.accounts.models import AuditEntry, User
from gallery.albums.models import Role
from gallery.extensions import db
from gallery.photos.models import Visibility
from gallery.photos.sweep import sweep
from tests.conftest import Browser
from tests.make import (
    PASSWORD,
    ask_in,
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


@pytest.fixture
def ada() -> User:
    return make_user()


def delete(boss: Browser, person: User, email: str | None = None):
    page = f"/admin/users/{person.folder}/delete"
    return boss.submit(page, email=person.email if email is None else email)


def let_the_week_pass(person: User) -> None:
    db.session.refresh(person)
    person.leaving_at -= dt.timedelta(days=7)
    db.session.commit()


def test_what_becomes_of_albums_is_said_first(boss: Browser, ada: User) -> None:
    zoe = make_user("Zoe")
    asked, open_ = make_album(ada, "Picos"), make_album(ada, "Sea", visibility=Visibility.PUBLIC)
    make_album(ada, "Alone")
    ask_in(asked, zoe, Role.VIEW)
    photo = make_photo(ada, jpeg())
    make_link([photo])
    put_in(open_, photo)
    put_in(make_album(zoe), photo)

    page = boss.get(f"/admin/users/{ada.folder}/delete").text

    assert "With it go 1 photo, 10 KB in all, 3 albums and 1 link, for good." in page
    assert '<li><bdi>Picos</bdi> <span class="meta">Zoe</span></li>' in page
    assert (
        '<li><bdi>Sea</bdi> <span class="meta">Everyone, with or without an account</span></li>'
        in page
    )
    assert "<li><bdi>Alone" not in page
    assert "Albums of others lose photos too: 1 photo in 1 album." in page


@pytest.mark.parametrize("email", ["", "zoe@example.org"])
def test_an_account_goes_only_by_its_email(boss: Browser, ada: User, email: str) -> None:
    answer = delete(boss, ada, email)

    db.session.refresh(ada)
    assert answer.status_code == 422 and 'class="field-error"' in answer.text
    assert ada.leaving_at is None and ada.is_active


def test_who_is_deleted_is_out_at_once_and_comes_back_by_no_sign_in(
    app: Flask, boss: Browser, ada: User
) -> None:
    hers, visitor = sign_in(app.test_client(), ada), app.test_client(use_cookies=False)
    program = {"Authorization": f"Bearer {make_token(ada)}"}
    link = make_link([make_photo(ada, jpeg())])

    deleted = delete(boss, ada)
    answers = (
        hers.get("/photos"),
        visitor.get("/limits.json", headers=program),
        visitor.get(f"/s/{link}"),
        hers.submit("/login", email=ada.email, password=PASSWORD),
    )

    db.session.refresh(ada)
    assert [answer.status_code for answer in answers] == [302, 401, 404, 422]
    assert deleted.status_code == 303 and ada.leaving_at is not None
    assert "This account ends on" in boss.get(f"/admin/users/{ada.folder}").text


def test_within_the_week_it_is_taken_back(app: Flask, boss: Browser, ada: User) -> None:
    make_photo(ada, jpeg())
    delete(boss, ada)

    kept = boss.submit(f"/admin/users/{ada.folder}/keep")
    sweep()
    boss.submit(f"/admin/users/{ada.folder}/enable")

    hers = sign_in(app.test_client(), ada)
    assert kept.status_code == 303 and "1 photo" in hers.get("/photos").text
    acts = db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["removed", "staying", "enabled"]


def test_after_the_week_it_is_gone_and_not_taken_back(boss: Browser, ada: User) -> None:
    delete(boss, ada)
    let_the_week_pass(ada)

    boss.submit(f"/admin/users/{ada.folder}/keep")
    said = boss.get(f"/admin/users/{ada.folder}").text
    sweep()

    db.session.rollback()
    assert "The week is over" in said
    assert db.session.scalar(User.with_email("ada@example.org")) is None


def test_admins_do_not_delete_themselves_here(boss: Browser) -> None:
    make_user("Other", is_admin=True)
    root = db.session.scalars(User.with_email("root@example.org")).one()

    delete(boss, root)

    db.session.refresh(root)
    assert "You delete your own account in the settings." in boss.get("/photos").text
    assert root.is_running
