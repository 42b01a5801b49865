"""The search page: what it says, where it leads, and what it costs."""

import html
import re

import pytest
from sqlalchemy import event

from gallery.accounts.models import User
from gallery.extensions import db
from gallery.photos import timeline
from gallery.photos.models import Photo, State, Visibility
from gallery.search.echo import sentence_of
from gallery.search.grammar import LONGEST, parse
from tests.conftest import Browser
from tests.make import jpeg, make_album, make_photo, make_user, put_in, sign_in


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user("Ada Moreau")
    sign_in(client, ada)
    return ada


def filled(owner: User, number: int) -> list[Photo]:
    photos = [make_photo(owner, jpeg((6, 4), seed=n), f"beach_{n}.jpg") for n in range(number)]
    # Or the page would ask for their jobs as well, to have their previews made first.
    db.session.execute(db.update(Photo).values(state=State.READY))
    db.session.commit()
    return photos


def page(client: Browser, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return html.unescape(answer.text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("beach", "Photos with “beach”"),
        ("a b c*", "Photos with “a”, “b” and “c…”"),
        (
            "beach from:2019-07 before:2019-08 -type:video",
            "Photos with “beach” in July 2019, not videos",
        ),
        ("from:2019 before:2020 type:video", "Videos in 2019"),
        ("from:2019-07-31 before:2019-08-01", "Photos on 31 July 2019"),
        ("from:2019-07 before:2021", "Photos from July 2019 on before 2021"),
        ("from:9999-12-31 before:9999", "Photos from 31 December 9999 on before 9999"),
        (
            "rating:>=4 tag:sea -camera:x",
            "Photos tagged “sea” with 4 stars or more, not taken with “x”",
        ),
        ("near:43.26,-2.93", "Photos within 10 km of 43.26° N, 2.93° W"),
    ],
)
def test_says_what_was_understood(text: str, sentence: str) -> None:
    assert sentence_of(parse(text)) == sentence


def test_each_term_can_be_taken_away(client: Browser, ada: User) -> None:
    shown = page(client, '/search?q=beach -"two words" colour:red&whose=all')

    assert "We do not know “colour:”. It was left out." in shown
    assert 'href="/search?q=-%22two+words%22&whose=all"' in shown
    assert 'href="/search?q=beach&whose=all"' in shown


def test_says_how_many_were_found(client: Browser, ada: User, monkeypatch) -> None:
    filled(ada, 3)
    assert "<small>3 photos</small>" in page(client, "/search?q=beach")

    monkeypatch.setattr(timeline, "PAGE", 2)
    assert "<small>more than 2 photos</small>" in page(client, "/search?q=beach")


def test_nothing_found_shows_what_was_understood(client: Browser, ada: User) -> None:
    shown = page(client, "/search?q=beach")

    assert "Nothing was found" in shown and "Photos with “beach”" in shown


def test_without_a_query_it_tells_what_can_be_searched_for(client: Browser, ada: User) -> None:
    shown = page(client, "/search")

    assert 'class="search-help" open' in shown and "is:favourite" in shown


def test_suggests_what_the_viewer_has(client: Browser, ada: User) -> None:
    filled(ada, 1)[0].camera = "Canon EOS"
    db.session.commit()
    make_album(ada, "Picos")
    make_album(make_user("Bob Anders"), "Divorce")

    shown = page(client, "/search")

    assert 'value="camera:"Canon EOS""' in shown and 'value="album:Picos"' in shown
    assert "Divorce" not in shown


@pytest.mark.parametrize("order", ["newest", "best"])
def test_photo_leads_on_among_what_was_found(client: Browser, ada: User, order: str) -> None:
    photos = filled(ada, 3)
    photos[1].client_name = "cat.jpg"
    db.session.commit()

    links = re.findall(r'<a href="(/p/[^"]+)"', page(client, f"/search?q=beach&order={order}"))
    first = page(client, links[0])

    assert [link.split("?")[0] for link in links] in (
        [f"/p/{photos[2].public_id}", f"/p/{photos[0].public_id}"],
        [f"/p/{photos[0].public_id}", f"/p/{photos[2].public_id}"],
    )
    assert links[1] in first and "Back to what was found" in first


def test_only_one_s_own_can_be_ticked(client: Browser, ada: User) -> None:
    filled(ada, 1)
    other = make_photo(make_user("Bob Anders"), jpeg((6, 4), seed=9))
    other.caption, other.visibility = "beach", Visibility.PUBLIC
    db.session.commit()

    shown = page(client, "/search?q=beach&whose=all")

    assert shown.count('class="tile ') == 2 and shown.count('type="checkbox"') == 1
    assert "by Bob Anders" in shown


def test_shape_and_sections_are_those_of_the_search(client: Browser, ada: User) -> None:
    filled(ada, 2)
    shown = page(client, "/search?q=beach_1 -x")
    shape, section = re.findall(r'data-(?:shape|section)="([^"]+)"', shown)

    first = client.get(shape).json["sections"][0]
    tiles = client.get(f"{section}&from={first['first']}").text

    assert len(first["shape"]) == 1 and tiles.count("<li") == 1


@pytest.mark.parametrize(
    "query", ["?before=x", "?q=beach&after=2020_x", "?q=%00%F0%9F", "?q=" + "x" * 5000]
)
def test_strange_addresses_are_answered(client: Browser, ada: User, query: str) -> None:
    shown = page(client, f"/search{query}")

    assert ("Only the first 1,000 characters" in shown) == (len(query) > LONGEST)


@pytest.mark.parametrize(
    "query",
    ["", "?q=beach", "?q=beach+picos+tag:sea+-x", "?q=beach&whose=all", "?q=beach&order=best"],
)
def test_takes_at_most_eight_statements_and_finds_by_the_index_in_its_order(
    client: Browser, ada: User, query: str
) -> None:
    put_in(make_album(ada), *filled(ada, 3))
    told: list[tuple[str, tuple]] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: told.append((a[2], a[3])))

    page(client, f"/search{query}")

    asked = [each for each in told if not each[0].startswith("BEGIN")]
    assert len(asked) <= 8
    finding = [each for each in asked if "photo_words" in each[0]]
    assert len(finding) == bool(query)
    for statement, values in finding:
        explained = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", values
        )
        lines = [row.detail for row in explained]
        assert lines[0].startswith("SCAN photo_words VIRTUAL TABLE INDEX")
        assert lines[1] == "SEARCH photos USING INTEGER PRIMARY KEY (rowid=?)"
        assert any("TEMP B-TREE" in line for line in lines) == ("best" in query)
