"""The people of an album: who is asked in, what they may do, and how they go."""

import re

import pytest

from gallery.accounts.models import User
from gallery.albums import audience
from gallery.albums.models import Album, Collaborator, Role
from gallery.extensions import db
from gallery.photos.models import Photo, Visibility
from tests.conftest import Browser
from tests.make import ask_in, jpeg, make_album, make_photo, make_user, put_in, sign_in


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user("Ada Moreau")
    sign_in(client, ada)
    return ada


@pytest.fixture
def bob() -> User:
    return make_user("Bob Anders")


def roles_in(album: Album) -> dict[int, Role]:
    mine = db.select(Collaborator).where(Collaborator.album_id == album.id)
    fresh = mine.execution_options(populate_existing=True)
    return {each.user_id: each.role for each in db.session.scalars(fresh)}


def test_somebody_is_asked_in_by_email(client: Browser, ada: User, bob: User) -> None:
    album = make_album(ada)

    client.submit(f"/albums/{album.slug}/people", email=" BOB@example.org", role="add")
    page = client.get(f"/albums/{album.slug}/people").text

    assert roles_in(album) == {bob.id: Role.ADD}
    assert "You and Bob Anders." in page
    assert "Bob Anders can add photos now." in page


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("nobody@example.org", "Nobody here has this email."),
        ("ada@example.org", "The album is yours"),
        ("", "Whose email?"),
    ],
)
def test_who_cannot_be_asked_is_said_and_the_email_stays(
    client: Browser, ada: User, email: str, sentence: str
) -> None:
    album = make_album(ada)

    answer = client.submit(f"/albums/{album.slug}/people", email=email, role="view")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{email}"' in answer.text
    assert roles_in(album) == {}


def test_a_disabled_account_is_not_asked_in(client: Browser, ada: User, bob: User) -> None:
    album = make_album(ada)
    bob.is_disabled = True
    db.session.commit()

    assert (
        client.submit(f"/albums/{album.slug}/people", email=bob.email, role="view").status_code
        == 422
    )


def test_asking_about_one_address_after_the_other_is_slowed_down(
    client: Browser, ada: User
) -> None:
    album = make_album(ada)

    answers = [
        client.submit(f"/albums/{album.slug}/people", email=f"{n}@example.org", role="view")
        for n in range(61)
    ]

    assert [answer.status_code for answer in answers] == [422] * 60 + [429]


def test_a_role_is_changed_and_taken_away(client: Browser, ada: User, bob: User) -> None:
    album = make_album(ada)
    ask_in(album, bob, Role.VIEW)

    client.submit(f"/albums/{album.slug}/people/{bob.folder}", role="edit")
    changed = roles_in(album)
    client.submit(f"/albums/{album.slug}/people/{bob.folder}")

    assert changed == {bob.id: Role.EDIT}
    assert roles_in(album) == {}


def test_a_role_that_there_is_not_changes_nothing(client: Browser, ada: User, bob: User) -> None:
    album = make_album(ada)
    ask_in(album, bob, Role.VIEW)

    answer = client.submit(f"/albums/{album.slug}/people/{bob.folder}", role="owner")

    assert answer.status_code == 400
    assert roles_in(album) == {bob.id: Role.VIEW}


def test_who_was_disabled_is_not_named_among_those_who_see(
    client: Browser, ada: User, bob: User
) -> None:
    album = make_album(ada)
    ask_in(album, bob, Role.VIEW)
    bob.is_disabled = True
    db.session.commit()

    assert audience.of_album(album, ada).sentence == "Only you"


def test_the_owner_has_no_role_to_change(client: Browser, ada: User) -> None:
    album = make_album(ada)

    answer = client.submit(f"/albums/{album.slug}/people/{ada.folder}", role="view")

    assert answer.status_code == 422
    assert "They were not asked into this album." in answer.text


@pytest.mark.parametrize(("fields", "left"), [({"with_photos": "y"}, 1), ({}, 2)])
def test_who_leaves_takes_their_photos_along_if_they_like(
    client: Browser, bob: User, fields: dict[str, str], left: int
) -> None:
    ada = make_user("Ada Moreau")
    album = make_album(ada)
    ask_in(album, bob, Role.ADD)
    put_in(album, make_photo(ada), make_photo(bob, jpeg(seed=5)))
    sign_in(client, bob)

    page = client.get(f"/albums/{album.slug}/leave").text
    client.submit(f"/albums/{album.slug}/leave", **fields)

    assert "You have added 1 photo." in page
    assert "You have left “Picos”." in client.get("/albums").text
    assert client.get(f"/albums/{album.slug}").status_code == 404
    assert db.session.scalar(db.select(Album.photo_count)) == left


def test_who_added_what_and_when_is_listed(client: Browser, ada: User, bob: User) -> None:
    album = make_album(ada)
    photos = [make_photo(ada, jpeg(seed=n)) for n in range(2)]
    client.submit(f"/albums/{album.slug}/add", id=[photo.public_id for photo in photos])
    put_in(album, make_photo(bob, jpeg(seed=5)))

    page = client.get(f"/albums/{album.slug}/activity").text

    added = re.findall(r"<b>([^<]*)</b> (added \d+ photos?)", page)
    assert added == [("Bob Anders", "added 1 photo"), ("Ada Moreau", "added 2 photos")]


