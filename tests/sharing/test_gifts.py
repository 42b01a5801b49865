"""The drop box: what guests give by a link, as far as it goes, and what its owner decides."""

import base64
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gallery import storage
from gallery.accounts.models import User
from gallery.accounts.signing_in import hashed
from gallery.albums import audience
from gallery.albums.models import Album, Entry
from gallery.extensions import begin_writing, db, now
from gallery.photos.derivatives import derive
from gallery.photos.models import Photo
from gallery.photos.trash import discard
from gallery.photos.verify import verify
from gallery.sharing.models import Gift, ShareLink
from tests.conftest import ORIGIN, Browser
from tests.make import (
    a_file,
    called,
    jpeg,
    make_link,
    make_photo,
    make_user,
    put_in,
    sign_in,
)

TUS = {"Tus-Resumable": "1.0.0", "Origin": ORIGIN}
BYTES = "application/offset+octet-stream"


def give(client: Browser, token: str, *data: bytes, guest: str = "") -> TestResponse:
    files = [a_file(each, f"cat {number}.jpg") for number, each in enumerate(data)]
    # Werkzeug's client writes a form of which the last field is empty as no browser does.
    sent = {"file": files} | ({"name": guest} if guest else {})
    return client.post(f"/s/{token}/add", data=sent, headers={"Origin": ORIGIN})


def begin(client: Browser, token: str, size: int) -> TestResponse:
    name = base64.b64encode(b"cat.jpg").decode()
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    return client.post(f"/s/{token}/files", headers=headers)


def go_on(client: Browser, place: str, data: bytes) -> TestResponse:
    headers = {**TUS, "Upload-Offset": "0"}
    return client.patch(place, data=data, content_type=BYTES, headers=headers)


def change(**facts: object) -> None:
    begin_writing()
    link = db.session.scalar(db.select(ShareLink))
    for name, value in facts.items():
        setattr(link, name, value)
    db.session.commit()


def photos_of(ada: User) -> list[Photo]:
    db.session.expire_all()
    return list(db.session.scalars(Photo.owned_by(ada).order_by(Photo.id)))


def files_kept() -> int:
    return sum(path.is_file() for path in (storage.root() / "photos").rglob("*"))


def in_album(album: Album) -> int:
    return db.session.scalar(db.select(db.func.count()).where(Entry.album_id == album.id))


def test_guest_adds_photos_to_the_album(client: Browser, ada: User, album: Album) -> None:
    token = make_link(album, takes_files=True)

    answer = give(client, token, jpeg(seed=1), jpeg(seed=2), guest="Aunt May")

    assert answer.status_code == 201
    assert "Thank you: 2 files are here" in answer.text
    assert in_album(album) == 2
    assert photos_of(ada)[0].filename.startswith(f"{ada.folder}/")
    assert [gift.guest for gift in db.session.scalars(db.select(Gift))] == ["Aunt May"] * 2
    assert verify().wrong == []


def test_what_waits_is_shown_nowhere_until_it_is_let_in(
    client: Browser, ada: User, album: Album
) -> None:
    token = make_link(album, takes_files=True, asks_first=True)
    give(client, token, jpeg(seed=1), guest="Aunt May")
    (photo,) = photos_of(ada)
    derive(photo.id)
    db.session.commit()
    preview = f"/s/{token}/i/{called(token, photo)}/{photo.derivatives[0].url_name}"

    assert client.get(f"/s/{token}/p/{called(token, photo)}").status_code == 404
    assert client.get(preview).status_code == 404
    sign_in(client, ada)
    pages = [client.get(each).text for each in ("/photos", "/trash", "/albums/recent", "/archive")]
    assert not any(photo.public_id in page for page in pages)
    assert "1 photo of guests waits for you." in client.get("/sharing").text
    waiting = client.get("/sharing/guests").text
    assert photo.public_id in waiting and "Aunt May" in waiting
    assert "Given by Aunt May" in client.get(f"/p/{photo.public_id}").text
    assert (ada.photo_count, in_album(album)) == (0, 0)
    assert verify().wrong == []

    client.submit("/sharing/guests/in", **{"in": "guests", "id": photo.public_id})

    assert client.get(preview).status_code == 200
    assert photo.public_id in client.get("/photos").text
    assert "Nothing waits for you" in client.get("/sharing/guests").text
    assert in_album(album) == 1
    assert verify().wrong == []


