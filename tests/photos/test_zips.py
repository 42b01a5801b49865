"""Originals in one zip: all that somebody may have, whole and in order."""

import datetime as dt
import zipfile
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from flask import Flask

from gallery import storage
from gallery.accounts.models import User
from gallery.albums.models import Order
from gallery.extensions import begin_writing, db, now
from gallery.photos import changes
from gallery.photos.models import Choice, Offer, Photo, Visibility
from gallery.photos.splicing import Stored
from gallery.photos.zipping import zip_of
from gallery.photos.zips import Names
from gallery.upload_sets import SETS
from gallery.uploads.stores import LocalStore
from tests.conftest import Browser
from tests.make import jpeg, make_album, make_photo, make_user, put_in, sign_in
from tests.photos.test_live import halves


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user()
    sign_in(client, ada)
    return ada


@pytest.fixture
def photos(ada: User) -> list[Photo]:
    """Two of one name, and one of another."""
    names = ("cat.jpg", "cat.jpg", "dog.jpg")
    return [make_photo(ada, jpeg((60, 40), seed=n), name) for n, name in enumerate(names)]


def downloaded(client: Browser, **form: object) -> zipfile.ZipFile:
    led = client.submit("/photos/batch", do="download", **form)
    answer = client.get(led.headers["Location"])
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return zipfile.ZipFile(BytesIO(answer.data))


def test_long_choice_can_be_taken_up_where_it_broke(
    app: Flask, client: Browser, photos: list[Photo]
) -> None:
    ids = [*(photo.public_id for photo in photos), *(f"{n:010}" for n in range(2000))]
    led = client.submit("/photos/batch", do="download", id=ids).headers["Location"]

    whole = client.get(led).data
    rest = client.get(led, headers={"Range": "bytes=700-"})

    assert len(led) < 100
    assert set(zipfile.ZipFile(BytesIO(whole)).namelist()) == {"cat.jpg", "cat (2).jpg", "dog.jpg"}
    assert (rest.status_code, rest.data) == (206, whole[700:])
    other = sign_in(app.test_client(), make_user("Eve Lund"))
    assert other.get(led).status_code == 404
    begin_writing()
    db.session.execute(db.update(Choice).values(created_at=now() - changes.LASTS * 2))
    db.session.commit()
    changes.forget_old()
    assert client.get(led).status_code == 404


def test_zip_holds_the_originals_with_names_of_their_own(
    client: Browser, photos: list[Photo]
) -> None:
    made = downloaded(client, id=[photo.public_id for photo in photos])

    assert made.testzip() is None
    assert set(made.namelist()) == {"cat.jpg", "cat (2).jpg", "dog.jpg"}
    assert {info.compress_type for info in made.infolist()} == {zipfile.ZIP_STORED}
    originals = {SETS[p.set_name].open(p.filename).read() for p in photos}
    assert {made.read(name) for name in made.namelist()} == originals


def test_zip_is_in_the_order_of_the_list(client: Browser, ada: User) -> None:
    names = [f"2024-07-0{day} {letter}.jpg" for day, letter in ((1, "c"), (2, "b"), (3, "a"))]
    photos = [make_photo(ada, jpeg((60, 40), seed=n), name) for n, name in enumerate(names)]
    album = make_album(ada, order=Order.OLDEST)
    put_in(album, *photos)
    every = [photo.public_id for photo in photos]

    assert downloaded(client, all="1").namelist() == names[::-1]
    assert downloaded(client, id=every, **{"in": f"album:{album.slug}"}).namelist() == names
    assert downloaded(client, section="2024-07").namelist() == names[::-1]


def test_zip_has_nothing_that_is_not_given(app: Flask, client: Browser, ada: User) -> None:
    bob = make_user("Bob Anders")
    album = make_album(bob, visibility=Visibility.PUBLIC)
    given, shown, secret = (make_photo(bob, jpeg((60, 40), seed=n), f"{n}.jpg") for n in range(3))
    given.offer = Offer.ORIGINAL
    db.session.commit()
    put_in(album, given, shown)
    asked = [photo.public_id for photo in (given, shown, secret)]

    made = downloaded(client, id=asked, **{"in": f"album:{album.slug}"})

    assert made.namelist() == ["0.jpg"]
    refused = client.get(f"/photos/photos.zip?id={secret.public_id}")
    assert refused.status_code == 404


