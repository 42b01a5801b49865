"""Links that show photos: who gets what by them, and how that ends."""

import html
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import exifread
import pytest
from flask import Flask
from PIL import Image

from gallery import storage, worker
from gallery.accounts.models import User
from gallery.accounts.signing_in import hashed
from gallery.albums import audience
from gallery.albums.models import Album, Role
from gallery.extensions import begin_writing, db, now, public_id
from gallery.photos import placeless
from gallery.photos.derivatives import derive
from gallery.photos.models import Offer, Photo
from gallery.photos.trash import discard
from gallery.sharing import names
from gallery.sharing.models import ShareLink
from gallery.upload_sets import SETS
from tests.conftest import ORIGIN, Browser
from tests.make import (
    GPS_IFD,
    ask_in,
    called,
    encoded,
    jpeg,
    make_album,
    make_link,
    make_photo,
    make_user,
    picture,
    put_in,
    sign_in,
)
from tests.seeding import seed

PASSWORD = "one for grandma"


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user()


@pytest.fixture
def photos(ada: User) -> list[Photo]:
    made = [make_photo(ada, jpeg((60, 40), seed=n), f"cat {n}.jpg") for n in range(3)]
    begin_writing()
    for photo in made:
        derive(photo.id)
        photo.latitude, photo.longitude, photo.place_name = 43.19, -4.83, "Fuente Dé"
    db.session.commit()
    return made


@pytest.fixture
def album(ada: User, photos: list[Photo]) -> Album:
    album = make_album(ada, "Picos de Europa")
    put_in(album, *photos)
    return album


def addresses(token: str, photo: Photo) -> list[str]:
    """Every address that a link has."""
    made = [f"/s/{token}/i/{called(token, photo)}/{each.url_name}" for each in photo.derivatives]
    own = f"/s/{token}/p/{called(token, photo)}"
    first = f"?from={called(token, photo)}"
    parts = [f"/s/{token}/shape", f"/s/{token}/section{first}"]
    files = [f"/s/{token}/d/{called(token, photo)}", f"/s/{token}/photos.zip"]
    return [f"/s/{token}", own, f"{own}/info", *made, *parts, *files]


def end(act: Callable[[ShareLink], None]) -> None:
    begin_writing()
    act(db.session.scalar(db.select(ShareLink)))
    db.session.commit()


def switch_off(link: ShareLink) -> None:
    link.ended_at = now()


def test_visitor_sees_the_album_and_nothing_of_its_owner(
    client: Browser, album: Album, photos: list[Photo]
) -> None:
    token = make_link(album, hides_places=False)

    answers = [client.get(url) for url in addresses(token, photos[0])]

    assert {answer.status_code for answer in answers} == {200}
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert {a.headers["Referrer-Policy"] for a in answers} == {"no-referrer"}
    page = answers[0].text
    assert "Picos de Europa" in page and "Shared by Ada Moreau" in page
    owner = album.owner
    for secret in (owner.email, owner.folder, album.slug, photos[0].filename, '"/photos"', '"/p/'):
        assert secret not in page.replace(f"/s/{token}", "link")


def test_right_password_leads_on_to_where_one_wanted(
    client: Browser, album: Album, photos: list[Photo]
) -> None:
    token = make_link(album, password_hash=hashed(PASSWORD), hides_places=False)
    deep = f"/s/{token}/p/{called(token, photos[0])}"

    wrong = unlock(client, token, "nonsense", deep)
    right = unlock(client, token, PASSWORD, deep)

    assert (wrong.status_code, right.status_code) == (401, 303)
    assert "not the password" in wrong.text and deep in wrong.text
    assert right.headers["Location"] == deep
    assert f"Path=/s/{token}" in right.headers["Set-Cookie"]
    assert {client.get(url).status_code for url in addresses(token, photos[0])} == {200}


def test_password_of_one_link_opens_no_other(client: Browser, album: Album) -> None:
    one, other = (make_link(album, password_hash=hashed(PASSWORD)) for _ in range(2))
    cookie = unlock(client, one, PASSWORD, "").headers["Set-Cookie"]
    value = re.search(r"unlock=([^;]+)", cookie)[1]

    client.set_cookie("unlock", value, path=f"/s/{other}")

    assert client.get(f"/s/{one}").status_code == 200
    assert client.get(f"/s/{other}").status_code == 401


def test_key_of_any_characters_opens_nothing(client: Browser, album: Album) -> None:
    token = make_link(album, password_hash=hashed(PASSWORD))

    client.set_cookie("unlock", "schlüssel", path=f"/s/{token}")

    assert client.get(f"/s/{token}").status_code == 401


