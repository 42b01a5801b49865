"""Who sees which photo and which album, and that it ends at the next request."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from gallery.accounts.models import User
from gallery.albums.models import Album, Role
from gallery.extensions import begin_writing, db
from gallery.photos.derivatives import derive
from gallery.photos.models import Offer, Photo, Visibility
from tests.conftest import Browser
from tests.make import (
    ask_in,
    encoded,
    jpeg,
    make_album,
    make_photo,
    make_user,
    picture,
    put_in,
    sign_in,
)

GPS = {1: "N", 2: (43.0, 9.0, 7.5), 3: "W", 4: (4.0, 48.0, 0.0)}


def located(seed: int = 1) -> bytes:
    """A JPEG that says where it was taken."""
    image = picture((90, 60), seed=seed)
    exif = image.getexif()
    exif.get_ifd(0x8825).update(GPS)
    return encoded(image, "JPEG", exif=exif)


@pytest.fixture
def ada() -> User:
    return make_user("Ada Moreau")


@pytest.fixture
def bob() -> User:
    return make_user("Bob Anders")


@pytest.fixture
def photo(ada: User) -> Photo:
    """A photo of Ada's with its previews."""
    photo = make_photo(ada, located(), "secret-name.jpg")
    begin_writing()
    derive(photo.id)
    db.session.commit()
    return photo


@pytest.fixture
def album(ada: User, photo: Photo) -> Album:
    album = make_album(ada)
    put_in(album, photo)
    return album


def as_(app: Flask, user: User | None) -> Browser:
    client = app.test_client()
    return sign_in(client, user) if user else client


def addresses(photo: Photo) -> list[str]:
    """The page of a photo and all its previews."""
    pictures = [f"/i/{photo.public_id}/{made.url_name}" for made in photo.derivatives]
    assert len(pictures) >= 4
    return [f"/p/{photo.public_id}", *pictures]


def statuses(client: Browser, urls: list[str]) -> set[int]:
    return {client.get(url).status_code for url in urls}


@pytest.mark.parametrize(
    ("visibility", "visitor", "member"),
    [
        (Visibility.PRIVATE, 404, 404),
        (Visibility.MEMBERS, 404, 200),
        (Visibility.PUBLIC, 200, 200),
    ],
)
@pytest.mark.parametrize("by", ["itself", "its album"])
def test_page_and_pictures_obey_the_same_rule(
    app: Flask,
    bob: User,
    photo: Photo,
    album: Album,
    by: str,
    visibility: Visibility,
    visitor: int,
    member: int,
) -> None:
    (photo if by == "itself" else album).visibility = visibility
    db.session.commit()
    urls = addresses(photo)
    urls += [f"/albums/{album.slug}"] if by == "its album" else []

    assert statuses(as_(app, None), urls) == {visitor}
    assert statuses(as_(app, bob), urls) == {member}
    assert statuses(as_(app, None), [f"/p/{photo.public_id}/download"]) == {404}
    assert statuses(as_(app, bob), [f"/p/{photo.public_id}/download"]) == {404}


@pytest.mark.parametrize(
    ("offer", "status"), [(Offer.PICTURE, 404), (Offer.PLACE, 404), (Offer.ORIGINAL, 200)]
)
def test_the_file_is_given_only_by_its_owners_word(
    app: Flask, photo: Photo, offer: Offer, status: int
) -> None:
    photo.visibility, photo.offer = Visibility.PUBLIC, offer
    db.session.commit()
    visitor = as_(app, None)

    assert visitor.get(f"/p/{photo.public_id}/download").status_code == status
    is_offered = f"/p/{photo.public_id}/download" in visitor.get(f"/p/{photo.public_id}").text
    assert is_offered == (status == 200)


@pytest.mark.parametrize(
    ("offer", "is_told"), [(Offer.PICTURE, False), (Offer.PLACE, True), (Offer.ORIGINAL, True)]
)
def test_the_place_is_told_only_by_its_owners_word(
    app: Flask, photo: Photo, offer: Offer, is_told: bool
) -> None:
    assert photo.latitude is not None
    photo.visibility, photo.offer = Visibility.PUBLIC, offer
    db.session.commit()

    page = as_(app, None).get(f"/p/{photo.public_id}").text

    assert ("43.15" in page) == is_told


