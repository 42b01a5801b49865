"""What is done with many photos at once, and taken back."""

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gallery.accounts.models import User
from gallery.albums.models import Album, Entry
from gallery.extensions import begin_writing, db
from gallery.photos import tending, timeline, trash
from gallery.photos.models import Change, Photo, Visibility
from gallery.photos.tags import tag
from gallery.photos.verify import verify
from tests.conftest import Browser
from tests.crowded import crowd
from tests.make import jpeg, make_album, make_photo, make_user, put_in, sign_in, told_until
from tests.photos.test_derivatives import work
from tests.photos.test_live import halves

JULY = dt.datetime(2024, 7, 31, 23, 30)


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user()
    sign_in(client, ada)
    return ada


@pytest.fixture
def photos(app: Flask, ada: User) -> list[Photo]:
    """Three photos with a date, a caption, a tag and a place, two of them in an album."""
    photos = [
        make_photo(ada, jpeg((60, 40), seed=day, taken=JULY - day * dt.timedelta(days=30)))
        for day in range(3)
    ]
    work(app)
    begin_writing()
    for number, photo in enumerate(photos):
        tending.caption(photo, f"Photo {number}")
        tending.put(photo, 43.26, -2.93)
        tag(photo, ["sea"])
    db.session.commit()
    put_in(make_album(ada), *photos[:2])
    return photos


def ids(photos: list[Photo]) -> list[str]:
    return [photo.public_id for photo in photos]


def state() -> list[object]:
    """All that the database says of photos, tags, albums and counters."""
    db.session.rollback()
    tables = ("photos", "photo_tags", "album_entries", "month_counts", "users")
    rows = [db.session.execute(db.text(f"SELECT * FROM {table}")).all() for table in tables]
    counted = [row for row in rows[3] if row.photos]
    return [sorted(map(str, each)) for each in (*rows[:3], counted, rows[4])]


def undo(client: Browser, page: str = "/photos") -> TestResponse:
    url = re.search(r'action="(/changes/[^"]*)"', client.get(page).text)[1]
    return client.submit(url.replace("&amp;", "&"))


class Case(NamedTuple):
    fields: dict[str, str]
    holds: Callable[[Photo], bool]
    said: str


ACTS = {
    "favourite": Case({}, lambda p: p.is_favourite, "3 photos added to your favourites."),
    "archive": Case({}, lambda p: p.archived_at is not None, "3 photos archived"),
    "trash": Case({}, lambda p: p.trashed_at is not None, "3 photos moved to the trash."),
    "caption": Case({"caption": " A cat "}, lambda p: p.caption == "A cat", "3 photos captioned."),
    "tag": Case(
        {"tags": "Picos, hike", "without": "SEA"},
        lambda p: [tag.name for tag in p.tags] == ["Picos", "hike"],
        "3 photos tagged.",
    ),
    "date": Case(
        {"way": "later", "days": "1", "hours": "1", "minutes": "0"},
        lambda p: f"{timeline.moment_of(p):%H:%M}" == "00:30",
        "3 photos moved",
    ),
    "place": Case(
        {"place": "48.8584, 2.2945"}, lambda p: p.place_name.startswith("Paris"), "3 photos put"
    ),
}


@pytest.mark.parametrize("do", ACTS)
def test_act_is_done(client: Browser, photos: list[Photo], do: str) -> None:
    case = ACTS[do]
    step = {"step": "said"} if case.fields else {}

    answer = client.submit("/photos/batch", do=do, id=ids(photos), **case.fields, **step)

    assert answer.status_code == 303
    assert case.said in client.get(answer.location).text
    db.session.expire_all()
    assert all(case.holds(photo) for photo in photos)
    assert verify().wrong == []