def test_photos_of_others_say_whose_they_are(client: Browser, ada: User, bob: User) -> None:
    album = make_album(ada)
    put_in(album, make_photo(ada), make_photo(bob, jpeg(seed=5)))

    page = client.get(f"/albums/{album.slug}").text

    assert page.count(", by Bob Anders") == 2  # of the picture, and of its tick
    assert ", by Ada Moreau" not in page


@pytest.mark.parametrize(
    ("visibility", "sentence"),
    [
        (Visibility.PRIVATE, "Only you"),
        (Visibility.MEMBERS, "Everybody with an account here"),
        (Visibility.PUBLIC, "Everyone, with or without an account"),
    ],
)
def test_a_photo_says_who_can_see_it(
    client: Browser, ada: User, visibility: Visibility, sentence: str
) -> None:
    photo = make_photo(ada)

    client.submit("/photos/audience", id=photo.public_id, visibility=visibility, offer="picture")

    assert sentence in client.get(f"/p/{photo.public_id}/who").text
    assert sentence in client.get(f"/p/{photo.public_id}").text


def test_a_photo_names_who_sees_it_by_its_albums(client: Browser, ada: User) -> None:
    photo = make_photo(ada)
    people = [make_user(name) for name in ("Bob A", "Cem B", "Dia C", "Eve D")]
    first, second = make_album(ada, "First"), make_album(people[0], "Second")
    for person in people[1:]:
        ask_in(first, person, Role.VIEW)
    ask_in(second, ada, Role.ADD)
    put_in(first, photo)
    put_in(second, photo)

    who, within = audience.of_photo(photo)

    assert who.sentence == "You, Bob A, Cem B, Dia C and 1 more"
    assert [each.line for each in within] == [
        "Ada Moreau, Cem B, Dia C and Eve D",
        "Bob A and Ada Moreau",
    ]


def test_a_photo_in_the_trash_is_seen_by_nobody_else(client: Browser, ada: User) -> None:
    photo, album = make_photo(ada), make_album(ada, visibility=Visibility.PUBLIC)
    put_in(album, photo)

    client.submit(f"/p/{photo.public_id}/trash")
    db.session.refresh(photo)

    assert audience.of_photo(photo)[0].sentence == "Only you"


def test_many_photos_are_shown_at_once(client: Browser, ada: User, bob: User) -> None:
    mine = [make_photo(ada, jpeg(seed=n)) for n in range(2)]
    theirs = make_photo(bob, jpeg(seed=5))
    ids = [photo.public_id for photo in (*mine, theirs)]

    asked = client.submit("/photos/who", id=ids[:2]).text
    client.submit("/photos/audience", id=ids, visibility="public", offer="place")

    assert "Who can see 2 photos?" in asked
    shown = db.select(Photo.owner_id).where(Photo.visibility == Visibility.PUBLIC)
    assert db.session.scalars(shown).all() == [ada.id, ada.id]


def test_albums_of_others_stand_apart(client: Browser, ada: User, bob: User) -> None:
    make_album(ada, "Mine")
    ask_in(make_album(bob, "Shared"), ada, Role.VIEW)
    make_album(bob, "For members", visibility=Visibility.MEMBERS)
    make_album(bob, "Secret")

    page = client.get("/albums").text

    order = (
        "Your albums",
        "Mine",
        "Shared with you",
        "Shared</bdi></b>",
        "For everybody here",
        "For members",
    )
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Secret" not in page


def test_a_long_shelf_is_read_in_parts(client: Browser, ada: User) -> None:
    for number in range(62):
        make_album(ada, f"No {number:02}")

    first = client.get("/albums").text
    more = re.search(r'href="(/albums\?of=mine[^"]*)"', first)[1].replace("&amp;", "&")
    second = client.get(more).text

    assert "No 61" in first and "No 02" in first and "No 01" not in first
    assert "No 01" in second and "No 00" in second and "No 02" not in second


def test_a_guest_reads_who_sees_the_album_and_nobodys_email(client: Browser, bob: User) -> None:
    ada, cem = make_user("Ada Moreau"), make_user("Cem Kaya")
    album = make_album(ada)
    ask_in(album, bob, Role.VIEW)
    ask_in(album, cem, Role.EDIT)
    sign_in(client, bob)

    page = client.get(f"/albums/{album.slug}/people").text

    assert "You, Ada Moreau and Cem Kaya." in page
    assert "can add and edit" in page
    assert [email for email in (ada.email, cem.email) if email in page] == []
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_photo_is_put_into_an_album_from_its_own_page(client: Browser, ada: User) -> None:
    photo = make_photo(ada)

    page = client.get(f"/p/{photo.public_id}/who").text
    asked = client.submit("/albums/choose", id=photo.public_id)

    assert 'action="/albums/choose"' in page
    assert "Add 1 photo to an album" in asked.text
