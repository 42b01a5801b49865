"""Who sees a photo or an album, and how much of it: a visitor, others, guests, its owner."""

import pytest
from flask import Flask

from gallery.accounts import governing
from gallery.accounts.models import User
from gallery.albums.models import Role
from gallery.extensions import db
from gallery.photos.derivatives import derive
from gallery.photos.models import FULL, Offer, Photo, Visibility
from tests.conftest import Browser
from tests.imaging.pictures import heic
from tests.make import ask_in, make_album, make_photo, make_user, picture, put_in, sign_in

FILES = {"original", "JPEG", FULL}
SEEN_BY = {
    Visibility.PRIVATE: {"guest", "owner"},
    Visibility.MEMBERS: {"other", "guest", "owner"},
    Visibility.PUBLIC: {"visitor", "other", "guest", "owner"},
}


@pytest.fixture
def people() -> dict[str, User]:
    return {name: make_user(name.title()) for name in ("other", "guest", "owner")}


@pytest.fixture
def clients(app: Flask, people: dict[str, User]) -> dict[str, Browser]:
    signed_in = {name: sign_in(app.test_client(), user) for name, user in people.items()}
    return {"visitor": app.test_client(), **signed_in}


def make_heic(owner: User, **facts: object) -> Photo:
    """A photo of which there is every variant, the whole size too."""
    photo = make_photo(owner, heic(picture((64, 48))), "cat.heic")
    derive(photo.id)
    for name, value in facts.items():
        setattr(photo, name, value)
    db.session.commit()
    return photo


def addresses(photo: Photo) -> dict[str, str]:
    page = f"/p/{photo.public_id}"
    made = {d.variant: f"/i/{photo.public_id}/{d.url_name}" for d in photo.derivatives}
    return {"page": page, "original": f"{page}/download", "JPEG": f"{page}/download.jpg", **made}


def answered(client: Browser, photo: Photo) -> set[str]:
    """The names of what a photo has that somebody gets; the rest is not there for them."""
    answers = {name: client.get(url).status_code for name, url in addresses(photo).items()}
    assert set(answers.values()) <= {200, 404}
    return {name for name, status in answers.items() if status == 200}


def due(photo: Photo, seen_by: set[str]) -> dict[str, set[str]]:
    """What each of them is to get of a photo of which only the picture is offered."""
    everything = set(addresses(photo))
    got = {who: everything - FILES if who in seen_by else set() for who in SEEN_BY["public"]}
    return {**got, "owner": everything}


@pytest.mark.parametrize("visibility", list(Visibility))
def test_photo_and_its_pictures_are_for_those_it_is_shown_to(
    clients: dict[str, Browser], people: dict[str, User], visibility: Visibility
) -> None:
    photo = make_heic(people["owner"], visibility=visibility)

    got = {who: answered(client, photo) for who, client in clients.items()}

    # No album holds it, so the guest of one is like any other.
    seen_by = SEEN_BY[visibility] - ({"guest"} if visibility is Visibility.PRIVATE else set())
    assert got == due(photo, seen_by)


@pytest.mark.parametrize("visibility", list(Visibility))
def test_private_photo_is_for_those_who_see_an_album_it_is_in(
    clients: dict[str, Browser], people: dict[str, User], visibility: Visibility
) -> None:
    album = make_album(people["owner"], visibility=visibility)
    ask_in(album, people["guest"], Role.VIEW)
    photo = make_heic(people["owner"])
    put_in(album, photo)

    got = {who: answered(client, photo) for who, client in clients.items()}

    assert got == due(photo, SEEN_BY[visibility])


@pytest.mark.parametrize(
    ("offer", "missing"), [(Offer.PICTURE, FILES), (Offer.PLACE, FILES), (Offer.ORIGINAL, set())]
)
def test_file_itself_is_for_others_only_where_it_is_offered(
    app: Flask, offer: Offer, missing: set[str]
) -> None:
    photo = make_heic(make_user(), visibility=Visibility.PUBLIC, offer=offer)

    assert answered(app.test_client(), photo) == set(addresses(photo)) - missing


@pytest.mark.parametrize("visibility", list(Visibility))
def test_album_opens_to_those_it_is_shown_to(
    clients: dict[str, Browser], people: dict[str, User], visibility: Visibility
) -> None:
    album = make_album(people["owner"], visibility=visibility)
    ask_in(album, people["guest"], Role.VIEW)

    got = {
        who for who, each in clients.items() if each.get(f"/albums/{album.slug}").status_code == 200
    }

    assert got == SEEN_BY[visibility]