def test_unlocking_leads_to_no_other_site(client: Browser, album: Album) -> None:
    token = make_link(album, password_hash=hashed(PASSWORD))

    ways = ("https://evil.example/", "//evil.example", "/photos", "/s/other", f"/s/{token}er")
    for way in ways:
        assert unlock(client, token, PASSWORD, way).headers["Location"] == f"/s/{token}"


def test_who_tries_links_by_their_locks_is_slowed_down(client: Browser) -> None:
    tried = [unlock(client, f"guess{n}", "x", "").status_code for n in range(12)]

    assert (tried[0], tried[-1]) == (404, 429)


def test_who_tries_passwords_is_slowed_down(client: Browser, album: Album) -> None:
    token = make_link(album, password_hash=hashed(PASSWORD))

    tried = [unlock(client, token, f"guess {n}", "").status_code for n in range(12)]

    assert tried[:10] == [401] * 10
    assert tried[-1] == 429


def unlock(client: Browser, token: str, password: str, way: str):
    data = {"password": password, "next": way}
    return client.post(f"/s/{token}/unlock", data=data, headers={"Origin": ORIGIN})


def test_link_that_hides_places_says_none(
    client: Browser, album: Album, photos: list[Photo]
) -> None:
    token = make_link(album)

    page = client.get(f"/s/{token}/p/{called(token, photos[0])}")

    assert "Fuente" not in page.text and "43.19" not in page.text


def test_files_are_given_out_once_it_is_known_what_tells_a_place(
    app: Flask, client: Browser, ada: User
) -> None:
    photo = make_photo(ada, placed())
    token = make_link([photo])
    url = f"/s/{token}/d/{called(token, photo)}"

    early = client.get(url)
    work(app)

    assert early.status_code == 503 and "Retry-After" in early.headers
    assert client.get(url).status_code == 200


def test_files_of_a_link_that_hides_places_tell_none(
    app: Flask, client: Browser, ada: User
) -> None:
    original = placed()
    photo = make_photo(ada, original)
    token = make_link([photo])
    work(app)

    file = client.get(f"/s/{token}/d/{called(token, photo)}").data
    rest = client.get(f"/s/{token}/d/{called(token, photo)}", headers={"Range": "bytes=50-"}).data
    zipped = zipfile.ZipFile(BytesIO(client.get(f"/s/{token}/photos.zip").data))

    assert "GPS GPSLatitude" in exifread.process_file(BytesIO(original))
    assert not [tag for tag in exifread.process_file(BytesIO(file)) if tag.startswith("GPS GPS")]
    assert (len(file), rest) == (len(original), file[50:])
    assert zipped.testzip() is None and zipped.read("cat.jpg") == file
    assert Image.open(BytesIO(file)).tobytes() == Image.open(BytesIO(original)).tobytes()
    with SETS[photo.set_name].open(photo.filename) as kept:
        assert kept.read() == original


def test_file_that_cannot_be_cleaned_is_left_out_and_named(
    app: Flask, client: Browser, photos: list[Photo]
) -> None:
    token = make_link(photos)
    work(app)
    placeless.give_up(photos[0].id, "")
    db.session.commit()

    zipped = zipfile.ZipFile(BytesIO(client.get(f"/s/{token}/photos.zip").data))

    assert zipped.namelist() == ["cat 1.jpg", "cat 2.jpg", "Not in here.txt"]
    assert "cat 0.jpg" in zipped.read("Not in here.txt").decode()
    assert client.get(f"/s/{token}/d/{called(token, photos[0])}").status_code == 404
    assert "/d/" not in client.get(f"/s/{token}/p/{called(token, photos[0])}").text


def placed() -> bytes:
    """A JPEG that was taken in the mountains, by its camera's word."""
    exif = Image.Exif()
    exif[0x0110] = "X-T5"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (43.0, 11.0, 24.0), 3: "W", 4: (4.0, 49.0, 48.0)})
    return encoded(picture((60, 40)), "JPEG", exif=exif, quality=90)


def work(app: Flask) -> None:
    while worker.perform(app):
        pass


def test_link_that_shows_places_says_them(
    client: Browser, album: Album, photos: list[Photo]
) -> None:
    token = make_link(album, hides_places=False)

    assert "Fuente Dé" in client.get(f"/s/{token}/p/{called(token, photos[0])}").text


