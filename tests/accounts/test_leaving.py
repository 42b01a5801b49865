"""The end of an account: what is said first, the week to come back, and what is left."""

import datetime as dt

import pytest
from flask import Flask

from gallery import storage, worker
from gallery.accounts.models import AuditEntry, User
from gallery.albums.models import Album, Role
from gallery.extensions import db
from gallery.photos.models import Photo
from gallery.photos.sweep import sweep
from gallery.photos.trash import discard
from gallery.photos.verify import verify
from gallery.sharing.models import Gift
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

PAGE = "/settings/delete"


@pytest.fixture
def ada(client: Browser) -> User:
    """Ada, whose client is signed in; somebody else runs the place."""
    make_user("Root", is_admin=True)
    ada = make_user()
    sign_in(client, ada)
    return ada


def leave(client: Browser) -> None:
    answer = client.submit(PAGE, email=" ADA@example.org", current=PASSWORD)
    assert answer.status_code == 303, answer.text


def let_time_pass(user: User, days: int) -> None:
    db.session.refresh(user)
    user.leaving_at -= dt.timedelta(days=days)
    db.session.commit()


@pytest.mark.parametrize(
    ("email", "password"), [("zoe@example.org", PASSWORD), ("ada@example.org", "wrong wrong")]
)
def test_an_account_ends_only_by_its_email_and_its_password(
    client: Browser, ada: User, email: str, password: str
) -> None:
    answer = client.submit(PAGE, email=email, current=password)

    db.session.refresh(ada)
    assert answer.status_code == 422
    assert ada.leaving_at is None and client.get("/photos").status_code == 200


def test_what_goes_with_it_is_said_first(client: Browser, ada: User) -> None:
    zoe = make_user("Zoe")
    mine, alone, theirs = make_album(ada, "Picos"), make_album(ada, "Alone"), make_album(zoe)
    ask_in(mine, zoe, Role.ADD)
    ask_in(theirs, ada, Role.ADD)
    photo = make_photo(ada, jpeg())
    put_in(alone, photo)
    put_in(theirs, photo)

    page = client.get(PAGE).text

    assert "With it go 1 photo, 10 KB in all, 2 albums and 0 links, for good." in page
    assert (
        '<li><bdi>Picos</bdi> <span class="meta">Zoe</span></li>' in page
        and "<li><bdi>Alone" not in page
    )
    assert "Albums of others lose photos too: 1 photo in 1 album." in page


def test_at_once_nobody_gets_in_and_within_the_week_a_sign_in_keeps_all(
    app: Flask, client: Browser, ada: User
) -> None:
    other, visitor = sign_in(app.test_client(), ada), app.test_client(use_cookies=False)
    program = {"Authorization": f"Bearer {make_token(ada)}"}
    link = make_link([make_photo(ada, jpeg())])

    def gets() -> list[int]:
        answers = (
            client.get("/photos"),
            other.get("/photos"),
            visitor.get("/limits.json", headers=program),
            visitor.get(f"/s/{link}"),
        )
        return [answer.status_code for answer in answers]

    before = gets()
    leave(client)
    leaving = gets()
    let_time_pass(ada, 6)
    sweep()
    sign_in(client, ada)

    assert (before, leaving) == ([200] * 4, [302, 302, 401, 404])
    assert "Welcome back: your account stays" in client.get("/photos").text
    assert gets() == [200, 302, 200, 200]
    db.session.refresh(ada)
    assert ada.leaving_at is None


def test_after_the_week_all_is_gone_but_what_is_others(
    app: Flask, client: Browser, ada: User
) -> None:
    zoe = make_user("Zoe")
    mine, theirs = make_album(ada, "Picos"), make_album(zoe, "Alps")
    hers, kept = [make_photo(ada, jpeg(seed=n)) for n in range(3)], make_photo(zoe, jpeg(seed=9))
    put_in(mine, kept, *hers)
    put_in(theirs, kept, *hers)
    while worker.perform(app):
        pass
    discard(hers[0])
    db.session.add(Gift(photo_id=hers[0].id))  # of a guest, and still to be decided
    db.session.commit()
    leave(client)
    let_time_pass(ada, 7)

    answer = client.submit("/login", email=ada.email, password=PASSWORD)
    sweep()

    db.session.rollback()
    assert answer.status_code == 422 and "don’t match" in answer.text
    assert db.session.scalar(User.with_email("ada@example.org")) is None
    assert db.session.scalars(db.select(Photo.id)).all() == [kept.id]
    assert db.session.execute(db.select(Album.title, Album.photo_count)).all() == [("Alps", 1)]
    for name in ("photos", "previews"):
        assert {file.partition("/")[0] for file in storage.files_of(name)} == {zoe.folder}
    assert verify().wrong == []
    entries = db.session.execute(db.select(AuditEntry.act, AuditEntry.actor_name)).all()
    assert entries == [("leaving", "Ada Moreau"), ("left", "Ada Moreau")]


def test_the_last_admin_cannot_leave(client: Browser, ada: User) -> None:
    root = db.session.scalars(User.with_email("root@example.org")).one()
    sign_in(client, root)

    answer = client.submit(PAGE, email=root.email, current=PASSWORD)

    db.session.refresh(root)
    assert answer.status_code == 422 and "Nobody else runs this gallery." in answer.text
    assert root.leaving_at is None
