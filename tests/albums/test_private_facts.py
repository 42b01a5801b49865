"""What only the owner of a photo is to know, and how they see what others see."""

import html

import pytest

from gallery.accounts.models import User
from gallery.albums.models import Album, Role
from gallery.extensions import db
from gallery.photos.derivatives import derive
from gallery.photos.models import Offer, Photo, Visibility
from tests.conftest import Browser
from tests.imaging.blocks import IN_PARTS, bag, exif_of, jpeg_with, xmp_of
from tests.make import ask_in, jpeg, make_album, make_photo, make_user, put_in, sign_in

UNSEEN = "Visitors do not see this"


@pytest.fixture
def ada() -> User:
    return make_user("Ada Moreau")


@pytest.fixture
def bob(client: Browser, ada: User) -> User:
    """Somebody who looks, and may look into the album."""
    bob = make_user("Bob Anders")
    sign_in(client, bob)
    return bob


@pytest.fixture
def photo(ada: User) -> Photo:
    """A photo that tells all that a photo can."""
    gps = {1: "N", 3: "E", 29: "2024:07:31", 7: (21, 30, 0), **IN_PARTS}
    exif = exif_of({0x010F: "FUJIFILM"}, {0x9003: "2024:07:31 23:30:00"}, gps)
    xmp = xmp_of(bag("Divorce"), 'xmp:Rating="4"')
    photo = make_photo(ada, jpeg_with(exif=exif, xmp=xmp), "our house.jpg")
    derive(photo.id)
    db.session.commit()
    return photo


@pytest.fixture
def album(photo: Photo, ada: User, bob: User) -> Album:
    album = make_album(ada)
    ask_in(album, bob, Role.EDIT)
    put_in(album, photo)
    return album


def told(page: str) -> set[str]:
    """Which of the private facts a page tells."""
    facts = {
        "place": "48.858",
        "town": "Paris",
        "zone": "GMT+2",
        "name": "our house",
        "file": "our_house",
        "folder": "ada-moreau",
        "digest": db.session.scalar(db.select(Photo.sha256)),
        "email": "ada@example.org",
        "tag": "Divorce",
        "rating": "4 stars",
        "favourite": "Favourite",
        "fields": "data-tend=",
    }
    return {fact for fact, words in facts.items() if words in html.unescape(page)}


def test_owner_is_told_everything_but_their_email(client: Browser, ada: User, photo: Photo) -> None:
    sign_in(client, ada)

    page = client.get(f"/p/{photo.public_id}").text

    assert told(page) == {
        *("place", "town", "zone", "name", "file", "folder", "digest", "tag", "rating"),
        *("favourite", "fields"),
    }


@pytest.mark.parametrize(
    ("offer", "facts"),
    [
        (Offer.PICTURE, set()),
        (Offer.PLACE, {"place", "town", "zone"}),
        (Offer.ORIGINAL, {"place", "town", "zone"}),
    ],
)
def test_others_are_told_the_place_where_it_is_offered_and_nothing_else(
    client: Browser, album: Album, photo: Photo, offer: Offer, facts: set[str]
) -> None:
    photo.offer = offer
    db.session.commit()

    page = client.get(f"/p/{photo.public_id}?in=album:{album.slug}").text

    assert told(page) == facts


@pytest.mark.parametrize("page", ["", "/arrange", "/activity", "/edit", "/add"])
def test_pages_of_an_album_tell_an_editor_none_of_it(
    client: Browser, album: Album, page: str
) -> None:
    assert told(client.get(f"/albums/{album.slug}{page}").text) == set()


def test_visitor_is_told_none_of_it(client: Browser, photo: Photo) -> None:
    photo.visibility = Visibility.PUBLIC
    db.session.commit()

    assert told(client.get(f"/p/{photo.public_id}").text) == set()


def test_preview_carries_none_of_it(client: Browser, album: Album, photo: Photo) -> None:
    urls = [f"/i/{photo.public_id}/{each.url_name}" for each in photo.derivatives]

    answers = [client.get(url) for url in urls]

    assert not any(b"Exif" in each.data or b"Divorce" in each.data for each in answers)
    assert [told(str(each.headers)) for each in answers] == [set()] * len(urls)


@pytest.mark.parametrize("page", ["/albums/{}", "/p/{}"])
def test_blank_of_a_photo_that_waits_has_no_file_name_for_others(
    client: Browser, ada: User, bob: User, page: str
) -> None:
    album = make_album(ada, visibility=Visibility.PUBLIC)
    waiting = make_photo(ada, jpeg((60, 40)), "our house.jpg")
    put_in(album, waiting)
    known = album.slug if "albums" in page else waiting.public_id

    shown = client.get(page.format(known)).text

    assert 'data-state="pending"' in shown
    assert "our house" not in shown


def test_owner_sees_a_public_photo_as_a_visitor_does(
    client: Browser, ada: User, photo: Photo
) -> None:
    sign_in(client, ada)
    photo.visibility = Visibility.PUBLIC
    db.session.commit()

    page = client.get(f"/p/{photo.public_id}?as=visitor").text

    assert "This is what a visitor sees." in page
    assert told(page) == set()
    assert "/trash" not in page.partition("<main")[2]


def test_owner_sees_a_public_album_as_a_visitor_does(client: Browser, ada: User) -> None:
    sign_in(client, ada)
    album = make_album(ada, visibility=Visibility.PUBLIC)
    make_album(ada, "Secret", parent_id=album.id)

    page = client.get(f"/albums/{album.slug}?as=visitor").text.partition("<main")[2]

    assert "This is what a visitor sees." in page
    assert "Secret" not in page
    assert f"/albums/{album.slug}/" not in page


@pytest.mark.parametrize("page", ["/albums/{album}", "/p/{photo}"])
@pytest.mark.parametrize(("who", "is_told"), [("Ada", True), ("Bob", True), ("Eve", False)])
def test_whoever_sees_what_visitors_do_not_is_told_so_and_nobody_else(
    client: Browser, album: Album, photo: Photo, page: str, who: str, is_told: bool
) -> None:
    client.submit("/logout")
    make_user("Eve Dahl")
    sign_in(client, db.session.scalar(User.with_email(f"{who}@example.org")))

    answer = client.get(page.format(album=album.slug, photo=photo.public_id) + "?as=visitor")

    assert answer.status_code == (200 if is_told else 404)
    assert (UNSEEN in answer.text) == is_told


def test_file_is_not_there_for_an_owner_who_looks_as_a_visitor(
    client: Browser, ada: User, photo: Photo
) -> None:
    sign_in(client, ada)
    photo.visibility = Visibility.PUBLIC
    db.session.commit()

    assert client.get(f"/p/{photo.public_id}/download?as=visitor").status_code == 404
