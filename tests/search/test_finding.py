"""What a search finds: by every key, in its order, and nothing that the viewer may not see."""

import datetime as dt
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gallery.accounts.models import User
from gallery.albums.models import Role
from gallery.extensions import db, now
from gallery.photos import timeline
from gallery.photos.models import Kind, Offer, Photo, Visibility
from gallery.photos.tags import tag
from gallery.search.documenting import EXAMPLES
from gallery.search.echo import sentence_of
from gallery.search.finding import Search
from gallery.search.grammar import KEYS, parse
from tests.make import ask_in, jpeg, make_album, make_photo, make_user, put_in
from tests.search.test_grammar import PIECES

SEEDS = itertools.count()

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def ada(app) -> User:
    return make_user("Ada Moreau")


@pytest.fixture
def bob(app) -> User:
    return make_user("Bob Anders")


def photo(owner: User, name: str, *tags: str, day: str = "2024-07-12", **facts: object) -> Photo:
    """A photo with a name to be recognised by, and with facts."""
    made = make_photo(owner, jpeg((6, 4), seed=next(SEEDS)))
    made.client_name = name
    made.taken_at = dt.datetime.fromisoformat(day).replace(hour=12, tzinfo=dt.UTC)
    made.place(made.taken_at)
    for fact, value in facts.items():
        setattr(made, fact, value)
    tag(made, tags)
    db.session.commit()
    return made


def found(viewer: User, text: str, **options: bool) -> list[str]:
    search = Search(text, viewer, **options)
    rows = timeline.read(search.scope, order=search.order).rows
    return [row.client_name for row in rows]


FACTS = {
    "by caption": ("beach", {"caption": "On the Beach at noon"}),
    "by words in order": ('"beach at noon"', {"caption": "On the Beach at noon"}),
    "without accents": ("malaga", {"caption": "Málaga"}),
    "by the beginning": ("bil*", {"caption": "Bilbao"}),
    "by hostile words": ('NEAR AND OR "x*"', {"caption": "NEAR (x* OR y) AND"}),
    "by an emoji": ("🎉", {"caption": "our party 🎉!"}),
    "by a part in Japanese": ("京タ", {"caption": "東京タワー"}),
    "by a word in Hebrew": ("שלום", {"caption": "שלום עולם"}),
    "by place": ("bilbao", {"place_name": "Bilbao, Spain"}),
    "by camera": ("camera:x-t5", {"camera": "FUJIFILM X-T5"}),
    "by the beginning of a camera": ("camera:fuji", {"camera": "FUJIFILM X-T5"}),
    "by lens": ('lens:"35mm"', {"lens": "XF35mmF1.4 R, 35mm"}),
    "since a year": ("from:2025", {"day": "2025-01-01"}),
    "in a month": ("from:2019-07 before:2019-08", {"day": "2019-07-31"}),
    "before a year": ("before:1990", {"day": "1989-12-31"}),
    "not since": ("-from:2024", {"day": "2023-12-31"}),
    "before there were photos": ("before:1801", {"day": "1795-03-01"}),
    "by kind": ("type:video", {"kind": Kind.VIDEO}),
    "by format": ("type:heic", {"type": "image/heic"}),
    "by stars": ("rating:>=4", {"rating": 4}),
    "favourites": ("is:favourite", {"is_favourite": True}),
    "the archive": ("is:archived", {"archived_at": now()}),
    "what moves": ("is:animated", {"is_animated": True}),
    "what is public": ("is:public", {"visibility": Visibility.PUBLIC}),
    "near": ("near:43.26,-2.93", {"latitude": 43.3, "longitude": -2.9}),
    "near the date line": ("near:0,179.99", {"latitude": 0.0, "longitude": -179.99}),
    "near a pole": ("near:89.99,0", {"latitude": 89.98, "longitude": 180.0}),
}


@pytest.mark.parametrize(("text", "facts"), FACTS.values(), ids=FACTS)
def test_is_found(ada: User, text: str, facts: dict[str, object]) -> None:
    photo(ada, "this.jpg", "sea", **facts)
    photo(ada, "other.jpg", camera="Canon EOS", latitude=43.5, longitude=-2.9)

    assert found(ada, text) == ["this.jpg"]
    if len(parse(text).said) == 1 and not text.startswith("-"):
        assert found(ada, f"-{text}") == ["other.jpg"]