def test_halves_of_a_live_photo_stand_together(client: Browser, ada: User) -> None:
    still, _ = halves(ada)

    assert sorted(downloaded(client, id=still.public_id).namelist()) == ["cat.jpg", "cat.mov"]


def test_file_that_is_missing_is_named(client: Browser, photos: list[Photo]) -> None:
    storage.path_of(photos[2].set_name, photos[2].filename).unlink()

    made = downloaded(client, all="1")

    assert "dog.jpg" not in made.namelist()
    assert "dog.jpg" in made.read("Not in here.txt").decode()


def test_nothing_of_the_database_is_held_while_it_is_sent(
    client: Browser, photos: list[Photo]
) -> None:
    answer = client.get("/photos/photos.zip?all=1", buffered=False)
    try:
        next(answer.iter_encoded())
        assert db.engine.pool.checkedout() == 0
    finally:
        answer.close()


def sent(client: Browser, headers: dict[str, str] | None = None, **form: object):
    return client.get("/photos/photos.zip", query_string=form, headers=headers)


def without_crcs() -> None:
    begin_writing()
    db.session.execute(db.update(Photo).values(crc32=None))
    db.session.commit()


@pytest.mark.parametrize("are_crcs_known", [True, False])
def test_zip_goes_on_from_any_byte(
    client: Browser, photos: list[Photo], are_crcs_known: bool
) -> None:
    if not are_crcs_known:
        without_crcs()
    whole = sent(client, all="1")
    size = len(whole.data)

    for start in (1, 29, 30, 700, size // 2, size - 100, size - 1):
        rest = sent(client, {"Range": f"bytes={start}-"}, all="1")
        assert rest.status_code == 206
        assert rest.data == whole.data[start:]
    assert zipfile.ZipFile(BytesIO(whole.data)).testzip() is None


def test_zip_begins_anew_where_it_is_another(client: Browser, photos: list[Photo]) -> None:
    tag = sent(client, all="1").headers["ETag"]
    begin_writing()
    photos[0].client_name = "tiger.jpg"
    db.session.commit()

    rest = sent(client, {"Range": "bytes=100-", "If-Range": tag}, all="1")

    assert rest.status_code == 200
    assert "tiger.jpg" in zipfile.ZipFile(BytesIO(rest.data)).namelist()


def test_zip_of_more_than_four_gigabytes_is_read_by_others(tmp_path: Path) -> None:
    """Sparse files of 5 GB: what stands behind them is beyond 32 bits."""
    store = LocalStore(str(tmp_path))
    for name in ("a", "b"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(5_000_000_000)
    (tmp_path / "end").write_bytes(b"the end")
    at = dt.datetime(2024, 7, 20, 12)
    sizes = {"a": 5_000_000_000, "b": 5_000_000_000, "end": 7}
    made = zip_of([(f"{n} é.bin", Stored(store, n, size, crc=1), at) for n, size in sizes.items()])

    with zipfile.ZipFile(BufferedReader(made)) as read:
        found = {info.filename: info.file_size for info in read.infolist()}
        with read.open("b é.bin") as member:
            assert member.read(10) == bytes(10)

    assert found == {f"{name} é.bin": size for name, size in sizes.items()}


def test_names_are_told_apart_where_case_is_not() -> None:
    names = Names()

    given = [names.new(name) for name in ("cat.jpg", "CAT.JPG", "cat (2).jpg", "cat.jpg", "cat")]

    assert given == ["cat.jpg", "CAT (2).JPG", "cat (2) (2).jpg", "cat (3).jpg", "cat"]


def test_zip_of_nothing_is_not_there(client: Browser, ada: User) -> None:
    assert client.get("/photos/photos.zip?id=nothing").status_code == 404
