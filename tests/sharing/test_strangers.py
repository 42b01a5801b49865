"""What a guest could do by ill will or bad luck, and does not."""

import base64
import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gallery.accounts.models import User
from gallery.albums.models import Album
from gallery.extensions import begin_writing, db, now
from gallery.photos import tags
from gallery.photos.counts import count_shown
from gallery.photos.derivatives import derive
from gallery.photos.models import Photo
from gallery.photos.sweep import sweep
from gallery.photos.trash import discard
from gallery.photos.verify import verify
from gallery.sharing.guest_views import parts
from gallery.sharing.models import Gift, ShareLink
from tests.conftest import ORIGIN, Browser
from tests.make import (
    called,
    encoded,
    jpeg,
    make_album,
    make_link,
    make_photo,
    make_token,
    picture,
    put_in,
    sign_in,
)
from tests.sharing.test_gifts import (
    BYTES,
    TUS,
    begin,
    change,
    files_kept,
    give,
    go_on,
    in_album,
    photos_of,
)


def in_days(days: int) -> None:
    """Set everything of photos in the trash so many days back."""
    begin_writing()
    db.session.execute(
        db.update(Photo)
        .where(Photo.trashed_at.is_not(None))
        .values(trashed_at=now() - dt.timedelta(days=days))
    )
    db.session.commit()


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class Slow(io.BytesIO):
    """A body in the middle of which something happens."""

    def __init__(self, data: bytes, act: Callable[[], object]) -> None:
        super().__init__(data)
        self.act = act

    def read(self, size: int = -1) -> bytes:
        if self.tell() and self.act:
            act, self.act = self.act, None
            act()
        return super().read(min(size, 4000) if size > 0 else 4000)

    read1 = read

    def readinto(self, buffer: bytearray) -> int:
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def form_of(*files: bytes) -> tuple[bytes, str]:
    b, body = "frontier", b""
    for n, each in enumerate(files):
        body += (
            (
                f'--{b}\r\nContent-Disposition: form-data; name="file"; filename="cat {n}.jpg"\r\n'
                "Content-Type: image/jpeg\r\n\r\n"
            ).encode()
            + each
            + b"\r\n"
        )
    return body + f"--{b}--\r\n".encode(), f"multipart/form-data; boundary={b}"


def give_slowly(
    client: Browser, token: str, act: Callable[[], object], *files: bytes
) -> TestResponse:
    body, type_ = form_of(*files)
    return client.post(
        f"/s/{token}/add",
        input_stream=Slow(body, act),
        content_type=type_,
        headers={"Origin": ORIGIN, "Content-Length": str(len(body))},
    )


def test_sweep_leaves_what_waits(client: Browser, ada: User, album: Album) -> None:
    token = make_link(album, takes_files=True, asks_first=True, days=365)
    give(client, token, jpeg())
    in_days(31)

    sweep()

    assert len(photos_of(ada)) == 1


def test_given_again_from_an_old_trash_is_kept(client: Browser, ada: User, album: Album) -> None:
    begin_writing()
    discard(make_photo(ada, jpeg(seed=1)))
    db.session.commit()
    in_days(31)
    answer = give(client, make_link(album, takes_files=True, asks_first=True), jpeg(seed=1))
    assert "<p>Sent</p>" in answer.text

    sweep()

    assert len(photos_of(ada)) == 1


def test_no_connection_while_first_bytes_come(
    app: Flask, client: Browser, ada: User, album: Album
) -> None:
    token, data, held = make_link(album, takes_files=True), jpeg(), []
    name = coded("cat.jpg")
    for path, more in (
        (f"/s/{token}/files", {}),
        ("/api/uploads", {"Authorization": f"Bearer {make_token(ada)}"}),
    ):
        headers = {
            **TUS,
            "Upload-Length": str(len(data)),
            "Upload-Metadata": f"filename {name}",
            "Content-Length": str(len(data)),
            **more,
        }
        body = Slow(data, lambda: held.append(db.engine.pool.checkedout()))
        answer = client.post(path, input_stream=body, content_type=BYTES, headers=headers)
        assert answer.status_code == 201
    # and in going on
    place = begin(client, token, len(jpeg(seed=5))).headers["Location"]
    data = jpeg(seed=5)
    body = Slow(data, lambda: held.append(db.engine.pool.checkedout()))
    client.patch(
        place,
        input_stream=body,
        content_type=BYTES,
        headers={**TUS, "Upload-Offset": "0", "Content-Length": str(len(data))},
    )

    assert held == [0, 0, 0]