def test_others_learn_nothing_that_is_the_owners_alone(
    app: Flask, bob: User, ada: User, photo: Photo, album: Album
) -> None:
    pending = make_photo(ada, jpeg(seed=7), "also-secret.jpg")
    put_in(album, pending)
    photo.rating, album.visibility = 4, Visibility.PUBLIC
    db.session.commit()
    secrets = ("secret-name", "also-secret", photo.sha256, ada.email, photo.filename, "★", "43.15")

    for client in (as_(app, None), as_(app, bob)):
        for path in (f"/albums/{album.slug}", f"/p/{photo.public_id}?in=album:{album.slug}"):
            page = client.get(path).text
            assert "Ada Moreau" in page
            assert [secret for secret in secrets if secret in page] == []


Loss = Callable[[Album, Photo, Browser, User], object]
LOSSES: dict[str, Loss] = {
    "removed by its owner": lambda album, _photo, owner, guest: owner.submit(
        f"/albums/{album.slug}/people/{guest.folder}"
    ),
    "the photo was taken out": lambda album, photo, owner, _guest: owner.submit(
        f"/albums/{album.slug}/take-out", id=photo.public_id
    ),
    "the photo was trashed": lambda _album, photo, owner, _guest: owner.submit(
        f"/p/{photo.public_id}/trash"
    ),
    "the album was deleted": lambda album, _photo, owner, _guest: owner.submit(
        f"/albums/{album.slug}/delete"
    ),
}


@pytest.mark.parametrize("how", LOSSES)
def test_what_somebody_was_shown_is_gone_at_the_next_request(
    app: Flask, ada: User, bob: User, photo: Photo, album: Album, how: str
) -> None:
    ask_in(album, bob, Role.VIEW)
    photo.offer = Offer.ORIGINAL
    db.session.commit()
    guest, owner = as_(app, bob), as_(app, ada)
    pages = guest.get(f"/albums/{album.slug}").text + guest.get(f"/p/{photo.public_id}").text
    copied = set(re.findall(rf"/(?:i|p)/{photo.public_id}[^\s\"?]*", pages))
    assert len(copied) >= 6
    assert statuses(guest, sorted(copied)) == {200}

    LOSSES[how](album, photo, owner, bob)

    assert statuses(guest, sorted(copied)) == {404}


@pytest.mark.parametrize("was", [Visibility.MEMBERS, Visibility.PUBLIC])
def test_an_album_made_private_again_is_gone_at_the_next_request(
    app: Flask, ada: User, bob: User, photo: Photo, album: Album, was: Visibility
) -> None:
    album.visibility, photo.offer = was, Offer.ORIGINAL
    db.session.commit()
    other, owner = as_(app, bob), as_(app, ada)
    urls = [*addresses(photo), f"/p/{photo.public_id}/download", f"/albums/{album.slug}"]
    before = statuses(other, urls)

    owner.submit(f"/albums/{album.slug}/visibility", visibility="private")

    assert (before, statuses(other, urls)) == ({200}, {404})


def test_who_leaves_sees_it_no_more(app: Flask, bob: User, photo: Photo, album: Album) -> None:
    ask_in(album, bob, Role.VIEW)
    guest = as_(app, bob)
    before = statuses(guest, addresses(photo))

    guest.submit(f"/albums/{album.slug}/leave")

    assert (before, statuses(guest, addresses(photo))) == ({200}, {404})


def test_who_is_disabled_sees_what_visitors_see(
    app: Flask, bob: User, photo: Photo, album: Album
) -> None:
    ask_in(album, bob, Role.EDIT)
    guest = as_(app, bob)
    before = statuses(guest, addresses(photo))

    bob.is_disabled = True
    db.session.commit()

    assert (before, statuses(guest, addresses(photo))) == ({200}, {404})


def test_missing_and_forbidden_look_the_same(
    app: Flask, bob: User, photo: Photo, album: Album
) -> None:
    def body(client: Browser, path: str) -> tuple[int, str]:
        answer = client.get(path)
        # What differs is the number of the request, and the way back to where one was.
        text = re.sub(r"Request \w+|next=[^\"]*|" + re.escape(path), "", answer.text)
        return answer.status_code, re.sub(r'name="csrf_token"[^>]*', "", text)

    for client in (as_(app, None), as_(app, bob)):
        assert body(client, f"/p/{photo.public_id}") == body(client, "/p/9999999999")
        assert body(client, f"/albums/{album.slug}") == body(client, "/albums/nothing-0000")
        for path in (f"/p/{photo.public_id}/download", addresses(photo)[1]):
            missing = path.replace(photo.public_id, "9999999999")
            assert body(client, path) == body(client, missing)


