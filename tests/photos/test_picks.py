"""Which photos a form has chosen, and of whom."""

import datetime as dt
import re

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from gallery.accounts.models import User
from gallery.errors import NothingChosen, NotThere
from gallery.extensions import begin_writing, db
from gallery.photos import trash
from gallery.photos.models import Photo
from gallery.photos.picks import picked
from tests.conftest import Browser
from tests.crowded import crowd, statements
from tests.make import jpeg, make_album, make_photo, make_user, put_in, sign_in

JULY = dt.datetime(2026, 7, 31, 23)


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user()


@pytest.fixture
def photos(ada: User) -> list[Photo]:
    """Three days, the last of July and the first two of August."""
    found = [
        make_photo(ada, jpeg((60, 40), seed=day), f"2026{number}.jpg")
        for day, number in enumerate(("0731", "0801", "0802"))
    ]
    return found


def chosen(owner: User, **form: object) -> list[str]:
    with db.session.no_autoflush:
        photos = picked(MultiDict({name.rstrip("_"): each for name, each in form.items()}), owner)
        found = photos.photos.with_only_columns(Photo.client_name).order_by(Photo.client_name)
        return list(db.session.scalars(found))


def names(*days: str) -> list[str]:
    return [f"2026{day}.jpg" for day in days]


def test_photos_are_chosen_one_by_one_by_months_and_all(
    app: Flask, ada: User, photos: list[Photo]
) -> None:
    first = photos[0].public_id
    with app.test_request_context():
        assert chosen(ada, id=[first]) == names("0731")
        assert chosen(ada, section=["2026-08"]) == names("0801", "0802")
        assert chosen(ada, section=["2026-08", "2026-07"]) == names("0731", "0801", "0802")
        assert chosen(ada, section=["2026-08"], id=[first]) == names("0731", "0801", "0802")
        assert chosen(ada, all=["1"]) == names("0731", "0801", "0802")
        assert chosen(ada, all=["1"], except_=[first]) == names("0801", "0802")


@pytest.mark.parametrize("path", ["/photos", "/search?q=2026*", "/albums/{slug}/add"])
def test_what_came_after_the_page_is_in_no_month_of_it(
    app: Flask, client: Browser, ada: User, photos: list[Photo], path: str
) -> None:
    album = make_album(ada)
    page = sign_in(client, ada).get(path.format(slug=album.slug)).text
    upto = re.findall(r'name="upto" value="([^"]+)"', page)
    make_photo(ada, jpeg(seed=77), "20260803.jpg")

    with app.test_request_context():
        assert chosen(ada, upto=upto, section=["2026-08"]) == names("0801", "0802")
        assert chosen(ada, upto=upto, all=["1"]) == names("0731", "0801", "0802")
        assert chosen(ada, section=["2026-08"]) == names("0801", "0802", "0803")


def test_page_that_asks_first_is_about_those_it_has_counted(
    client: Browser, ada: User, photos: list[Photo]
) -> None:
    page = sign_in(client, ada).get("/photos").text
    (upto,) = re.findall(r'name="upto" value="([^"]+)"', page)
    asked = client.submit("/photos/who", section="2026-08", upto=upto).text
    make_photo(ada, jpeg(seed=77), "20260803.jpg")

    said = dict(re.findall(r'<input type="hidden" name="(upto|section)" value="([^"]+)"', asked))
    client.submit("/photos/audience", **said, visibility="public", offer="original")

    shown = db.session.scalars(db.select(Photo.client_name).where(Photo.visibility == "public"))
    assert "2 photos" in asked and sorted(shown) == names("0801", "0802")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"section": ["2026-13"]},
        {"section": ["2026-07"], "in": ["recent"]},
        {"all": ["1"], "upto": ["lately"]},
        {"all": ["1"], "upto": ["0001-01-01T00:00+14:00"]},
    ],
)
def test_what_chooses_nothing_is_asked_for_again(
    app: Flask, ada: User, form: dict[str, list[str]]
) -> None:
    with app.test_request_context(), pytest.raises(NothingChosen):
        picked(MultiDict(form), ada)


def test_nobody_chooses_what_is_anothers(app: Flask, ada: User, photos: list[Photo]) -> None:
    bob = make_user("Bob Anders")
    album = make_album(ada, visibility="public")
    put_in(album, *photos)
    with app.test_request_context():
        assert chosen(bob, id=[photos[0].public_id]) == []
        assert chosen(bob, all=["1"], **{"in": [f"album:{album.slug}"]}) == []
        assert chosen(ada, all=["1"], **{"in": [f"album:{album.slug}"]}) == names(
            "0731", "0801", "0802"
        )
        with pytest.raises(NotThere):
            picked(MultiDict({"id": photos[0].public_id}), bob).count()


def test_trash_is_a_list_of_its_own(app: Flask, ada: User, photos: list[Photo]) -> None:
    begin_writing()
    trash.discard(photos[0])
    db.session.commit()

    with app.test_request_context():
        assert chosen(ada, all=["1"], **{"in": ["trash"]}) == names("0731")
        assert chosen(ada, all=["1"]) == names("0801", "0802")


def test_all_that_a_search_finds_is_chosen(app: Flask, ada: User, photos: list[Photo]) -> None:
    begin_writing()
    photos[1].caption = "A beach"
    db.session.commit()

    with app.test_request_context():
        assert chosen(ada, all=["1"], **{"in": ["search:beach"]}) == names("0801")


def test_what_was_asked_for_is_counted_with_what_is_anothers(
    app: Flask, ada: User, photos: list[Photo]
) -> None:
    ids = [photo.public_id for photo in photos[:2]]
    with app.test_request_context():
        picks = picked(MultiDict({"id": [*ids, ids[0], "nothing"], "section": ["2026-08"]}), ada)

        assert picks.number_asked == 4


def test_a_form_of_five_thousand_ticks_is_taken(app: Flask, client: Browser, ada: User) -> None:
    crowd(ada, 5000, day=JULY.date())
    sign_in(client, ada)
    ids = list(db.session.scalars(Photo.owned_by(ada).with_only_columns(Photo.public_id)))

    shown = client.submit("/photos/batch", do="archive", id=ids)
    done = client.submit("/photos/batch", do="archive", id=ids, step="sure")

    assert "This changes 5,000 photos" in shown.text
    assert done.status_code == 303
    left = db.select(db.func.count()).select_from(Photo.timeline_of(ada).subquery())
    assert db.session.scalar(left) == 0


def test_a_month_of_twelve_thousand_takes_few_statements_for_each_thousand(
    app: Flask, client: Browser, ada: User
) -> None:
    crowd(ada, 12_000, day=JULY.date())
    sign_in(client, ada)
    client.token()

    with statements() as said:
        shown = client.submit("/photos/batch", do="trash", section="2026-07")
        done = client.submit("/photos/batch", do="trash", section="2026-07", step="sure")

    assert "This changes 12,000 photos of July 2026" in shown.text
    assert shown.text.count('name="id"') == 0
    assert done.status_code == 303
    assert len(said) < 12 * 15
    assert trash.extent(trash.trashed_by(ada))[0] == 12_000