def test_batch_gives_no_photo_more_tags_than_it_can_have(
    client: Browser, photos: list[Photo]
) -> None:
    words = [", ".join(f"{name}{n}" for n in range(60)) for name in "ab"]
    form = {"do": "tag", "id": ids(photos), "step": "said"}
    first = client.submit("/photos/batch", **form, tags=words[0]).status_code
    before = state()

    answer = client.submit("/photos/batch", **form, tags=words[1])
    freed = client.submit("/photos/batch", **form, tags=words[1], without=words[0]).status_code

    assert (first, answer.status_code, freed) == (303, 422, 303)
    assert "One of them would have more than 100 tags." in answer.text and words[1] in answer.text
    db.session.expire_all()
    assert {len(photo.tags) for photo in photos} == {61} and state() != before


@pytest.mark.parametrize("do", ACTS)
def test_all_is_as_before_after_undo(client: Browser, photos: list[Photo], do: str) -> None:
    case, was = ACTS[do], state()
    step = {"step": "said"} if case.fields else {}
    client.submit("/photos/batch", do=do, id=ids(photos), **case.fields, **step)

    answer = undo(client)

    assert "Undone: 3 photos as before." in client.get(answer.location).text
    assert state() == was
    assert verify().wrong == []


@pytest.mark.parametrize(
    ("do", "given"),
    [
        ("unfavourite", {"is_favourite": True}),
        ("unarchive", {"archived_at": None}),
        ("restore", {}),
    ],
)
def test_act_the_other_way_is_undone_too(
    client: Browser, photos: list[Photo], do: str, given: dict[str, object]
) -> None:
    first = {"unfavourite": "favourite", "unarchive": "archive", "restore": "trash"}[do]
    before = state()
    client.submit("/photos/batch", do=first, id=ids(photos))
    client.get("/photos")
    was = state()

    client.submit("/photos/batch", do=do, id=ids(photos))
    back = state()
    undo(client)

    assert back == before
    assert state() == was
    assert verify().wrong == []


def test_visibility_of_many_is_undone(client: Browser, photos: list[Photo]) -> None:
    asked = client.submit("/photos/batch", do="visibility", id=ids(photos))
    assert (asked.status_code, asked.location) == (307, "/photos/who")
    fields = {"id": ids(photos), "visibility": "public", "offer": "original"}

    client.submit("/photos/audience", **fields)

    db.session.expire_all()
    assert {photo.visibility for photo in photos} == {Visibility.PUBLIC}
    undo(client)
    db.session.expire_all()
    assert {photo.visibility for photo in photos} == {Visibility.PRIVATE}


def test_adding_to_an_album_is_undone_for_those_that_came(
    client: Browser, photos: list[Photo]
) -> None:
    album = db.session.scalar(db.select(Album))
    was = state()

    client.submit(f"/albums/{album.slug}/add", id=ids(photos))
    assert db.session.scalar(db.select(db.func.count()).select_from(Entry)) == 3
    undo(client)

    assert state() == was
    assert verify().wrong == []


def test_both_halves_go_and_come_back(client: Browser, ada: User) -> None:
    still, motion = halves(ada)
    was = state()

    client.submit("/photos/batch", do="trash", id=still.public_id)
    db.session.expire_all()
    assert still.trashed_at and motion.trashed_at
    undo(client)

    assert state() == was
    assert verify().wrong == []


def test_moving_half_alone_comes_back_to_its_still(client: Browser, ada: User) -> None:
    _, motion = halves(ada)
    was = state()
    client.submit(f"/p/{motion.public_id}/trash")

    undo(client)

    assert state() == was
    assert verify().wrong == []