def test_what_the_grid_asks_for_is_sent_once(
    client: Browser, album: Album, photos: list[Photo]
) -> None:
    token = make_link(album)
    parts = [url for url in addresses(token, photos[0]) if "/shape" in url or "/section" in url]
    known = {url: {"If-None-Match": client.get(url).headers["ETag"]} for url in parts}

    again = [client.get(url, headers=tag) for url, tag in known.items()]
    end(switch_off)
    over = [client.get(url, headers=tag) for url, tag in known.items()]

    assert [answer.status_code for answer in again] == [304, 304]
    assert {answer.headers["Cache-Control"] for answer in again} == {"private, no-cache"}
    assert [answer.status_code for answer in over] == [404, 404]


def test_link_to_look_at_gives_no_file(client: Browser, album: Album, photos: list[Photo]) -> None:
    token = make_link(album, hides_places=False, can_download=False)

    answers = [client.get(url) for url in addresses(token, photos[0])]

    assert [answer.status_code for answer in answers[-2:]] == [404, 404]
    assert {answer.status_code for answer in answers[:-2]} == {200}


def test_photos_of_others_go_out_only_where_they_give_them(
    client: Browser, album: Album, photos: list[Photo]
) -> None:
    bob = make_user("Bob Anders")
    shown, given = (make_photo(bob, jpeg((60, 40), seed=n), f"bob {n}.jpg") for n in (7, 8))
    begin_writing()
    given.offer = Offer.ORIGINAL
    db.session.commit()
    put_in(album, shown, given)
    token = make_link(album, hides_places=False)

    assert client.get(f"/s/{token}/p/{called(token, shown)}").status_code == 200
    assert client.get(f"/s/{token}/d/{called(token, shown)}").status_code == 404
    assert client.get(f"/s/{token}/d/{called(token, given)}").status_code == 200


def test_link_to_photos_shows_these_and_no_other(client: Browser, photos: list[Photo]) -> None:
    token = make_link(photos[:2], hides_places=False)

    found = [client.get(f"/s/{token}/p/{called(token, photo)}").status_code for photo in photos]

    assert found == [200, 200, 404]
    assert "2 photos" in client.get(f"/s/{token}").text


def test_what_goes_to_the_trash_is_gone_from_the_link(
    client: Browser, album: Album, photos: list[Photo]
) -> None:
    token = make_link(album, hides_places=False)
    begin_writing()
    discard(photos[0])
    db.session.commit()

    answers = {client.get(url).status_code for url in addresses(token, photos[0])[1:-4]}

    assert answers == {404}


def test_views_are_counted_but_not_the_owners(
    app: Flask, client: Browser, ada: User, album: Album
) -> None:
    token = make_link(album)

    client.get(f"/s/{token}")
    client.get(f"/s/{token}")
    sign_in(app.test_client(), ada).get(f"/s/{token}")

    link = db.session.scalar(db.select(ShareLink).execution_options(populate_existing=True))
    assert (link.view_count, link.viewed_at is not None) == (2, True)


def test_owner_makes_a_link_sees_it_once_and_turns_it_off(
    app: Flask, client: Browser, ada: User, album: Album
) -> None:
    sign_in(client, ada)
    visitor = app.test_client()
    url = f"/albums/{album.slug}/share"

    made = client.submit(url, label="Grandma", password="", days="30", can_download="y")

    assert made.status_code == 201
    address = re.search(r'value="(http[^"]+/s/[^"]+)"', made.text)[1]
    path = address[address.index("/s/") :]
    assert made.headers["Cache-Control"] == "no-store"
    assert 'aria-label="The link as a QR code"' in made.text
    assert visitor.get(path).status_code == 200
    listed = client.get("/sharing").text
    assert "Grandma" in listed and path not in listed
    link = db.session.scalar(db.select(ShareLink))
    assert path.rpartition("/")[2] not in str(vars(link))
    assert f'name="back" value="{url}"' in made.text
    assert client.submit(f"/sharing/{link.public_id}/end", back=url).location == url
    assert visitor.get(path).status_code == 404


def test_people_of_the_album_stand_beside_its_links(
    client: Browser, ada: User, album: Album
) -> None:
    ask_in(album, make_user("Bob Anders"), Role.ADD)

    page = sign_in(client, ada).get(f"/albums/{album.slug}/share").text

    chip = f'<a class="chip" href="/albums/{album.slug}/people"><span>Bob Anders · can add photos<'
    assert chip in page