def test_finds_by_tag_and_by_name(ada: User) -> None:
    photo(ada, "IMG_4821.jpg", "Ñandú", "North Sea")
    photo(ada, "bird.jpg", "Sea")

    assert found(ada, "tag:ñandú") == ["IMG_4821.jpg"]
    assert found(ada, "tag:sea") == ["bird.jpg"]
    assert sorted(found(ada, "sea")) == ["IMG_4821.jpg", "bird.jpg"]
    assert found(ada, "IMG_4821") == found(ada, "4821") == ["IMG_4821.jpg"]
    assert found(ada, "is:untagged") == []
    assert found(ada, "-tag:sea") == ["IMG_4821.jpg"]


def test_finds_what_is_in_an_album(ada: User) -> None:
    album = make_album(ada, "Picos de Europa")
    put_in(album, photo(ada, "in.jpg"))
    photo(ada, "out.jpg")

    for text in ("picos", "album:picos", f"album:{album.slug}", 'album:"picos de europa"'):
        assert found(ada, text) == ["in.jpg"]
    assert found(ada, "-album:picos") == found(ada, "-picos") == ["out.jpg"]
    assert found(ada, "album:none") == []


def test_moving_half_is_found_by_its_photo(ada: User) -> None:
    still = photo(ada, "still.jpg")
    photo(ada, "half.mov", still_id=still.id)

    assert found(ada, "is:live") == ["still.jpg"]
    assert found(ada, "half") == []


def test_everything_else_is_left_out(ada: User) -> None:
    photo(ada, "a.jpg", caption="beach sunset")
    photo(ada, "b.jpg", caption="beach")

    assert found(ada, "beach -sunset") == ["b.jpg"]
    assert sorted(found(ada, "-rating:5")) == ["a.jpg", "b.jpg"]
    assert found(ada, "beach sunset -a") == []


def test_what_is_newest_comes_first_however_it_came_in(ada: User) -> None:
    days = ["2020-05-01", "2024-01-01", "1799-01-01", "2022-02-28", "2150-01-01"]
    for day in days:
        photo(ada, day, day=day, caption="beach")

    assert found(ada, "beach") == sorted(days, reverse=True)


def test_best_match_comes_first_when_asked_for(ada: User) -> None:
    photo(ada, "best.jpg", "beach", caption="Beach", day="2020-01-01")
    photo(ada, "beach.jpg", caption="One of very many days that we spent out there")

    assert found(ada, "beach") == ["beach.jpg", "best.jpg"]
    assert found(ada, "beach", is_best=True) == ["best.jpg", "beach.jpg"]


def test_rank_tells_nothing_of_photos_of_others(ada: User, bob: User) -> None:
    for name, day in (("a.jpg", "2022-01-01"), ("beach beach.jpg", "2020-01-01")):
        photo(bob, name, day=day, caption="beach", visibility=Visibility.MEMBERS)

    assert found(ada, "beach", is_all=True, is_best=True) == ["a.jpg", "beach beach.jpg"]


@pytest.mark.parametrize("is_best", [False, True])
def test_pages_hold_each_photo_once(ada: User, is_best: bool) -> None:
    names = {photo(ada, f"{n}.jpg", caption="beach " * (n % 3 + 1)).client_name for n in range(9)}
    search, seen, at = Search("beach", ada, is_best=is_best), [], {}
    while at is not None:
        page = timeline.read(search.scope, order=search.order, at=at, size=4)
        seen += [row.client_name for row in page.rows]
        at = page.next

    assert len(seen) == len(names) and set(seen) == names


def test_trash_is_not_found(ada: User) -> None:
    photo(ada, "gone.jpg", trashed_at=now())

    assert found(ada, "gone") == found(ada, "gone", is_all=True) == []


def test_one_s_own_are_searched_unless_all_is_asked_for(ada: User, bob: User) -> None:
    photo(bob, "bobs.jpg", caption="beach", visibility=Visibility.MEMBERS)
    photo(ada, "adas.jpg", caption="beach")

    assert found(ada, "beach") == ["adas.jpg"]
    assert sorted(found(ada, "beach", is_all=True)) == ["adas.jpg", "bobs.jpg"]