def test_what_is_turned_down_is_in_the_trash(client: Browser, ada: User, album: Album) -> None:
    token = make_link(album, takes_files=True, asks_first=True)
    give(client, token, *(jpeg(seed=n) for n in range(3)))
    change_all = db.update(Photo).values(trashed_at=now() - dt.timedelta(days=20))
    begin_writing()
    db.session.execute(change_all)
    db.session.commit()
    sign_in(client, ada)

    answer = client.submit("/sharing/guests/down", **{"in": "guests", "all": "1"})

    assert answer.status_code == 303
    page = client.get("/trash").text
    assert all(photo.public_id in page for photo in photos_of(ada))
    assert "30 days" in page  # from now on, and not from when it was given
    assert in_album(album) == 0
    assert verify().wrong == []


def test_nobody_decides_about_what_was_given_to_others(
    client: Browser, ada: User, album: Album
) -> None:
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg())
    (photo,) = photos_of(ada)
    sign_in(client, make_user("Eve Lund"))

    answers = [
        client.submit(f"/sharing/guests/{act}", id=photo.public_id) for act in ("in", "down")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert photos_of(ada)[0].trashed_at is not None


def test_emptying_the_trash_leaves_what_waits(client: Browser, ada: User, album: Album) -> None:
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg())
    sign_in(client, ada)

    client.submit("/trash/empty", until=now().isoformat())

    assert len(photos_of(ada)) == 1


@pytest.mark.parametrize("asks_first", [False, True])
def test_guest_does_not_learn_what_its_owner_has(
    client: Browser, ada: User, album: Album, asks_first: bool
) -> None:
    make_photo(ada, jpeg(seed=1))
    begin_writing()
    discard(make_photo(ada, jpeg(seed=2)))
    db.session.commit()
    token = make_link(album, takes_files=True, asks_first=asks_first)

    answer = give(client, token, jpeg(seed=1), jpeg(seed=2), jpeg(seed=3))

    assert answer.text.count("<p>Sent</p>") == 3
    # What is its owner's own is shown, or comes back from the trash, by their word alone.
    assert in_album(album) == (0 if asks_first else 1)
    waiting = list(db.session.scalars(Gift.waiting_for(ada)))
    assert len(waiting) == (3 if asks_first else 2)
    sign_in(client, ada)
    client.submit("/sharing/guests/in", **{"in": "guests", "all": "1"})
    assert in_album(album) == 3
    assert verify().wrong == []


@pytest.mark.parametrize("limit", [{"file_limit": 2}, {"byte_limit": 25_000}])
def test_link_takes_no_more_than_it_was_made_for(
    client: Browser, ada: User, album: Album, limit: dict[str, int]
) -> None:
    token = make_link(album, takes_files=True, **limit)
    files = [jpeg(seed=n) for n in range(3)]
    assert min(map(len, files)) > 8_500 and max(map(len, files)) < 12_000

    answer = give(client, token, *files)

    assert answer.status_code == 201
    assert answer.text.count("There is no more room for this here.") == 1
    assert len(photos_of(ada)) == in_album(album) == 2
    assert files_kept() == 2
    assert begin(client, token, len(files[2])).status_code == 413
    assert verify().wrong == []


def test_two_guests_at_once_cannot_both_be_the_last(app: Flask, ada: User, album: Album) -> None:
    token = make_link(album, takes_files=True, file_limit=5)

    def one(number: int) -> int:
        with app.app_context():
            return give(app.test_client(), token, jpeg((40, 30), seed=number)).status_code

    with ThreadPoolExecutor(8) as crowd:
        codes = list(crowd.map(one, range(12)))

    assert sorted(codes) == [201] * 5 + [422] * 7
    assert len(photos_of(ada)) == files_kept() == 5


def test_full_space_of_the_owner_is_said_without_numbers(
    client: Browser, ada: User, album: Album
) -> None:
    begin_writing()
    ada.quota = 100
    db.session.commit()
    token = make_link(album, takes_files=True)

    answer = give(client, token, jpeg())

    assert answer.status_code == 422
    assert "There is no more room for this here." in answer.text
    assert "100" not in answer.text.split("<main")[1].split("<form")[0]
    assert files_kept() == 0


def test_bad_file_is_refused_by_name_and_leaves_nothing(
    client: Browser, ada: User, album: Album
) -> None:
    token = make_link(album, takes_files=True)

    answer = give(client, token, b"<html>", jpeg(), guest="<b>May</b>")

    assert answer.status_code == 201
    assert "This is not a photo, a video or a recording that we can read." in answer.text
    assert "<b>May</b>" not in answer.text
    assert files_kept() == 1


