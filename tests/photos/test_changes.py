"""A change is taken back once, within a day, by the one who made it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from flask import Flask

from gallery import extensions
from gallery.accounts.models import User
from gallery.errors import NotThere
from gallery.extensions import begin_writing, db, now
from gallery.photos import acts, changes, many, sweep, trash, worded_acts
from gallery.photos.counts import count_shown
from gallery.photos.models import Change, Offer, Photo, Source, State, Visibility
from gallery.photos.tags import tag
from gallery.photos.verify import verify
from gallery.sharing.models import Gift
from tests.conftest import Browser
from tests.films import film
from tests.imaging.blocks import jpeg_with
from tests.make import jpeg, make_album, make_photo, make_user, put_in, sign_in
from tests.photos.test_derivatives import work
from tests.photos.test_editing import PLACED


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

    assert changes.undo(ada, change).number == 2
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

    assert changes.undo(ada, change).number == 1
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

    assert changes.undo(ada, change.public_id).number == 2


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


def do(act: acts.Act, owner: User, *photos: Photo) -> Change:
    """Do an act as a door does, with some photos or with all."""
    begin_writing()
    chosen = Photo.owned_by(owner)
    if photos:
        chosen = chosen.where(Photo.id.in_([photo.id for photo in photos]))
    change = acts.perform(act, owner, chosen)[1]
    db.session.commit()
    db.session.expire_all()
    return change


def undone(owner: User, change: Change) -> changes.Undone:
    begin_writing()
    found = changes.undo(owner, change.public_id)
    db.session.commit()
    db.session.expire_all()
    return found


def say(photo: Photo, **facts: object) -> None:
    begin_writing()
    for name, value in facts.items():
        setattr(photo, name, value)
    db.session.commit()


def test_what_was_said_later_stays(client: Browser, ada: User, photos: list[Photo]) -> None:
    change = do(worded_acts.captioned("one"), ada)
    say(photos[0], caption="A long story")

    found = undone(ada, change)

    assert found == (1, 1)
    assert [photo.caption for photo in photos] == ["A long story", ""]


def test_what_was_hidden_since_is_not_shown_again(ada: User, photos: list[Photo]) -> None:
    do(worded_acts.showing(Visibility.PUBLIC, Offer.ORIGINAL), ada)
    change = do(worded_acts.showing(Visibility.MEMBERS, Offer.PICTURE), ada)
    do(worded_acts.showing(Visibility.PRIVATE, Offer.PICTURE), ada)

    begin_writing()
    with pytest.raises(NotThere, match="changed again since"):
        changes.undo(ada, change.public_id)
    db.session.rollback()

    assert {photo.visibility for photo in photos} == {Visibility.PRIVATE}


def test_words_that_came_since_stay_and_those_that_went_stay_away(
    ada: User, photos: list[Photo]
) -> None:
    begin_writing()
    tag(photos[0], ["old", "sea"])
    db.session.commit()
    change = do(worded_acts.tagged(ada, ["beach"], ["old"]), ada)
    begin_writing()
    tag(photos[0], ["beach", "boat"])
    db.session.commit()

    assert undone(ada, change) == (2, 0)

    assert [each.name for each in photos[0].tags] == ["boat", "old"]
    assert photos[1].tags == []


def live(owner: User) -> tuple[Photo, Photo]:
    """A photo, and what moves of it."""
    still, motion = make_photo(owner, jpeg(seed=7)), make_photo(owner, film(1), "7.mov")
    begin_writing()
    count_shown(motion, -1)
    motion.still_id = still.id
    db.session.commit()
    return still, motion


@pytest.mark.parametrize("fate", ["gone", "in the trash", "with another", "there"])
def test_what_moved_comes_back_to_its_photo_only_if_that_is_there(
    client: Browser, ada: User, fate: str
) -> None:
    still, motion = live(ada)
    sign_in(client, ada).submit(f"/p/{motion.public_id}/trash")
    change = db.session.scalars(db.select(Change)).one()
    if fate in ("gone", "in the trash"):
        client.submit(f"/p/{still.public_id}/trash")
    if fate == "gone":
        begin_writing()
        trash.delete_rows(Photo.owned_by(ada).where(Photo.id == still.id))
        db.session.commit()
    if fate == "with another":
        other = make_photo(ada, film(2), "8.mov")
        begin_writing()
        count_shown(other, -1)
        other.still_id = still.id
        db.session.commit()

    undone(ada, change)

    db.session.refresh(motion)
    assert motion.trashed_at is None
    assert motion.still_id == (still.id if fate == "there" else None)
    assert [fault for fault in verify().wrong if "count" in fault] == []


@pytest.mark.parametrize("way", ["by a batch", "by undo"])
def test_what_guests_gave_waits_no_more_once_it_is_back(
    ada: User, photos: list[Photo], way: str
) -> None:
    change = do(acts.TRASH, ada, photos[0])
    begin_writing()
    db.session.add(Gift(photo_id=photos[0].id, guest="May", is_held=True))
    db.session.commit()

    if way == "by undo":
        undone(ada, change)
    else:
        do(acts.RESTORE, ada, photos[0])

    assert photos[0].trashed_at is None
    assert db.session.scalars(db.select(Gift.is_held)).all() == [False]


def test_many_are_done_some_at_a_time(
    ada: User, photos: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extensions, "PORTION", 1)
    change = do(acts.ARCHIVE, ada)
    before = archived()

    assert (before, undone(ada, change)) == ([True, True], (2, 0))
    assert archived() == [False, False]
    assert verify().wrong == []


def test_what_broke_in_the_midst_of_many_is_taken_back(
    ada: User, photos: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extensions, "PORTION", 1)
    begin_writing()

    def stops(ids: Sequence[int]) -> None:
        if photos[1].id in ids:
            raise OSError("The power went.")
        many.archive(ids)

    with pytest.raises(OSError, match="power"):
        acts.perform(replace(acts.ARCHIVE, do=stops), ada, Photo.shown_of(ada))
    db.session.rollback()
    was, change = archived(), db.session.scalars(db.select(Change)).one()

    undone(ada, change)

    assert (was, archived()) == ([True, False], [False, False])
    assert verify().wrong == []


@pytest.mark.parametrize(
    "act",
    [worded_acts.placed(43.26, -2.93, "Bilbao"), worded_acts.dated(dt.datetime(2020, 1, 1), 0)],
    ids=["place", "date"],
)
def test_what_was_first_read_since_says_itself_where_and_when(
    app: Flask, ada: User, act: acts.Act
) -> None:
    photo = make_photo(ada, jpeg_with(exif=PLACED), "IMG_20230102_101112.jpg")
    change = do(act, ada, photo)
    work(app)

    undone(ada, change)
    work(app)

    db.session.expire_all()
    assert (photo.place_name, photo.taken_source) == ("Paris, France", Source.ZONE)
    assert photo.state is State.READY and verify().wrong == []


def test_what_is_said_between_some_and_some_stays(
    ada: User, photos: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extensions, "PORTION", 1)
    act = worded_acts.captioned("one")

    def with_another(ids: Sequence[int]) -> None:
        if photos[1].id in ids:  # the first is done, and somebody writes another word under it
            of_first = db.update(Photo).where(Photo.id == photos[0].id)
            db.session.execute(of_first.values(caption="A long story"))
        act.do(ids)

    change = do(replace(act, do=with_another), ada)

    assert undone(ada, change) == (1, 1)
    assert [photo.caption for photo in photos] == ["A long story", ""]
