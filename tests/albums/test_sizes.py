"""A large album costs the statements of a small one, each by an index."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from gallery.accounts.models import User
from gallery.albums.models import Album
from gallery.extensions import db
from gallery.photos.models import Photo, State
from tests.conftest import ORIGIN, Browser
from tests.make import jpeg, make_album, make_photo, make_user, put_in, sign_in

Told = list[tuple[str, tuple]]


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user("Ada Moreau")
    sign_in(client, ada)
    return ada


@pytest.fixture
def told() -> Iterator[Told]:
    """What the database is asked, with the values."""
    told: Told = []

    def note(_connection: object, _cursor: object, statement: str, values: tuple, *_: object):
        if not statement.startswith("BEGIN"):
            told.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    yield told
    event.remove(db.engine, "before_cursor_execute", note)


def filled(owner: User, number: int, title: str) -> Album:
    album = make_album(owner, title)
    put_in(album, *(make_photo(owner, jpeg((6, 4), seed=n)) for n in range(number)))
    # Or the page would ask for their jobs as well, to have their previews made first.
    db.session.execute(db.update(Photo).values(state=State.READY))
    db.session.commit()
    return album


def plan(statement: str, values: tuple) -> list[str]:
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row.detail for row in rows]


def test_an_album_is_opened_by_eight_statements_and_each_by_an_index(
    client: Browser, ada: User, told: Told
) -> None:
    album = filled(ada, 3, "Small")
    told.clear()

    client.get(f"/albums/{album.slug}")

    asked = list(told)
    walks = [line for each in asked for line in plan(*each) if walks_along(*each, line)]
    assert walks == []
    assert len(asked) <= 8


@pytest.mark.parametrize("way", ["before", "after"])
@pytest.mark.parametrize("is_by_hand", [False, True])
def test_a_page_beside_a_photo_takes_no_statement_more_and_begins_at_its_very_place(
    client: Browser, ada: User, told: Told, is_by_hand: bool, way: str
) -> None:
    album = filled(ada, 3, "Small")
    if is_by_hand:
        client.submit(f"/albums/{album.slug}/arrange")
    second = list(db.session.scalars(album.photos))[1].public_id
    lists = {f"/albums/{album.slug}": "(place,photo_id)" if is_by_hand else "(local_day,sort_key"}
    for path, place in (lists | {"/photos": "(local_day,sort_key)"}).items():
        told.clear()
        client.get(path)
        first = len(told)
        told.clear()
        client.get(f"{path}?{way}=_{second}")
        asked = list(told)

        (page,) = [each for each in asked if "substr(photos.caption" in each[0]]
        assert any(place in line for line in plan(*page)), plan(*page)
        assert len(asked) == first


def walks_along(statement: str, _values: tuple, line: str) -> bool:
    """Tell whether a step of a plan reads a table, or all of an album, to show a part of it."""
    is_table = "VIRTUAL TABLE" not in line  # which is what was told in the asking
    is_other = line not in ("SCAN CONSTANT ROW", "SCAN settings")
    is_whole = line.startswith("SCAN") and is_table and is_other
    is_few = "ORDER BY albums.title" in statement  # the albums within it
    return is_whole or ("LIMIT" in statement and "B-TREE" in line and not is_few)


def test_putting_a_photo_in_reads_no_other_photo(client: Browser, ada: User, told: Told) -> None:
    album, photo = filled(ada, 3, "Small"), make_photo(ada)
    told.clear()

    put_in(album, photo)

    [new] = [each for each in told if "local_day" in each[0] and "FROM photos" in each[0]]
    looks = [line for line in plan(*new) if line.startswith("SEARCH")]
    assert {line.partition("(")[2] for line in looks} == {"rowid=?)", "album_id=? AND photo_id=?)"}


def test_moving_and_showing_take_at_most_eight_statements(
    client: Browser, ada: User, told: Told
) -> None:
    album = filled(ada, 3, "Small")
    first, second, *_ = (photo.public_id for photo in db.session.scalars(album.photos))
    client.submit(f"/albums/{album.slug}/arrange")
    form, headers = {"csrf_token": client.token()}, {"Origin": ORIGIN}
    told.clear()

    moved = {"id": second, "before": first, **form}
    client.post(f"/albums/{album.slug}/move", data=moved, headers=headers)
    moving = len(told)
    told.clear()
    shown = {"visibility": "public", **form}
    client.post(f"/albums/{album.slug}/visibility", data=shown, headers=headers)

    assert moving <= 8
    assert len(told) <= 8