def test_files_come_in_parts(client: Browser, ada: User, album: Album) -> None:
    token, data = make_link(album, takes_files=True), jpeg()
    place = begin(client, token, len(data)).headers["Location"]
    assert place.startswith(f"/s/{token}/files/")

    first = go_on(client, place, data[:500])
    headers = {**TUS, "Upload-Offset": "500"}
    last = client.patch(place, data=data[500:], content_type=BYTES, headers=headers)

    assert (first.status_code, last.status_code) == (204, 204)
    assert "Content-Location" not in last.headers
    assert in_album(album) == 1


def test_link_switched_off_takes_nothing_more(client: Browser, ada: User, album: Album) -> None:
    token, data = make_link(album, takes_files=True), jpeg()
    place = begin(client, token, len(data)).headers["Location"]
    change(ended_at=now())

    answers = [
        *(client.get(f"/s/{token}/add"), give(client, token, data)),
        *(begin(client, token, 10), go_on(client, place, data)),
    ]

    never = client.get("/s/never/add")
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.text for answer in answers} == {never.text}
    assert photos_of(ada) == []


def test_link_that_only_shows_takes_nothing(client: Browser, ada: User, album: Album) -> None:
    token = make_link(album)

    answers = [
        client.get(f"/s/{token}/add"),
        give(client, token, jpeg()),
        begin(client, token, 10),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert "Add photos" not in client.get(f"/s/{token}").text


def test_drop_only_link_shows_nothing(client: Browser, ada: User, album: Album) -> None:
    photo = make_photo(ada, jpeg(seed=9))
    derive(photo.id)
    db.session.commit()
    put_in(album, photo)
    db.session.commit()
    token = make_link(album, takes_files=True, shows_photos=False)
    hidden = ["shape", "photos.zip", f"p/{called(token, photo)}", f"d/{called(token, photo)}"]
    hidden += [f"i/{called(token, photo)}/{photo.derivatives[0].url_name}"]

    home = client.get(f"/s/{token}")
    page = client.get(f"/s/{token}/add")

    assert (home.status_code, home.headers["Location"]) == (303, f"/s/{token}/add")
    assert "See the album" not in page.text
    assert {client.get(f"/s/{token}/{each}").status_code for each in hidden} == {404}
    assert "link" not in audience.of_album(album, ada).sentence


def test_locked_box_wants_its_password_first(client: Browser, ada: User, album: Album) -> None:
    token = make_link(album, takes_files=True, password_hash=hashed("cake"))

    before = [
        client.get(f"/s/{token}/add"),
        give(client, token, jpeg()),
        begin(client, token, 10),
    ]
    unlocked = client.post(
        f"/s/{token}/unlock",
        data={"password": "cake", "next": f"/s/{token}/add"},
        headers={"Origin": ORIGIN},
    )
    after = give(client, token, jpeg())

    assert {answer.status_code for answer in before} == {401}
    assert unlocked.headers["Location"] == f"/s/{token}/add"
    assert after.status_code == 201


def test_guest_gets_no_cookie(client: Browser, ada: User, album: Album) -> None:
    token = make_link(album, takes_files=True)

    answers = [client.get(f"/s/{token}/add"), give(client, token, jpeg())]

    assert not any("Set-Cookie" in answer.headers for answer in answers)
    assert ada.email not in answers[0].text


def test_owner_makes_a_box_by_the_form(client: Browser, ada: User, album: Album) -> None:
    sign_in(client, ada)
    terms = {"days": "7", "takes_files": "y", "asks_first": "y", "files": "20", "room": "2"}

    answer = client.submit(f"/albums/{album.slug}/share", **terms)
    wrong = client.submit(f"/albums/{album.slug}/share", takes_files="y", files="0")

    link = db.session.scalar(db.select(ShareLink))
    assert answer.status_code == 201
    assert (link.takes_files, link.shows_photos, link.asks_first) == (True, True, True)
    assert (link.file_limit, link.byte_limit) == (20, 2_000_000_000)
    assert "guests may add" in client.get("/sharing").text
    assert wrong.status_code == 422 and "Write a number from 1 to 100,000" in wrong.text


def test_thousands_of_photos_are_shared_by_one_form(client: Browser, ada: User) -> None:
    photo = make_photo(ada)
    sign_in(client, ada)
    ids = [photo.public_id, *(f"{number:010}" for number in range(5000))]

    answer = client.submit("/photos/share", id=ids)

    assert answer.status_code == 200
