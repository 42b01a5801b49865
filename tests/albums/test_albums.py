"""Albums as their owner makes, fills, orders and deletes them."""

import datetime as dt
import re

import pytest

from gallery.accounts.models import User
from gallery.albums.models import Album, Entry, Order
from gallery.extensions import db
from gallery.photos import lists
from gallery.photos.models import Photo
from gallery.photos.verify import verify
from tests.conftest import Browser
from tests.make import jpeg, make_album, make_photo, make_user, put_in, sign_in


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user("Ada Moreau")
    sign_in(client, ada)
    return ada


def photos_of(owner: User, number: int) -> list[Photo]:
    """Photos of days that follow each other."""
    return [
        make_photo(owner, jpeg((60, 40), seed=day), f"IMG_202407{day:02}_120000.jpg")
        for day in range(1, number + 1)
    ]


def seen_in(client: Browser, album: Album, query: str = "") -> list[str]:
    """The public ids of what the album's page shows, in its order."""
    page = client.get(f"/albums/{album.slug}{query}").text
    return re.findall(r'<li class="tile[^>]*><a href="/p/(\w+)', page)


def ids(photos: list[Photo]) -> list[str]:
    return [photo.public_id for photo in photos]


def test_an_album_is_made_filled_and_shown(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 3)

    made = client.submit("/albums/new", title="Picos de Europa")
    page = client.get(made.location)
    slug = made.location.rpartition("/")[2]
    added = client.submit(f"/albums/{slug}/add", id=ids(photos))
    album = db.session.scalar(db.select(Album))

    assert slug.startswith("picos-de-europa-")
    assert "Nothing in here yet" in page.text
    assert added.status_code == 303
    assert "3 photos added to “Picos de Europa”" in client.get("/photos").text
    assert seen_in(client, album) == ids(photos)
    assert "3 photos · 1–3 July 2024" in client.get(added.location).text


def test_a_photo_is_in_an_album_once(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 2)
    album = make_album(ada)
    put_in(album, photos[0])

    client.submit(f"/albums/{album.slug}/add", id=ids(photos))

    assert "1 photo added to “Picos”. 1 photo had been in it." in client.get("/photos").text
    assert db.session.scalar(db.select(Album.photo_count)) == 2


def test_photos_of_others_cannot_be_added(client: Browser, ada: User) -> None:
    theirs = make_photo(make_user("Bob Anders"))
    album = make_album(ada)

    client.submit(f"/albums/{album.slug}/add", id=[theirs.public_id])

    assert seen_in(client, album) == []


@pytest.mark.parametrize("order", list(Order))
def test_an_album_has_the_order_it_is_given(client: Browser, ada: User, order: Order) -> None:
    names = ["b 10.jpg", "a.jpg", "b 9.jpg"]
    photos = [make_photo(ada, jpeg((60, 40), seed=n), name) for n, name in enumerate(names)]
    album = make_album(ada)
    put_in(album, *photos)

    client.submit(f"/albums/{album.slug}/edit", title="Picos", order=order.value, parent="")

    expected = {
        Order.OLDEST: photos,
        Order.NEWEST: photos[::-1],
        Order.NAME: [photos[1], photos[2], photos[0]],
        Order.HAND: photos,
    }
    assert seen_in(client, album) == ids(expected[order])


@pytest.mark.parametrize(
    ("moved", "aim", "expected"),
    [
        ([3], {"before": 0}, [3, 0, 1, 2]),
        ([0], {"after": 3}, [1, 2, 3, 0]),
        ([0, 3], {"after": 1}, [1, 0, 3, 2]),
        ([3], {"before": 2}, [0, 1, 3, 2]),
        ([0], {"to": "end"}, [1, 2, 3, 0]),
        ([2, 3], {"to": "start"}, [2, 3, 0, 1]),
        ([3], {"to": "number", "number": "2"}, [0, 3, 1, 2]),
        ([0, 1], {"to": "number", "number": "2"}, [2, 0, 1, 3]),
        ([0], {"to": "number", "number": "9" * 30}, [1, 2, 3, 0]),
        ([3], {"to": "number", "number": "-1"}, [3, 0, 1, 2]),
        ([1], {"after": 0}, [0, 1, 2, 3]),
    ],
)
def test_photos_are_moved_by_hand(
    client: Browser, ada: User, moved: list[int], aim: dict, expected: list[int]
) -> None:
    photos = photos_of(ada, 4)
    album = make_album(ada)
    put_in(album, *photos)
    places = dict(db.session.execute(db.select(Entry.photo_id, Entry.place)).all())
    aims = {k: photos[v].public_id if isinstance(v, int) else v for k, v in aim.items()}

    answer = client.submit(f"/albums/{album.slug}/move", id=ids([photos[n] for n in moved]), **aims)

    assert answer.status_code == 303
    assert seen_in(client, album) == ids([photos[n] for n in expected])
    assert set(places) == {photo.id for photo in photos}


