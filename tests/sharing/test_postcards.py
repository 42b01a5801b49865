"""The picture and the words by which a link is known where somebody has sent it."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from werkzeug.http import http_date

from gallery import worker
from gallery.accounts.models import User
from gallery.accounts.signing_in import hashed
from gallery.albums.models import Album
from gallery.assets import FRONTEND
from gallery.extensions import begin_writing, db, now
from gallery.jobs.models import Job
from gallery.photos import renewal
from gallery.photos.models import POSTCARD, Derivative, Photo
from gallery.photos.sweep import sweep
from gallery.photos.trash import discard
from gallery.photos.verify import verify
from tests.conftest import Browser
from tests.imaging.pictures import near
from tests.make import encoded, make_album, make_link, make_photo, make_user, put_in
from tests.sharing.test_links import PASSWORD, placed, unlock, work

RED, BLUE = (200, 30, 30), (30, 30, 200)
GENERIC = (FRONTEND / "postcard.jpg").read_bytes()


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user()


@pytest.fixture
def photos(app: Flask, ada: User) -> Iterator[list[Photo]]:
    plain = [Image.new("RGB", (900, 1200), colour) for colour in (RED, BLUE)]
    made = [make_photo(ada, encoded(image, "JPEG")) for image in plain]
    work(app)
    yield made


@pytest.fixture
def album(ada: User, photos: list[Photo]) -> Album:
    album = make_album(ada, "Picos de Europa", cover_id=photos[1].id)
    put_in(album, *photos)
    return album


def postcard(client: Browser, token: str) -> bytes:
    answer = client.get(f"/s/{token}/og.jpg")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    return answer.data


def colour(data: bytes) -> tuple[int, ...]:
    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (1200, 630))
    assert len(data) <= 300_000
    return image.getpixel((20, 20))


def said(page: str) -> dict[str, str]:
    return dict(
        re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page)
    )


def test_link_is_announced_with_the_cover_of_its_album(
    app: Flask, client: Browser, album: Album
) -> None:
    token = make_link(album)
    early = postcard(client, token)
    work(app)

    card = said(client.get(f"/s/{token}").text)
    made = client.get(f"/s/{token}/og.jpg")
    again = client.get(f"/s/{token}/og.jpg", headers={"If-None-Match": made.headers["ETag"]})

    assert early == GENERIC
    assert near(colour(early), (251, 251, 249)) and near(colour(made.data), BLUE)
    assert (made.headers["Cache-Control"], again.status_code) == ("private, no-cache", 304)
    home = app.config["PUBLIC_URL"] + f"/s/{token}"
    assert (card["og:url"], card["og:image"]) == (home, f"{home}/og.jpg")
    assert (card["og:title"], card["twitter:card"]) == ("Picos de Europa", "summary_large_image")
    assert card["og:description"].startswith("Shared by Ada Moreau · 2 photos")
    assert (card["og:image:width"], card["og:image:height"]) == ("1200", "630")


def test_postcard_follows_what_the_link_shows(
    app: Flask, client: Browser, album: Album, photos: list[Photo]
) -> None:
    token = make_link(album)
    work(app)
    since = client.get(f"/s/{token}/og.jpg").headers.get("Last-Modified", http_date(now()))
    begin_writing()
    discard(photos[1])
    db.session.commit()

    assert postcard(client, token) == GENERIC
    later = client.get(f"/s/{token}/og.jpg", headers={"If-Modified-Since": since})
    assert later.status_code == 200, "though its file is older"
    client.get(f"/s/{token}")  # somebody looks, so the next is made
    work(app)
    assert near(colour(postcard(client, token)), RED)
    begin_writing()
    discard(photos[0])
    db.session.commit()
    assert postcard(client, token) == GENERIC


def test_postcard_of_chosen_photos_comes_with_their_previews(
    app: Flask, client: Browser, ada: User, photos: list[Photo]
) -> None:
    first = make_link(photos[::-1])
    token = make_link([make_photo(ada, placed())])
    work(app)

    made = postcard(client, token)

    assert near(colour(postcard(client, first)), RED) and not near(colour(made), RED)
    assert b"Exif" not in made and b"X-T5" not in made


def test_link_with_a_password_is_announced_by_nothing_of_it(
    app: Flask, client: Browser, album: Album
) -> None:
    open_link = make_link(album)
    token = make_link(album, password_hash=hashed(PASSWORD))
    drop_box = make_link(album, takes_files=True, shows_photos=False)
    work(app)

    locked, unlocked_by = client.get(f"/s/{token}"), unlock(client, token, PASSWORD, "")

    card = said(locked.text)
    assert (locked.status_code, unlocked_by.status_code) == (401, 303)
    assert not any(word in str(card) for word in ("Picos", "Ada", "2 photos"))
    assert card["og:image"].endswith(f"/s/{token}/og.jpg")
    assert postcard(client, token) == GENERIC == postcard(client, drop_box)
    assert postcard(client, open_link) != GENERIC


def test_postcard_is_a_preview_like_the_others(
    app: Flask, client: Browser, album: Album, photos: list[Photo]
) -> None:
    token = make_link(album)
    work(app)

    missing = renewal.count(renewal.Which.MISSING)
    sweep()
    begin_writing()
    photos[1].turn(1)
    Job.want("derive", photos[1].id)
    db.session.commit()
    worker.perform(app)
    between = postcard(client, token)
    work(app)

    assert (missing, verify(deep=True).wrong, between) == (0, [], GENERIC)
    assert near(colour(postcard(client, token)), BLUE)
    cards = db.select(db.func.count()).where(Derivative.variant == POSTCARD)
    assert db.session.scalar(cards) == 1
