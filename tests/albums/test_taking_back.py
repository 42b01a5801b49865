"""Once a right is gone, every address that was copied before leads nowhere."""

import re

import pytest
from flask import Flask

from gallery.accounts.models import User
from gallery.albums.models import Album, Role
from gallery.extensions import db
from gallery.photos.derivatives import derive
from gallery.photos.models import FULL, Offer, Photo, Visibility
from tests.conftest import Browser
from tests.imaging.pictures import heic
from tests.make import ask_in, make_album, make_photo, make_user, picture, put_in, sign_in

PRIVATE, MEMBERS, PUBLIC = Visibility


@pytest.fixture
def people() -> dict[str, User]:
    """The owner; the guest of her album; and somebody who was not asked in."""
    return {name: make_user(name.title()) for name in ("ada", "bob", "eve")}


@pytest.fixture
def clients(app: Flask, people: dict[str, User]) -> dict[str, Browser]:
    signed_in = {name: sign_in(app.test_client(), user) for name, user in people.items()}
    return {"visitor": app.test_client(), **signed_in}


@pytest.fixture
def album(people: dict[str, User]) -> Album:
    album = make_album(people["ada"])
    ask_in(album, people["bob"], Role.VIEW)
    return album


@pytest.fixture
def photo(people: dict[str, User], album: Album) -> Photo:
    """A photo in the album, of which others may have the file as well."""
    photo = make_photo(people["ada"], heic(picture((64, 48))), "cat.heic")
    derive(photo.id)
    photo.offer = Offer.ORIGINAL
    db.session.commit()
    put_in(album, photo)
    return photo


def copied(client: Browser, photo: Photo, *pages: str) -> set[str]:
    """The addresses of a photo that its pages name: its page, its pictures and its files."""
    text = " ".join(client.get(page).text for page in pages)
    return set(re.findall(rf'/[pi]/{photo.public_id}[^"\s?]*', text))


def made(photo: Photo) -> set[str]:
    return {f"/i/{photo.public_id}/{each.url_name}" for each in photo.derivatives}


def answers(client: Browser, urls: set[str]) -> set[int]:
    return {client.get(url).status_code for url in urls}


def test_pages_name_all_that_there_is_of_a_photo(
    clients: dict[str, Browser], album: Album, photo: Photo
) -> None:
    page = f"/p/{photo.public_id}"

    found = copied(clients["bob"], photo, f"/albums/{album.slug}", page)

    pictures = {url for url in made(photo) if f"/{FULL}." not in url}
    assert found == {page, f"{page}/download", f"{page}/download.jpg"} | pictures


@pytest.mark.parametrize(
    ("who", "url", "fields"),
    [
        ("ada", "/albums/{album}/people/{bob}", {}),
        ("bob", "/albums/{album}/leave", {}),
        ("ada", "/albums/{album}/take-out", {"id": "{photo}"}),
        ("ada", "/albums/{album}/delete", {}),
        ("ada", "/p/{photo}/trash", {}),
    ],
    ids=["removed", "left", "taken out", "album deleted", "trashed"],
)
def test_guest_finds_nothing_any_more(
    clients: dict[str, Browser],
    people: dict[str, User],
    album: Album,
    photo: Photo,
    who: str,
    url: str,
    fields: dict[str, str],
) -> None:
    known = {"album": album.slug, "photo": photo.public_id, "bob": people["bob"].folder}
    pages = f"/albums/{album.slug}", f"/p/{photo.public_id}"
    urls = copied(clients["bob"], photo, *pages) | made(photo)
    before = answers(clients["bob"], urls)

    clients[who].submit(
        url.format(**known), **{name: value.format(**known) for name, value in fields.items()}
    )

    assert before == {200}
    assert answers(clients["bob"], urls) == {404}