def test_favourites_tags_and_albums_survive_the_trash(client: Browser, photos: list[Photo]) -> None:
    client.submit("/photos/batch", do="favourite", id=ids(photos))
    was = state()

    client.submit("/photos/batch", do="trash", id=ids(photos), **{"in": ""})
    client.submit("/photos/batch", do="restore", all="1", **{"in": "trash"})

    assert state() == was
    assert verify().wrong == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"do": "favourite"}, 400),
        ({"do": "explode", "id": "{photo}"}, 400),
        ({"do": "favourite", "id": "nothing"}, 404),
        ({"do": "restore", "id": "{photo}"}, 404),
        ({"do": "delete", "id": "{photo}"}, 404),
        ({"do": "tag", "id": "nothing"}, 404),
        ({"do": "tag", "id": "{photo}", "step": "said"}, 422),
        ({"do": "date", "id": "{photo}", "step": "said", "way": "set"}, 422),
        ({"do": "date", "id": "{photo}", "step": "said", "way": "later"}, 422),
        ({"do": "date", "id": "{photo}", "step": "said", "way": "later", "days": "36500"}, 422),
        ({"do": "place", "id": "{photo}", "step": "said"}, 422),
        ({"do": "place", "id": "{photo}", "step": "said", "place": "north"}, 422),
    ],
)
def test_what_cannot_be_done_is_said(
    client: Browser, photos: list[Photo], fields: dict[str, str], status: int
) -> None:
    was = state()
    form = {name: value.format(photo=photos[0].public_id) for name, value in fields.items()}

    assert client.submit("/photos/batch", **form).status_code == status
    assert state() == was


@pytest.mark.parametrize("do", ["caption", "tag", "date", "place"])
def test_words_are_asked_for_and_say_of_how_many(
    client: Browser, photos: list[Photo], do: str
) -> None:
    page = client.submit("/photos/batch", do=do, section="2024-07", back="/photos/2024").text

    assert "Save for 2 photos" in page
    assert 'name="section" value="2024-07"' in page and 'href="/photos/2024"' in page


def test_photos_of_anybody_else_stay_as_they_are(client: Browser, photos: list[Photo]) -> None:
    theirs = make_photo(make_user("Bob Anders"), jpeg((60, 40), seed=9))

    client.submit("/photos/batch", do="favourite", id=[theirs.public_id, photos[0].public_id])

    db.session.expire_all()
    assert (theirs.is_favourite, photos[0].is_favourite) == (False, True)


def test_date_is_set_for_one_camera_alone(client: Browser, ada: User, photos: list[Photo]) -> None:
    begin_writing()
    photos[0].camera = "Phone"
    db.session.commit()
    fields = {"way": "set", "day": "2020-02-29", "time": "12:30", "zone": "60", "camera": "Phone"}

    client.submit("/photos/batch", do="date", id=ids(photos), step="said", **fields)

    db.session.expire_all()
    days = [photo.local_day.year for photo in photos]
    assert days == [2020, 2024, 2024]
    assert photos[0].taken_at == dt.datetime(2020, 2, 29, 11, 30, tzinfo=dt.UTC)
    assert verify().wrong == []


def test_place_is_taken_away(client: Browser, photos: list[Photo]) -> None:
    fields = {"step": "said", "is_forgotten": "y"}
    client.submit("/photos/batch", do="place", id=ids(photos), **fields)

    db.session.expire_all()
    assert {(photo.latitude, photo.place_name) for photo in photos} == {(None, "")}


def test_delete_from_the_trash_says_number_and_size(client: Browser, photos: list[Photo]) -> None:
    client.submit("/photos/batch", do="trash", id=ids(photos))
    some = {"do": "delete", "in": "trash", "id": ids(photos[:2])}

    asked = client.submit("/photos/batch", **some).text
    client.submit("/photos/batch", **some, until=told_until(asked), step="sure")

    assert re.search(r"2 photos, [\d.]+ (KB|bytes) in all, will be deleted for good", asked)
    left = db.session.scalars(db.select(Photo.public_id)).all()
    assert left == ids(photos[2:])
    assert verify().wrong == [] and verify().without_row == []