def test_room_says_nothing_of_what_is_there(client: Browser, ada: User, album: Album) -> None:
    make_photo(ada, jpeg(seed=1))
    pages = []
    for seed in (1, 2):
        token = make_link(album, takes_files=True, file_limit=10)
        give(client, token, jpeg(seed=seed))
        pages.append(client.get(f"/s/{token}/add").text.split("Room is left")[1][:20])
    assert pages[0] == pages[1]


def test_room_is_told_as_it_is_after_sending(client: Browser, ada: User, album: Album) -> None:
    token = make_link(album, takes_files=True, file_limit=1)
    answer = give(client, token, jpeg())
    assert "Room is left for 1 file" not in answer.text


@pytest.mark.parametrize("asks_first", [False, True])
def test_full_box_says_nothing_of_what_is_there(
    client: Browser, ada: User, album: Album, asks_first: bool
) -> None:
    make_photo(ada, jpeg(seed=1))
    token = make_link(album, takes_files=True, file_limit=1, asks_first=asks_first)
    change(file_count=1)

    answers = [give(client, token, jpeg(seed=n)).status_code for n in (1, 2)]

    assert answers[0] == answers[1]


def test_full_space_says_nothing_of_what_is_there(client: Browser, ada: User, album: Album) -> None:
    make_photo(ada, jpeg(seed=1))
    begin_writing()
    ada.quota = ada.byte_count
    db.session.commit()
    token = make_link(album, takes_files=True)

    answers = [give(client, token, jpeg(seed=n)).status_code for n in (1, 2)]

    assert answers[0] == answers[1]


def test_switched_off_in_the_middle_takes_nothing_that_is_there(
    app: Flask, client: Browser, ada: User, album: Album
) -> None:
    make_photo(ada, jpeg(seed=1))
    token = make_link(album, takes_files=True)

    def off() -> None:
        with app.app_context():
            change(ended_at=now())

    give_slowly(client, token, off, jpeg(seed=1))

    assert in_album(album) == 0


@pytest.mark.parametrize("how", ["expired", "disabled", "leaving"])
def test_closed_in_the_middle_takes_nothing(
    app: Flask, client: Browser, ada: User, album: Album, how: str
) -> None:
    token = make_link(album, takes_files=True, days=1)

    def off() -> None:
        with app.app_context():
            if how == "expired":
                change(expires_at=now())
            else:
                begin_writing()
                db.session.execute(
                    db.update(User).values(
                        {"is_disabled": True} if how == "disabled" else {"leaving_at": now()}
                    )
                )
                db.session.commit()

    give_slowly(client, token, off, jpeg(seed=1))

    assert photos_of(ada) == []


@pytest.mark.parametrize("what", ["link", "album"])
@pytest.mark.parametrize("asks_first", [False, True])
@pytest.mark.parametrize("is_known", [False, True])
def test_forgotten_in_the_middle_is_no_error(
    app: Flask,
    client: Browser,
    ada: User,
    album: Album,
    what: str,
    asks_first: bool,
    is_known: bool,
) -> None:
    if is_known:
        make_photo(ada, jpeg(seed=1))
    token = make_link(album, takes_files=True, asks_first=asks_first)

    def off() -> None:
        with app.app_context():
            begin_writing()
            db.session.delete(db.session.scalar(db.select(ShareLink if what == "link" else Album)))
            db.session.commit()

    answer = give_slowly(client, token, off, jpeg(seed=1), jpeg(seed=2))

    assert answer.status_code < 500
    assert files_kept() == is_known
    assert verify().wrong == []


@pytest.mark.parametrize("first", [{}, {"asks_first": True}])
@pytest.mark.parametrize("second", [{}, {"asks_first": True}])
def test_same_file_for_two_albums_comes_into_both(
    client: Browser, ada: User, album: Album, first: dict[str, bool], second: dict[str, bool]
) -> None:
    other = make_album(ada, "Party")
    give(client, make_link(album, takes_files=True, **first), jpeg())
    give(client, make_link(other, takes_files=True, **second), jpeg())
    sign_in(client, ada)

    client.submit("/sharing/guests/in", **{"in": "guests", "all": "1"})

    assert (in_album(album), in_album(other)) == (1, 1)


