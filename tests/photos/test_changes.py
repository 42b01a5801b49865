"""A change is taken back once, within a day, by the one who made it."""

import datetime as dt

import pytest
from flask import Flask

from gallery.accounts.models import User
from gallery.errors import NotThere
from gallery.extensions import begin_writing, db, now
from gallery.photos import acts, changes, sweep, trash, worded_acts
from gallery.photos.models import Change, Photo
from gallery.photos.tags import tag
from gallery.photos.verify import verify
from tests.conftest import Browser
from tests.make import jpeg, make_album, make_photo, make_user, put_in, sign_in


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user()


@pytest.fixture
def photos(ada: User) -> list[Photo]:
    return [make_photo(ada, jpeg((60, 40), seed=n), f"{n}.jpg") for n in range(2)]


def archive(owner: User) -> str:
    begin_writing()
    _, change = acts.perform(acts.ARCHIVE, owner, Photo.shown_of(owner))
    db.session.commit()
    db.session.expire_all()  # another request comes next
    return change.public_id


def archived() -> list[bool]:
    db.session.expire_all()
    photos = db.session.scalars(db.select(Photo).order_by(Photo.id))
    return [photo.archived_at is not None for photo in photos]


def test_change_is_undone_once(ada: User, photos: list[Photo]) -> None:
    change = archive(ada)
    begin_writing()

    assert changes.undo(ada, change) == 2
    assert archived() == [False, False]
    with pytest.raises(NotThere, match="undone already"):
        changes.undo(ada, change)


def test_change_of_yesterday_stays(ada: User, photos: list[Photo]) -> None:
    change = archive(ada)
    begin_writing()
    db.session.execute(db.update(Change).values(created_at=now() - changes.LASTS))

    with pytest.raises(NotThere, match="more than a day"):
        changes.undo(ada, change)
    assert archived() == [True, True]


def test_nobody_undoes_what_another_did(ada: User, photos: list[Photo]) -> None:
    bob, change = make_user("Bob Anders"), archive(ada)
    begin_writing()

    with pytest.raises(NotThere):
        changes.undo(bob, change)
    assert archived() == [True, True]


def test_what_is_gone_since_is_left_out(client: Browser, ada: User, photos: list[Photo]) -> None:
    change = archive(ada)
    begin_writing()
    trash.discard(photos[0])
    db.session.flush()
    trash.delete_rows(trash.trashed_by(ada))
    db.session.commit()
    begin_writing()

    assert changes.undo(ada, change) == 1
    db.session.commit()
    assert archived() == [False]
    assert [fault for fault in verify().wrong if "counted" in fault] == []


def test_what_went_to_the_trash_since_stays_there(ada: User, photos: list[Photo]) -> None:
    change = archive(ada)
    begin_writing()
    trash.discard(photos[0])
    db.session.commit()
    begin_writing()

    changes.undo(ada, change)
    db.session.commit()

    assert archived() == [False, False]
    assert photos[0].trashed_at is not None
    assert verify().wrong == []


def test_tag_that_was_deleted_comes_back_with_the_change(ada: User, photos: list[Photo]) -> None:
    begin_writing()
    tag(photos[0], ["sea", "Sea wall"])
    _, change = acts.perform(worded_acts.tagged(ada, [], ["SEA"]), ada, Photo.shown_of(ada))
    gone = photos[0].tags[0]
    db.session.expire_all()
    assert [each.name for each in photos[0].tags] == ["Sea wall"]
    db.session.delete(gone)
    db.session.commit()
    begin_writing()

    changes.undo(ada, change.public_id)

    db.session.expire_all()
    assert [each.name for each in photos[0].tags] == ["Sea wall", "sea"]


def test_album_that_is_gone_is_not_missed(client: Browser, ada: User, photos: list[Photo]) -> None:
    album = make_album(ada)
    put_in(album, *photos)
    begin_writing()
    change = changes.keep_entries(ada, "take-out", album, [photo.id for photo in photos])
    db.session.delete(album)
    db.session.commit()
    begin_writing()

    assert changes.undo(ada, change.public_id) == 2


def test_page_says_that_nothing_can_be_undone(
    client: Browser, ada: User, photos: list[Photo]
) -> None:
    sign_in(client, ada)
    url = f"/changes/{archive(ada)}/undo?back=/archive"

    first, second = client.submit(url), client.submit(url)
    never = client.submit("/changes/nothing/undo")

    assert first.location == "/archive"
    assert second.status_code == never.status_code == 404
    assert "This was undone already, or more than a day has passed since." in second.text
    assert "This was undone already" in never.text


def test_sweep_forgets_changes_of_yesterday(app: Flask, ada: User, photos: list[Photo]) -> None:
    archive(ada)
    begin_writing()
    db.session.execute(db.update(Change).values(created_at=now() - dt.timedelta(days=2)))
    archive(ada)

    sweep.sweep()

    assert db.session.scalar(db.select(db.func.count()).select_from(Change)) == 1