@pytest.mark.parametrize(
    ("who", "was", "now"),
    [
        ("visitor", PUBLIC, MEMBERS),
        ("visitor", PUBLIC, PRIVATE),
        ("eve", PUBLIC, PRIVATE),
        ("eve", MEMBERS, PRIVATE),
    ],
)
def test_what_an_album_showed_is_gone_when_it_is_for_fewer(
    clients: dict[str, Browser],
    album: Album,
    photo: Photo,
    who: str,
    was: Visibility,
    now: Visibility,
) -> None:
    pages = f"/albums/{album.slug}", f"/p/{photo.public_id}"
    clients["ada"].submit(f"{pages[0]}/visibility", visibility=was.value)
    urls = copied(clients[who], photo, *pages) | made(photo) | {pages[0]}
    before = answers(clients[who], urls)

    clients["ada"].submit(f"{pages[0]}/visibility", visibility=now.value)

    assert before == {200}
    assert answers(clients[who], urls) == {404}


@pytest.mark.parametrize(
    ("who", "was", "now"),
    [
        ("visitor", PUBLIC, MEMBERS),
        ("visitor", PUBLIC, PRIVATE),
        ("eve", PUBLIC, PRIVATE),
        ("eve", MEMBERS, PRIVATE),
    ],
)
def test_photo_is_gone_when_it_is_for_fewer(
    clients: dict[str, Browser], photo: Photo, who: str, was: Visibility, now: Visibility
) -> None:
    fields = {"id": photo.public_id, "offer": "original"}
    clients["ada"].submit("/photos/audience", visibility=was.value, **fields)
    urls = copied(clients[who], photo, f"/p/{photo.public_id}") | made(photo)
    before = answers(clients[who], urls)

    clients["ada"].submit("/photos/audience", visibility=now.value, **fields)

    assert before == {200}
    assert answers(clients[who], urls) == {404}


def test_album_is_gone_for_whom_it_is_closed_to(
    clients: dict[str, Browser], people: dict[str, User], album: Album
) -> None:
    pages = {f"/albums/{album.slug}", f"/albums/{album.slug}/activity"}
    before = answers(clients["bob"], pages)

    clients["ada"].submit(f"/albums/{album.slug}/people/{people['bob'].folder}")

    assert before == {200}
    assert answers(clients["bob"], pages) == {404}
    assert album.slug not in clients["bob"].get("/albums").text


def test_disabled_account_sees_no_more_than_a_visitor(
    clients: dict[str, Browser], people: dict[str, User], album: Album, photo: Photo
) -> None:
    pages = f"/albums/{album.slug}", f"/p/{photo.public_id}"
    urls = copied(clients["bob"], photo, *pages) | made(photo) | {*pages}
    before = answers(clients["bob"], urls)

    people["bob"].is_disabled = True
    db.session.commit()

    assert before == {200}
    assert answers(clients["bob"], urls) == {404}


def test_files_are_gone_when_only_the_picture_is_offered(
    clients: dict[str, Browser], album: Album, photo: Photo
) -> None:
    page = f"/p/{photo.public_id}"
    files = {f"{page}/download", f"{page}/download.jpg"}
    files |= {url for url in made(photo) if f"/{FULL}." in url}
    before = answers(clients["bob"], files)

    clients["ada"].submit(
        "/photos/audience", id=photo.public_id, visibility="private", offer="picture"
    )

    assert before == {200}
    assert answers(clients["bob"], files) == {404}
    assert answers(clients["bob"], {page} | made(photo) - files) == {200}


@pytest.mark.parametrize("header", ["If-Modified-Since", "If-None-Match", "Range"])
def test_picture_that_a_browser_kept_is_not_confirmed(
    clients: dict[str, Browser], album: Album, photo: Photo, header: str
) -> None:
    url = made(photo).pop()
    value = {"If-None-Match": "*", "Range": "bytes=0-9"}.get(
        header, clients["bob"].get(url).headers["Last-Modified"]
    )

    clients["bob"].submit(f"/albums/{album.slug}/leave")

    assert clients["bob"].get(url, headers={header: value}).status_code == 404


def test_photo_that_another_album_shows_is_still_there(
    clients: dict[str, Browser], people: dict[str, User], album: Album, photo: Photo
) -> None:
    another = make_album(people["ada"], "Another", visibility=MEMBERS)
    put_in(another, photo)
    urls = copied(clients["bob"], photo, f"/albums/{album.slug}") | made(photo)

    clients["bob"].submit(f"/albums/{album.slug}/leave")

    assert answers(clients["bob"], urls) == {200}