def test_the_owner_sees_what_a_visitor_sees(
    app: Flask, ada: User, photo: Photo, album: Album
) -> None:
    owner = as_(app, ada)
    hidden = (
        owner.get(f"/albums/{album.slug}?as=visitor"),
        owner.get(f"/p/{photo.public_id}?as=visitor"),
    )
    album.visibility = Visibility.PUBLIC
    db.session.commit()
    shown = owner.get(f"/albums/{album.slug}?as=visitor").text
    page = owner.get(f"/p/{photo.public_id}?in=album:{album.slug}&as=visitor").text

    assert all("Visitors do not see this" in answer.text for answer in hidden)
    assert "This is what a visitor sees." in shown and "Add photos" not in shown
    assert "This is what a visitor sees." in page and "secret-name" not in page
    assert f"/p/{photo.public_id}?in=album:{album.slug}&amp;as=visitor" in shown


def test_nobody_else_learns_that_way_what_there_is(
    app: Flask, bob: User, photo: Photo, album: Album
) -> None:
    for client in (as_(app, None), as_(app, bob)):
        paths = (f"/albums/{album.slug}?as=visitor", f"/p/{photo.public_id}?as=visitor")
        assert statuses(client, list(paths)) == {404}


def test_a_photo_that_one_sees_cannot_be_passed_on(
    app: Flask, bob: User, photo: Photo, album: Album
) -> None:
    album.visibility = Visibility.MEMBERS
    db.session.commit()
    mine = make_album(bob, "Mine", visibility=Visibility.PUBLIC)

    as_(app, bob).submit(f"/albums/{mine.slug}/add", id=photo.public_id)

    assert db.session.scalar(db.select(Album.photo_count).where(Album.id == mine.id)) == 0
    assert as_(app, None).get(f"/p/{photo.public_id}").status_code == 404


def test_what_one_added_can_be_taken_back_also_after_leaving(
    app: Flask, ada: User, bob: User, photo: Photo, album: Album
) -> None:
    mine = make_photo(bob, jpeg(seed=8))
    put_in(album, mine)

    guest = as_(app, bob)
    theirs = guest.submit(f"/albums/{album.slug}/take-out", id=photo.public_id)
    both = guest.submit(f"/albums/{album.slug}/take-out", id=[photo.public_id, mine.public_id])

    assert theirs.status_code == 404
    assert both.location == "/photos"
    left = db.session.scalars(album.photos.with_only_columns(Photo.id)).all()
    assert left == [photo.id]


def test_a_contributor_takes_out_only_their_own(
    app: Flask, bob: User, photo: Photo, album: Album
) -> None:
    ask_in(album, bob, Role.ADD)

    refused = as_(app, bob).submit(f"/albums/{album.slug}/take-out", id=photo.public_id)

    assert refused.status_code == 404
    assert db.session.scalar(db.select(Album.photo_count)) == 1


def test_an_editor_takes_out_any(app: Flask, bob: User, photo: Photo, album: Album) -> None:
    ask_in(album, bob, Role.EDIT)

    as_(app, bob).submit(f"/albums/{album.slug}/take-out", id=photo.public_id)

    assert db.session.scalar(db.select(Album.photo_count)) == 0


def test_what_moves_of_a_live_photo_is_seen_where_the_photo_is(
    app: Flask, ada: User, photo: Photo
) -> None:
    motion = make_photo(ada, jpeg(seed=8))
    motion.still = photo
    db.session.commit()

    as_(app, ada).submit(
        "/photos/audience", id=photo.public_id, visibility="public", offer="original"
    )

    assert as_(app, None).get(f"/p/{motion.public_id}/download").status_code == 200


def test_an_admin_who_has_opened_the_gallery_sees_its_albums_under_a_banner(
    app: Flask, ada: User, album: Album
) -> None:
    admin = as_(app, make_user("Root Admin", is_admin=True))
    before = admin.get(f"/albums/{album.slug}").status_code

    gallery = admin.get(f"/admin/galleries/{ada.folder}").text
    page = admin.get(f"/albums/{album.slug}").text

    assert before == 404
    assert f"/albums/{album.slug}" in gallery
    assert "You are looking at Ada Moreau’s library · Logged" in page
    assert "Add photos" not in page