def test_a_page_to_arrange_says_which_photos_of_the_album_it_has(
    client: Browser, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ALBUM_PAGE", 2)
    album = make_album(ada)
    put_in(album, *photos_of(ada, 5))

    first = client.get(f"/albums/{album.slug}/arrange").text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = client.get(following.replace("&amp;", "&")).text

    assert "These are 1 to 2 of 5." in first
    assert "These are 3 to 4 of 5." in second


def test_moving_one_renumbers_no_other(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 4)
    album = make_album(ada)
    put_in(album, *photos)
    client.submit(f"/albums/{album.slug}/arrange")
    places = dict(db.session.execute(db.select(Entry.photo_id, Entry.place)).all())

    client.submit(f"/albums/{album.slug}/move", id=photos[3].public_id, before=photos[1].public_id)

    after = dict(db.session.execute(db.select(Entry.photo_id, Entry.place)).all())
    assert {id_ for id_, place in after.items() if place != places[id_]} == {photos[3].id}


def test_the_order_by_hand_outlives_another_order(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 3)
    album = make_album(ada)
    put_in(album, *photos)
    client.submit(f"/albums/{album.slug}/move", id=photos[2].public_id, to="start")

    for order in ("newest", "hand"):
        client.submit(f"/albums/{album.slug}/edit", title="Picos", order=order, parent="")

    assert seen_in(client, album) == ids([photos[2], photos[0], photos[1]])


def test_arranging_begins_with_what_is_seen(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 3)
    album = make_album(ada)
    put_in(album, *photos)
    client.submit(f"/albums/{album.slug}/edit", title="Picos", order="newest", parent="")

    client.submit(f"/albums/{album.slug}/arrange")

    assert seen_in(client, album) == ids(photos[::-1])


@pytest.mark.parametrize(
    "aim", [{}, {"before": "x", "after": "y"}, {"before": "nothing"}, {"to": "number"}]
)
def test_a_move_to_nowhere_is_refused_in_a_sentence(
    client: Browser, ada: User, aim: dict[str, str]
) -> None:
    photo = make_photo(ada)
    album = make_album(ada)
    put_in(album, photo)

    answer = client.submit(f"/albums/{album.slug}/move", id=photo.public_id, **aim)

    assert answer.status_code in (400, 422)
    assert "data-sentence" in answer.text


def test_a_photo_that_gets_another_date_moves_in_its_albums(ada: User, client: Browser) -> None:
    photos = photos_of(ada, 2)
    album = make_album(ada)
    put_in(album, *photos)

    photos[0].place(dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    db.session.commit()

    assert seen_in(client, album) == ids(photos[::-1])


def test_trash_and_back_are_counted(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 2)
    album = make_album(ada)
    put_in(album, *photos)

    client.submit(f"/p/{photos[0].public_id}/trash")
    without = seen_in(client, album), client.get(f"/albums/{album.slug}").text
    client.submit(f"/p/{photos[0].public_id}/restore")

    assert without[0] == ids(photos[1:])
    assert "1 photo · 2 July 2024" in without[1]
    assert seen_in(client, album) == ids(photos)
    assert verify().wrong == []


def test_verify_names_an_album_that_counts_wrong(ada: User) -> None:
    album = make_album(ada)
    album.photo_count = 7
    db.session.commit()

    assert verify().wrong == [f"album {album.slug}: counted 7 photos, has 0."]


def test_deleting_an_album_deletes_no_photo(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 2)
    album = make_album(ada)
    put_in(album, *photos)
    inner = make_album(ada, "Inner")
    inner.parent_id = album.id
    db.session.commit()

    page = client.get(f"/albums/{album.slug}/delete").text
    client.submit(f"/albums/{album.slug}/delete")

    assert "No photo is deleted" in page
    assert "Its photos are where they were" in client.get("/albums").text
    assert client.get(f"/albums/{album.slug}").status_code == 404
    assert client.get(f"/p/{photos[0].public_id}").status_code == 200
    assert db.session.scalars(db.select(Album.parent_id)).all() == [None]
    assert db.session.scalars(db.select(Entry)).all() == []


def test_an_old_address_leads_to_the_new_one(client: Browser, ada: User) -> None:
    album = make_album(ada, "Picos")
    old = album.slug

    moved = client.submit(f"/albums/{old}/edit", title="Picos de Europa", order="oldest", parent="")
    new = moved.location.rpartition("/")[2]
    led = client.get(f"/albums/{old}")
    client.submit(f"/albums/{new}/edit", title="Picos", order="oldest", parent="")

    assert new != old
    assert led.location == f"/albums/{new}"
    assert client.get(f"/albums/{old}").status_code == 200
    assert client.get(f"/albums/{new}").location == f"/albums/{old}"


def test_an_album_stands_in_another_and_never_in_itself(client: Browser, ada: User) -> None:
    outer, inner = make_album(ada, "Outer"), make_album(ada, "Inner")

    client.submit(f"/albums/{inner.slug}/edit", title="Inner", order="oldest", parent=outer.slug)
    refused = client.submit(
        f"/albums/{outer.slug}/edit", title="Outer", order="oldest", parent=inner.slug
    )

    assert f"/albums/{inner.slug}" in client.get(f"/albums/{outer.slug}").text
    assert f"/albums/{outer.slug}" in client.get(f"/albums/{inner.slug}").text
    assert f"/albums/{inner.slug}" not in client.get("/albums").text
    assert refused.status_code == 422
    assert "An album cannot be in itself" in refused.text


def test_the_cover_is_the_chosen_photo_while_it_is_there(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 2)
    album = make_album(ada)
    put_in(album, *photos)

    client.submit(f"/albums/{album.slug}/cover", id=photos[1].public_id)
    chosen = db.session.scalar(db.select(Album.cover_id))
    client.submit(f"/albums/{album.slug}/take-out", id=photos[1].public_id)

    assert chosen == photos[1].id
    assert client.get(f"/albums/{album.slug}").status_code == 200


def test_taking_out_can_be_undone(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 2)
    album = make_album(ada)
    put_in(album, *photos)

    client.submit(f"/albums/{album.slug}/take-out", id=photos[0].public_id)
    page = client.get(f"/albums/{album.slug}").text
    undo = re.search(r'action="(/changes/[^"]*)"', page)[1].replace("&amp;", "&")
    left = seen_in(client, album)
    client.submit(undo)

    assert left == ids(photos[1:])
    assert seen_in(client, album) == ids(photos)


@pytest.mark.parametrize("title", ["", "   ", "x" * 121])
def test_a_title_that_is_none_is_asked_for_again(client: Browser, ada: User, title: str) -> None:
    answer = client.submit("/albums/new", title=title)

    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert db.session.scalar(db.select(Album)) is None


def test_a_selection_outlives_a_title_that_is_none(client: Browser, ada: User) -> None:
    photo = make_photo(ada)

    answer = client.submit("/albums/new/add", id=photo.public_id, title="x" * 121)

    assert answer.status_code == 422
    assert "120 characters are enough for a title." in answer.text
    assert f'value="{"x" * 121}"' in answer.text
    assert f'name="id" value="{photo.public_id}"' in answer.text


def test_photos_are_put_into_a_new_album_from_a_selection(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 3)
    make_album(ada, "There already")

    asked = client.submit("/albums/choose", id=ids(photos[:2]))
    made = client.submit("/albums/new/add", id=ids(photos[:2]), title="Coast")

    assert "Add 2 photos to an album" in asked.text
    assert "There already" in asked.text
    assert made.location.startswith("/albums/coast-")
    assert seen_in(client, db.session.scalar(db.select(Album).where(Album.title == "Coast"))) == (
        ids(photos[:2])
    )


def test_a_large_album_is_read_in_pages(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 30)
    album = make_album(ada)
    put_in(album, *photos)

    for order in Order:
        client.submit(f"/albums/{album.slug}/edit", title="Picos", order=order.value, parent="")
        page = client.get(f"/albums/{album.slug}").text
        assert page.count('class="tile ') == 30


def test_what_came_last_stands_first_in_recently_added(client: Browser, ada: User) -> None:
    old = make_photo(ada, jpeg((60, 40), seed=1), "IMG_20240701_120000.jpg")
    new = make_photo(ada, jpeg((60, 40), seed=2), "IMG_20010701_120000.jpg")

    page = client.get("/albums/recent").text
    following = client.get(f"/p/{new.public_id}?in=recent").text

    assert page.index(new.public_id) < page.index(old.public_id)
    assert f'rel="next" href="/p/{old.public_id}?in=recent"' in following


def test_a_photo_opened_from_an_album_leads_on_in_it(client: Browser, ada: User) -> None:
    photos = photos_of(ada, 3)
    album = make_album(ada)
    put_in(album, photos[0], photos[2])

    page = client.get(f"/p/{photos[0].public_id}?in=album:{album.slug}").text

    assert f'rel="next" href="/p/{photos[2].public_id}?in=album:{album.slug}"' in page
    assert f'href="/albums/{album.slug}?at={photos[0].public_id}"' in page