def test_file_let_in_before_waits_for_another_album(
    client: Browser, ada: User, album: Album
) -> None:
    other = make_album(ada, "Party")
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg())
    sign_in(client, ada)
    client.submit("/sharing/guests/in", **{"in": "guests", "all": "1"})

    answer = give(client, make_link(other, takes_files=True, asks_first=True), jpeg())

    assert "<p>Sent</p>" in answer.text
    assert len(list(db.session.scalars(Gift.waiting_for(ada)))) == 1


def live(ada: User) -> tuple[Photo, Photo]:
    still, motion = make_photo(ada, jpeg(seed=1)), make_photo(ada, jpeg(seed=2))
    begin_writing()
    count_shown(motion, -1)
    still.motion = motion
    db.session.commit()
    assert verify().wrong == []
    return still, motion


def test_live_photo_is_let_in_whole(client: Browser, ada: User, album: Album) -> None:
    still = live(ada)[0]
    begin_writing()
    discard(still)
    db.session.commit()
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg(seed=1))
    sign_in(client, ada)

    client.submit("/sharing/guests/in", **{"in": "guests", "all": "1"})

    assert [each.trashed_at for each in photos_of(ada)] == [None, None]


def test_moving_half_that_waits_can_be_decided(client: Browser, ada: User, album: Album) -> None:
    live(ada)
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg(seed=2))
    sign_in(client, ada)
    said = "1 photo of guests waits" in client.get("/sharing").text
    assert said == ("Nothing waits for you" not in client.get("/sharing/guests").text)


def test_counts_hold_when_a_moving_half_is_let_in(client: Browser, ada: User, album: Album) -> None:
    still, motion = live(ada)
    begin_writing()
    discard(still)
    db.session.commit()
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg(seed=2))
    sign_in(client, ada)
    client.submit("/sharing/guests/in", **{"in": "", "id": motion.public_id})
    in_days(31)
    sweep()
    assert verify().wrong == []


def test_words_of_owner_stay_with_them(client: Browser, ada: User, album: Album) -> None:
    photo = make_photo(ada, jpeg(seed=1))
    derive(photo.id)
    db.session.commit()
    begin_writing()
    db.session.execute(db.update(Photo).values(caption="Before the divorce"))
    db.session.commit()
    token = make_link(album, takes_files=True)

    give(client, token, jpeg(seed=1))

    page = client.get(f"/s/{token}/p/{called(token, photo)}")
    assert "Before the divorce" not in page.text


@pytest.mark.parametrize("guest", ["Anna/Ben", "AC\\DC", "Tom & Ida, Köln/Bonn"])
def test_guest_is_called_as_they_say(client: Browser, ada: User, album: Album, guest: str) -> None:
    give(client, make_link(album, takes_files=True), jpeg(), guest=guest)
    assert db.session.scalar(db.select(Gift.guest)) == guest


def test_words_of_what_waits_are_not_the_owners(client: Browser, ada: User, album: Album) -> None:
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b"<dc:subject><rdf:Bag><rdf:li>buy pills</rdf:li>"
        b"</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    data = encoded(picture(), "JPEG", xmp=xmp)
    give(client, make_link(album, takes_files=True, asks_first=True), data)
    derive(photos_of(ada)[0].id)
    db.session.commit()
    sign_in(client, ada)
    client.submit("/sharing/guests/down", **{"in": "guests", "all": "1"})
    assert tags.at_hand(ada.id) == []


def test_trashed_by_its_owner_is_in_the_trash(client: Browser, ada: User, album: Album) -> None:
    photo = make_photo(ada, jpeg())
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg())
    sign_in(client, ada)
    client.submit(f"/p/{photo.public_id}/trash")
    assert photo.public_id in client.get("/trash").text