@pytest.mark.parametrize("end", ["disabled", "leaving"])
def test_what_somebody_gone_showed_to_all_is_for_those_alone_whom_they_asked_in(
    clients: dict[str, Browser], people: dict[str, User], end: str
) -> None:
    owner, root = people["owner"], make_user("Root", is_admin=True)
    album = make_album(owner, visibility=Visibility.PUBLIC)
    ask_in(album, people["guest"], Role.VIEW)
    inside, alone = make_heic(owner), make_photo(owner)
    put_in(album, inside)
    alone.visibility = Visibility.PUBLIC
    db.session.commit()
    theirs = [f"/albums/{album.slug}", f"/p/{alone.public_id}"]

    def seen(who: str) -> list[int]:
        return [clients[who].get(url).status_code for url in theirs]

    before = {who: seen(who) for who in ("visitor", "other", "guest")}
    governing.leave(owner) if end == "leaving" else governing.disable(owner, by=root)
    db.session.commit()

    after = {who: seen(who) for who in before}
    assert before == {who: [200, 200] for who in before}
    assert after == {"visitor": [404, 404], "other": [404, 404], "guest": [200, 404]}
    assert answered(clients["visitor"], inside) == answered(clients["other"], inside) == set()
    assert "Picos" not in clients["other"].get("/albums").text


def test_photos_of_somebody_gone_stay_in_the_albums_of_others(
    clients: dict[str, Browser], people: dict[str, User]
) -> None:
    album = make_album(people["other"], visibility=Visibility.PUBLIC)
    ask_in(album, people["owner"], Role.ADD)
    photo = make_heic(people["owner"])
    put_in(album, photo)

    governing.disable(people["owner"], by=make_user("Root", is_admin=True))
    db.session.commit()

    assert answered(clients["visitor"], photo) == set(addresses(photo)) - FILES


@pytest.mark.parametrize("visibility", list(Visibility))
def test_count_and_cover_stand_only_where_their_album_is_seen(
    clients: dict[str, Browser], people: dict[str, User], visibility: Visibility
) -> None:
    outer = make_album(people["owner"], "Outer", visibility=Visibility.PUBLIC)
    inner = make_album(people["owner"], "Inner", visibility=visibility, parent_id=outer.id)
    ask_in(inner, people["guest"], Role.VIEW)
    photo = make_heic(people["owner"])
    put_in(inner, photo)
    traces = ("Inner", inner.slug, "1 photo", photo.public_id)

    pages = {who: each.get(f"/albums/{outer.slug}").text for who, each in clients.items()}

    found = {who: [trace in page for trace in traces] for who, page in pages.items()}
    assert found == {who: [who in SEEN_BY[visibility]] * 4 for who in clients}


@pytest.mark.parametrize("visibility", list(Visibility))
def test_albums_of_others_stand_on_the_shelves_of_those_who_see_them(
    clients: dict[str, Browser], people: dict[str, User], visibility: Visibility
) -> None:
    album = make_album(people["owner"], visibility=visibility)
    ask_in(album, people["guest"], Role.VIEW)

    got = {who for who in people if album.slug in clients[who].get("/albums").text}

    assert got == SEEN_BY[visibility] - {"visitor"}


def test_photos_of_others_are_never_in_a_timeline(
    clients: dict[str, Browser], people: dict[str, User]
) -> None:
    photo = make_heic(people["owner"], visibility=Visibility.PUBLIC)

    pages = [clients["other"].get(url).text for url in ("/photos", "/albums/recent", "/trash")]

    assert [photo.public_id in page for page in pages] == [False] * 3


def test_trashed_photo_is_neither_shown_nor_counted_in_its_album(
    clients: dict[str, Browser], people: dict[str, User]
) -> None:
    album = make_album(people["owner"], visibility=Visibility.PUBLIC)
    photo = make_heic(people["owner"], visibility=Visibility.PUBLIC, offer=Offer.ORIGINAL)
    put_in(album, photo)

    clients["owner"].submit(f"/p/{photo.public_id}/trash")
    page = clients["visitor"].get(f"/albums/{album.slug}").text

    assert "0 photos" in page
    assert photo.public_id not in page


def test_photo_page_names_no_album_that_its_viewer_does_not_see(
    clients: dict[str, Browser], people: dict[str, User]
) -> None:
    album = make_album(people["owner"], "Secret")
    photos = [make_photo(people["owner"], heic(picture((64, 48), seed=n))) for n in range(2)]
    photos[0].visibility = Visibility.PUBLIC
    db.session.commit()
    put_in(album, *photos)

    page = clients["visitor"].get(f"/p/{photos[0].public_id}?in=album:{album.slug}").text

    assert "Secret" not in page
    assert photos[1].public_id not in page


@pytest.mark.parametrize("role", list(Role))
def test_what_is_private_stays_so_to_a_guest_of_another_album(
    clients: dict[str, Browser], people: dict[str, User], role: Role
) -> None:
    ask_in(make_album(people["owner"]), people["guest"], role)
    photo = make_heic(people["owner"], offer=Offer.ORIGINAL)
    put_in(make_album(people["owner"], "Another"), photo)

    assert answered(clients["guest"], photo) == set()
