"""What guests of an album may do with the photos in it, by role and after they have left."""

import datetime as dt

import pytest
from flask import Flask

from gallery.accounts.models import User
from gallery.albums.models import Album, Collaborator, Role
from gallery.extensions import db
from gallery.photos.models import Offer, Photo, Visibility
from tests.albums.test_albums import ids, seen_in
from tests.conftest import Browser
from tests.make import ask_in, jpeg, make_album, make_photo, make_user, put_in, sign_in
from tests.photos.test_live import MOTION, NOON, halves, read, sent

EVERYTHING = {"Ada Moreau", "Bob Anders"}


@pytest.fixture
def ada() -> User:
    return make_user("Ada Moreau")


@pytest.fixture
def bob(client: Browser) -> User:
    bob = make_user("Bob Anders")
    sign_in(client, bob)
    return bob


@pytest.fixture
def hers(ada: User) -> Photo:
    return make_photo(ada, jpeg((60, 40), seed=1))


@pytest.fixture
def his(bob: User) -> Photo:
    return make_photo(bob, jpeg((60, 40), seed=2))


@pytest.fixture
def album(ada: User, hers: Photo, his: Photo) -> Album:
    """Her album, with a photo of each in it."""
    album = make_album(ada)
    put_in(album, hers, his)
    return album


def whose_in(album: Album) -> set[str]:
    """The names of those who have photos in an album."""
    owners = album.photos.with_only_columns(Photo.owner_id)
    return set(db.session.scalars(db.select(User.name).where(User.id.in_(owners))))


@pytest.mark.parametrize(
    ("role", "left"),
    [(Role.VIEW, {"Ada Moreau"}), (Role.ADD, {"Ada Moreau"}), (Role.EDIT, set())],
)
def test_all_but_editors_take_out_their_own_alone(
    client: Browser,
    bob: User,
    album: Album,
    hers: Photo,
    his: Photo,
    role: Role,
    left: set[str],
) -> None:
    ask_in(album, bob, role)

    client.submit(f"/albums/{album.slug}/take-out", id=ids([hers, his]))

    assert whose_in(album) == left


def test_who_was_sent_away_takes_back_their_own_and_no_other(
    app: Flask, client: Browser, ada: User, bob: User, album: Album, hers: Photo, his: Photo
) -> None:
    ask_in(album, bob, Role.EDIT)
    sign_in(app.test_client(), ada).submit(f"/albums/{album.slug}/people/{bob.folder}")

    client.submit(f"/albums/{album.slug}/take-out", id=ids([hers, his]))

    assert whose_in(album) == {"Ada Moreau"}


@pytest.mark.parametrize("role", [None, Role.VIEW, Role.ADD])
def test_taking_out_what_is_not_ones_own_is_refused(
    client: Browser, bob: User, album: Album, hers: Photo, role: Role | None
) -> None:
    if role:
        ask_in(album, bob, role)

    answer = client.submit(f"/albums/{album.slug}/take-out", id=hers.public_id)

    assert answer.status_code == 404
    assert whose_in(album) == EVERYTHING


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/albums/{album}/people", {"email": "cem@example.org", "role": "view"}),
        ("/albums/{album}/people/{ada}", {"role": "view"}),
        ("/albums/{album}/people/{bob}", {"role": "add"}),
        ("/albums/{album}/visibility", {"visibility": "public"}),
        ("/albums/{album}/delete", {}),
        ("/p/{photo}/trash", {}),
        ("/photos/audience", {"id": "{photo}", "visibility": "public", "offer": "original"}),
    ],
)
def test_editor_decides_neither_who_sees_an_album_nor_over_photos_of_others(
    client: Browser,
    ada: User,
    bob: User,
    album: Album,
    hers: Photo,
    url: str,
    fields: dict[str, str],
) -> None:
    make_user("Cem Aydin")
    ask_in(album, bob, Role.EDIT)
    known = {"album": album.slug, "photo": hers.public_id, "ada": ada.folder, "bob": bob.folder}

    form = {name: value.format(**known) for name, value in fields.items()}
    answer = client.submit(url.format(**known), **form)

    assert answer.status_code == 404
    for each in (album, hers):
        db.session.refresh(each)
    assert (album.visibility, hers.visibility, hers.offer) == ("private", "private", "picture")
    assert db.session.scalars(db.select(Collaborator.role)).all() == [Role.EDIT]
    assert whose_in(album) == EVERYTHING


@pytest.mark.parametrize("act", ["trash", "rotate", "retry", "restore"])
def test_photo_that_a_guest_added_stays_theirs(
    app: Flask, ada: User, album: Album, his: Photo, act: str
) -> None:
    hers = sign_in(app.test_client(), ada)

    answer = hers.submit(f"/p/{his.public_id}/{act}")

    assert answer.status_code == 404
    assert hers.get(f"/p/{his.public_id}").status_code == 200
    assert hers.get(f"/p/{his.public_id}/download").status_code == 404


def test_cover_is_chosen_from_the_album_alone(client: Browser, bob: User, album: Album) -> None:
    ask_in(album, bob, Role.EDIT)
    elsewhere = make_photo(bob, jpeg((60, 40), seed=3))

    answer = client.submit(f"/albums/{album.slug}/cover", id=elsewhere.public_id)

    assert answer.status_code == 404
    assert db.session.scalar(db.select(Album.cover_id)) is None


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.PUBLIC])
def test_what_others_show_is_not_passed_on(
    client: Browser, bob: User, hers: Photo, his: Photo, visibility: Visibility
) -> None:
    own = make_album(bob)
    hers.visibility = visibility
    db.session.commit()

    client.submit(f"/albums/{own.slug}/add", id=ids([hers, his]))
    page = client.get("/photos").text

    assert seen_in(client, own) == [his.public_id]
    assert "1 photo added to “Picos”. 1 photo left out: not in your library." in page


@pytest.mark.parametrize(("offer", "status"), [(Offer.PICTURE, 404), (Offer.ORIGINAL, 200)])
def test_what_moves_of_a_live_photo_is_where_the_photo_is(
    client: Browser, ada: User, bob: User, offer: Offer, status: int
) -> None:
    still, motion = halves(ada)
    album = make_album(ada, visibility=Visibility.MEMBERS)
    put_in(album, still)
    still.offer = motion.offer = offer
    db.session.commit()

    assert client.get(f"/p/{motion.public_id}").status_code == 200
    assert client.get(f"/p/{motion.public_id}/download").status_code == status


def test_what_moves_goes_with_the_photo_when_it_is_taken_out(
    app: Flask, client: Browser, ada: User, bob: User
) -> None:
    still, motion = halves(ada)
    album = make_album(ada, visibility=Visibility.MEMBERS)
    put_in(album, still)

    sign_in(app.test_client(), ada).submit(f"/albums/{album.slug}/take-out", id=still.public_id)

    assert client.get(f"/p/{still.public_id}").status_code == 404
    assert client.get(f"/p/{motion.public_id}").status_code == 404


@pytest.mark.parametrize("visibility", list(Visibility))
def test_what_moves_and_comes_later_is_for_those_who_see_the_photo(
    app: Flask, ada: User, visibility: Visibility
) -> None:
    still, motion = sent(ada, cat_jpg=jpeg(), cat_mov=MOTION)
    still.visibility, still.offer = visibility, Offer.ORIGINAL
    db.session.commit()

    read(still, NOON)
    read(motion, NOON + dt.timedelta(seconds=1), seconds=2.8)

    assert (motion.still_id, motion.visibility) == (still.id, visibility)
    assert motion.offer is Offer.ORIGINAL