@pytest.mark.parametrize("modified", ["nan", "inf", "-inf", "1e300", "1e18", "abc"])
def test_strange_times(client: Browser, ada: User, album: Album, modified: str) -> None:
    token, data = make_link(album, takes_files=True), jpeg()
    headers = {
        **TUS,
        "Upload-Length": str(len(data)),
        "Upload-Metadata": f"filename {coded('cat.jpg')},modified {coded(modified)}",
    }
    place = client.post(f"/s/{token}/files", headers=headers).headers["Location"]
    assert go_on(client, place, data).status_code == 204


def test_new_link_is_not_the_old_ones(client: Browser, ada: User, album: Album) -> None:
    first = make_link(album, takes_files=True)
    data = jpeg()
    place = begin(client, first, len(data)).headers["Location"]
    begin_writing()
    db.session.delete(db.session.scalar(db.select(ShareLink)))
    db.session.commit()
    second = make_link(album, takes_files=True)
    answer = go_on(client, place.replace(first, second), data)
    assert answer.status_code == 404


def test_full_box_says_so_to_the_queue(client: Browser, ada: User, album: Album) -> None:
    token = make_link(album, takes_files=True, file_limit=0)
    answer = begin(client, token, 100)
    assert (answer.status_code, answer.mimetype) == (413, "text/plain")


def test_gift_is_counted_where_it_is_let_in_while_in_an_album_already(
    client: Browser, ada: User, album: Album
) -> None:
    photo = make_photo(ada, jpeg())
    put_in(album, photo)
    begin_writing()
    discard(db.session.get(Photo, photo.id))
    db.session.commit()
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg())
    sign_in(client, ada)
    client.submit("/sharing/guests/in", **{"in": "guests", "all": "1"})
    assert verify().wrong == []


def test_deleted_album_lets_in_all_the_same(client: Browser, ada: User, album: Album) -> None:
    give(client, make_link(album, takes_files=True, asks_first=True), jpeg())
    sign_in(client, ada)
    client.submit(f"/albums/{album.slug}/delete")
    db.session.rollback()
    begin_writing()
    for each in db.session.scalars(db.select(Album)):
        db.session.delete(each)
    db.session.commit()
    assert client.submit("/sharing/guests/in", **{"in": "guests", "all": "1"}).status_code == 303
    assert verify().wrong == []


def test_box_that_shows_nothing_never_shows_all(client: Browser, ada: User, album: Album) -> None:
    put_in(album, make_photo(ada))
    sign_in(client, ada)
    client.submit(f"/albums/{album.slug}/share", days="7", is_drop_only="y", can_download="y")
    link = db.session.scalar(db.select(ShareLink))
    assert link is None or not link.shows_photos


@pytest.mark.parametrize("limit", [{"file_limit": 1}, {"byte_limit": 15_000}])
def test_what_is_begun_counts_against_the_limits(client: Browser, album: Album, limit) -> None:
    token = make_link(album, takes_files=True, **limit)

    answers = [begin(client, token, 10_000) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [201, 429, 429, 429, 429]
    assert "being filled right now" in answers[1].text


def test_what_is_begun_counts_against_its_owners_space(
    client: Browser, ada: User, album: Album
) -> None:
    begin_writing()
    ada.quota = 15_000
    db.session.commit()
    token = make_link(album, takes_files=True)

    assert begin(client, token, 10_000).status_code == 201
    assert begin(client, token, 10_000).status_code == 429


def test_what_was_begun_and_forgotten_leaves_its_place(client: Browser, album: Album) -> None:
    token = make_link(album, takes_files=True, file_limit=1)
    place = begin(client, token, 10_000).headers["Location"]

    client.delete(place, headers=TUS)

    assert begin(client, token, 10_000).status_code == 201


def test_one_sender_cannot_keep_the_others_out(app: Flask, client: Browser, album: Album) -> None:
    app.config["GUEST_LIMIT"] = "3 per minute"
    token = make_link(album, takes_files=True)

    answers = [begin(client, token, 10_000) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert int(answers[3].headers["Retry-After"]) <= 60
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert begin(client, token, 10_000).status_code == 201


def test_a_sender_at_its_limit_stays_below_what_a_link_has_under_way(app: Flask) -> None:
    per_minute = int(app.config["GUEST_LIMIT"].partition(" per minute")[0])

    assert per_minute * parts.lifetime / 60 < parts.most