def test_owner_shares_chosen_photos(client: Browser, ada: User, photos: list[Photo]) -> None:
    sign_in(client, ada)
    ids = [photo.public_id for photo in photos[:2]]

    asked = client.submit("/photos/share", id=ids)
    made = client.submit("/photos/share", id=ids, step="terms", days="", hides_places="y")

    assert (asked.status_code, made.status_code) == (200, 201)
    assert "Share 2 photos" in asked.text
    link = db.session.scalar(db.select(ShareLink))
    assert (link.album_id, link.expires_at, link.can_download) == (None, None, False)


def test_photo_is_shared_from_where_it_is_seen(
    client: Browser, ada: User, album: Album, photos: list[Photo]
) -> None:
    sign_in(client, ada)
    one, other = photos[0], photos[1]
    begin_writing()
    discard(other)
    db.session.commit()
    page = f"/p/{one.public_id}?in=album:{album.slug}"
    form = {"id": one.public_id, "back": page}

    own = client.get(page).text
    in_viewer = client.get(page.replace("?", "/info?")).text
    asked = client.submit("/photos/share", **form)
    made = client.submit("/photos/share", **form, step="terms", days="7")

    assert 'action="/photos/share"' in own and 'action="/photos/share"' in in_viewer
    assert f'name="back" value="{page}"' in own
    assert "Share 1 photo" in asked.text and f'href="{page}"' in asked.text
    assert (made.status_code, f'href="{page}"' in made.text) == (201, True)
    assert 'action="/photos/share"' not in client.get(f"/p/{other.public_id}").text


def test_nobody_shares_what_is_not_theirs(
    client: Browser, album: Album, photos: list[Photo]
) -> None:
    sign_in(client, make_user("Bob Anders"))

    assert client.get(f"/albums/{album.slug}/share").status_code == 404
    assert client.submit(f"/albums/{album.slug}/share", days="7").status_code == 404
    ids = [photo.public_id for photo in photos]
    assert client.submit("/photos/share", id=ids, step="terms", days="7").status_code == 404
    assert db.session.scalar(db.select(ShareLink)) is None


def test_file_that_vanished_is_not_there(client: Browser, photos: list[Photo]) -> None:
    token = make_link(photos, hides_places=False)
    storage.path_of(photos[0].set_name, photos[0].filename).unlink()

    assert client.get(f"/s/{token}/d/{called(token, photos[0])}").status_code == 404


def test_who_can_see_it_counts_open_links(ada: User, album: Album, photos: list[Photo]) -> None:
    make_link(album)
    assert audience.of_album(album, ada).sentence == "Only you; and whoever has the link to it"
    make_link(photos[:1])
    words = "Only you; and whoever has one of 2 links to it"
    assert audience.of_photo(photos[0])[0].sentence == words
    end(switch_off)

    assert audience.of_album(album, ada).sentence == "Only you"


def test_two_links_call_one_photo_differently(
    client: Browser, ada: User, album: Album, photos: list[Photo]
) -> None:
    one, other = make_link(album), make_link(album)
    name = called(one, photos[0])

    pages = [
        client.get(f"/s/{one}"),
        client.get(f"/s/{one}/shape"),
        client.get(f"/s/{one}/p/{name}"),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert name in pages[0].text
    assert not any(photo.public_id in page.text for photo in photos for page in pages)
    assert len({name, called(other, photos[0]), photos[0].public_id}) == 3
    for strange in (called(other, photos[0]), photos[0].public_id, "x", name + "1", "0" * 10):
        assert client.get(f"/s/{one}/p/{strange}").status_code == 404


def test_names_of_a_link_are_undone(app: Flask, ada: User, album: Album) -> None:
    token = make_link(album)
    link = db.session.scalars(ShareLink.of_token(token)).one()

    ids = [public_id() for _ in range(300)]

    assert [names.photo_of(link, names.name_of(link, each)) for each in ids] == ids


def test_large_album_is_turned_page_by_page(client: Browser, instance: Path, ada: User) -> None:
    seed(instance, ada.email, 130, draw=False)
    album = make_album(ada)
    put_in(album, *db.session.scalars(Photo.owned_by(ada)))
    db.session.commit()
    url, seen = f"/s/{make_link(album)}", []

    while url:
        page = client.get(url).text
        seen += re.findall(r'data-id="(\w+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        url = html.unescape(following[1]) if following else ""

    assert len(seen) == len(set(seen)) == 130
    begun = client.get(f"/s/{make_link(album)}?at={seen[0]}").text
    assert 'data-id="' in begun  # a photo of another link's is no place: the list begins