PRIVATE = {
    "its name": ("bobs", {}),
    "the end of its name": ("jpg", {}),
    "its tags": ("secret", {}),
    "its tag": ("tag:secret", {}),
    "that it has tags": ("-is:untagged", {}),
    "its rating": ("rating:5", {"rating": 5}),
    "what its owner likes": ("is:favourite", {"is_favourite": True}),
    "the archive": ("is:archived", {"archived_at": now()}),
    "who else sees it": ("is:members", {}),
    "the kind of its file": ("type:jpeg", {}),
    "its place": ("bilbao", {"place_name": "Bilbao"}),
    "a part of its place": ("京", {"place_name": "東京"}),
    "where it was": ("near:1,1", {"latitude": 1.0, "longitude": 1.0}),
}


@pytest.mark.parametrize(("text", "facts"), PRIVATE.values(), ids=PRIVATE)
def test_private_facts_of_others_find_nothing(
    ada: User, bob: User, text: str, facts: dict[str, object]
) -> None:
    photo(bob, "bobs.jpg", "secret", caption="shown", visibility=Visibility.MEMBERS, **facts)

    assert found(bob, text, is_all=True) == ["bobs.jpg"]
    if not text.startswith("-"):
        assert found(ada, f"shown {text}", is_all=True) == []
        assert found(ada, f"shown -{text}", is_all=True) == ["bobs.jpg"]
    else:
        assert found(ada, f"shown {text}", is_all=True) == ["bobs.jpg"]


def test_place_of_others_counts_where_it_is_offered(ada: User, bob: User) -> None:
    facts = {"place_name": "Bilbao", "latitude": 1.0, "longitude": 1.0}
    photo(bob, "b.jpg", visibility=Visibility.MEMBERS, offer=Offer.PLACE, **facts)

    assert found(ada, "bilbao", is_all=True) == ["b.jpg"]
    assert found(ada, "near:1,1", is_all=True) == ["b.jpg"]


def test_what_guests_are_shown_of_others_may_match(ada: User, bob: User) -> None:
    facts = {"caption": "beach", "camera": "X-T5", "lens": "XF35"}
    photo(bob, "b.jpg", visibility=Visibility.PUBLIC, **facts)

    for text in ("beach", "camera:x-t5", "lens:xf35", "type:photo", "from:2024-07"):
        assert found(ada, text, is_all=True) == ["b.jpg"]


def test_album_that_is_not_to_be_seen_names_nothing(ada: User, bob: User) -> None:
    album = make_album(bob, "Divorce")
    put_in(album, photo(bob, "b.jpg", caption="x", visibility=Visibility.MEMBERS))

    for text in ("divorce", "album:divorce", f"album:{album.slug}"):
        assert found(ada, text, is_all=True) == []
        assert found(ada, f"x -{text}", is_all=True) == ["b.jpg"]
        assert found(bob, text) == ["b.jpg"]

    ask_in(album, ada, Role.VIEW)
    assert found(ada, "divorce", is_all=True) == ["b.jpg"]


def test_photo_of_others_is_found_only_while_it_may_be_seen(ada: User, bob: User) -> None:
    private = photo(bob, "b.jpg", caption="beach")

    assert found(ada, "beach", is_all=True) == []
    put_in(make_album(bob, visibility=Visibility.MEMBERS), private)
    assert found(ada, "beach", is_all=True) == ["b.jpg"]


def test_every_key_is_documented_and_every_example_is_understood() -> None:
    assert [parse(each.text).notes for each in EXAMPLES] == [()] * len(EXAMPLES)
    said = " ".join(f"{each.text} {each.meaning}" for each in EXAMPLES)
    assert all(f"{key}:" in said for key in KEYS)


@pytest.mark.parametrize("year", ["0001", "1500", "1800", "1801", "9999"])
def test_any_year_can_be_asked_for(ada: User, year: str) -> None:
    photo(ada, "a.jpg")
    is_past = year < "2024"

    assert found(ada, f"from:{year}") == found(ada, f"-before:{year}") == ["a.jpg"] * is_past
    assert found(ada, f"before:{year}") == found(ada, f"-from:{year}") == ["a.jpg"] * (not is_past)


@pytest.mark.parametrize("is_all", [False, True])
def test_any_query_is_answered(ada: User, is_all: bool) -> None:
    photo(ada, "a.jpg", "sea", caption="beach")
    make_album(ada, "Beach 🎉 東京")
    texts = st.one_of(st.text(), st.lists(PIECES).map("".join))

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts, st.booleans())
    def ask(text: str, is_best: bool) -> None:
        found(ada, text, is_all=is_all, is_best=is_best)
        assert sentence_of(parse(text), is_all=is_all)

    ask()