def test_what_comes_to_the_trash_after_the_page_asked_stays(
    client: Browser, photos: list[Photo]
) -> None:
    every = {"do": "delete", "in": "trash", "all": "1"}
    client.submit("/photos/batch", do="trash", id=ids(photos[:2]))
    until = told_until(client.submit("/photos/batch", **every).text)
    client.submit("/photos/batch", do="trash", id=ids(photos[2:]))

    unsaid = client.submit("/photos/batch", **every, until="soon", step="sure")
    done = client.submit("/photos/batch", **every, until=until, step="sure")

    assert unsaid.status_code == 200 and "Delete 3 photos?" in unsaid.text
    assert done.status_code == 303 and "2 photos deleted for good." in client.get("/trash").text
    assert db.session.scalars(db.select(Photo.public_id)).all() == ids(photos[2:])


def test_many_are_shown_before_they_are_changed(client: Browser, ada: User) -> None:
    crowd(ada, 101, day=JULY.date())
    form = {"do": "caption", "caption": "A {} cat", "all": "1", "back": "/photos?before=x_y"}

    shown = client.submit("/photos/batch", **form, step="said")
    unchanged = db.session.scalar(db.select(db.func.max(Photo.caption)))
    done = client.submit("/photos/batch", **form, step="sure")

    assert "This changes 101 photos." in shown.text
    assert "FUJIFILM X-T5" in shown.text and "No camera known" in shown.text
    assert "No caption" in shown.text and "A {} cat" in shown.text
    assert unchanged == ""
    assert done.location == "/photos?before=x_y"
    assert db.session.scalar(db.select(db.func.min(Photo.caption))) == "A {} cat"


def test_many_are_shown_before_they_go_into_an_album(client: Browser, ada: User) -> None:
    crowd(ada, 101, day=JULY.date())
    album = make_album(ada, "A {} cat")

    shown = client.submit(f"/albums/{album.slug}/add", all="1")
    done = client.submit(f"/albums/{album.slug}/add", all="1", step="sure")

    assert "Add 101 photos to “A {} cat”?" in shown.text
    assert done.status_code == 303
    db.session.refresh(album)
    assert album.photo_count == 101


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site(client: Browser, photos: list[Photo], back: str) -> None:
    answer = client.submit("/photos/batch", do="favourite", id=ids(photos), back=back)

    assert answer.location == "/photos"


def test_undo_of_the_photo_page_leads_back_to_it(client: Browser, photos: list[Photo]) -> None:
    page = f"/p/{photos[0].public_id}"
    client.submit("/photos/batch", do="favourite", id=ids(photos))
    client.get("/photos")

    moved = client.submit(f"{page}/trash?in=favourites")

    assert moved.location == "/favourites"
    assert undo(client, moved.location).location == f"{page}?in=favourites"


def test_lists_show_what_is_theirs(client: Browser, photos: list[Photo]) -> None:
    assert "No favourites yet" in client.get("/favourites").text
    assert "Nothing in the archive" in client.get("/archive").text

    client.submit("/photos/batch", do="favourite", id=photos[0].public_id)
    client.submit("/photos/batch", do="archive", id=ids(photos[:2]))

    assert client.get("/favourites").text.count('<li class="tile') == 1
    assert client.get("/archive").text.count('<li class="tile') == 2
    assert client.get("/photos").text.count('<li class="tile') == 1
    shape = client.get("/photos/shape?in=archive").json
    assert [section["key"] for section in shape["sections"]] == ["2024-07"]


def test_nothing_in_the_trash_is_captioned(client: Browser, photos: list[Photo]) -> None:
    begin_writing()
    trash.discard(photos[0])
    db.session.commit()
    form = {"do": "caption", "caption": "A cat", "step": "said"}

    client.submit("/photos/batch", id=ids(photos), **form)

    db.session.expire_all()
    assert [photo.caption for photo in photos] == ["Photo 0", "A cat", "A cat"]
    assert db.session.scalar(db.select(db.func.count()).select_from(Change)) == 1
