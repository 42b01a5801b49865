"""The timeline, a photo's page and its bytes: what one sees, and that nobody else does."""

import datetime as dt
import hashlib
import re

import pytest
from flask import Flask
from sqlalchemy import event

from gallery import storage
from gallery.accounts.models import Session
from gallery.extensions import begin_writing, db
from gallery.photos import documents, timeline
from gallery.photos.counts import count_moved
from gallery.photos.derivatives import derive
from gallery.photos.models import Derivative, Photo, Visibility
from gallery.photos.timeline import last_day
from gallery.photos.trash import discard
from gallery.photos.verify import verify
from gallery.shapes import shown_ratio
from gallery.sharing import showing
from tests.conftest import Browser
from tests.make import (
    a_file,
    jpeg,
    make_album,
    make_link,
    make_photo,
    make_user,
    put_in,
    recording,
    sign_in,
)


def derived(photo: Photo) -> Photo:
    derive(photo.id)
    db.session.commit()
    return db.session.get(Photo, photo.id, populate_existing=True)


def place_at(photo: Photo, moment: dt.datetime, zone: int | None = None) -> None:
    begin_writing()
    from_day, photo.taken_at = photo.local_day, moment
    photo.taken_offset = None if zone is None else 60 * zone
    photo.place(moment, photo.taken_offset)
    count_moved(photo, from_day=from_day)
    db.session.commit()


def titles(page: str) -> list[str]:
    return re.findall(r"<span data-title>([^…]+?)</span> <small>(.*?)</small>", page)


def hrefs(page: str) -> list[str]:
    return re.findall(r'<a href="(/p/\w+)">', page)


def test_an_empty_library_says_what_to_do(client: Browser) -> None:
    sign_in(client, make_user())

    page = client.get("/photos").text

    assert "Your photos will live here" in page


def test_the_document_of_a_photo_is_the_one_that_it_is_in(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "DOCUMENT", 1)
    ada = make_user()
    old, new = (make_photo(ada, jpeg(seed=seed)) for seed in range(2))
    place_at(old, dt.datetime(2020, 7, 1, tzinfo=dt.UTC))
    sign_in(client, ada)

    of_old, of_new = (
        client.get(f"/photos/shape?at={photo.public_id}").json for photo in (old, new)
    )

    assert (of_old["at"], of_old["sections"][0]["key"]) == (0, "2020-07")
    assert (of_new["at"], of_new["older"]["url"]) == (0, "/photos/2020")


def test_a_list_says_how_many_came_since_it_was_looked_at(client: Browser) -> None:
    ada = make_user()
    make_photo(ada, jpeg(seed=1))
    sign_in(client, ada)
    moment = client.get("/photos/shape").headers["As-Of"]
    new, other = (make_photo(ada, jpeg(seed=seed)) for seed in (2, 3))
    begin_writing()
    discard(new)
    db.session.commit()

    since = client.get("/photos/shape", query_string={"since": moment}).json

    assert other and since["came"] == 1
    assert "came" not in client.get("/photos/shape?since=yesterday").json


def test_a_month_says_where_most_of_it_was_taken(client: Browser) -> None:
    ada = make_user()
    photos = [make_photo(ada, jpeg(seed=seed)) for seed in range(6)]
    towns = ["Bilbao, Spain", "Paris, France", "Bilbao, Spain", "Paris, France", "Oslo, Norway", ""]
    begin_writing()
    for photo, town in zip(photos, towns, strict=True):
        photo.place_name = town
    db.session.commit()
    sign_in(client, ada)
    section = f"/photos/section?from={photos[-1].public_id}"

    for path in ("/photos", section):
        said = re.search(r"<small data-places>(.*?)</small>", client.get(path).text)[1]
        assert sorted(said.split(", ")) == ["Bilbao", "Paris"], path
    assert "data-places" not in client.get(f"{section}&in=recent").text


def test_photos_stand_by_month_newest_first(client: Browser) -> None:
    ada = make_user()
    days = [(2026, 7, 1), (2024, 2, 29), (2026, 7, 31), (2025, 12, 31)]
    for seed, day in enumerate(days):
        place_at(make_photo(ada, jpeg(seed=seed)), dt.datetime(*day, 12, tzinfo=dt.UTC))
    sign_in(client, ada)

    page = client.get("/photos").text

    assert titles(page) == [
        ("July 2026", "2 photos"),
        ("December 2025", "1 photo"),
        ("February 2024", "1 photo"),
    ]
    assert verify().wrong == []


def test_a_burst_in_one_second_is_in_natural_order(client: Browser) -> None:
    ada, second = make_user(), dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    photos = {}
    for number in (10, 2, 1, 9):
        photo = make_photo(ada, jpeg(seed=number), f"IMG_{number}.jpg")
        place_at(photo, second)
        photos[f"/p/{photo.public_id}"] = number
    sign_in(client, ada)

    numbers = [photos[href] for href in hrefs(client.get("/photos").text)]

    assert numbers == [10, 9, 2, 1]


@pytest.fixture
def long_list(app: Flask, monkeypatch: pytest.MonkeyPatch, client: Browser) -> Browser:
    """A library of seven, on pages of three."""
    monkeypatch.setattr(timeline, "PAGE", 3)
    ada = make_user()
    for seed in range(7):
        make_photo(ada, jpeg(seed=seed))
    return sign_in(client, ada)


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found and found[1].replace("&amp;", "&")


def test_older_and_newer_lead_through_all_and_back(long_list: Browser) -> None:
    down, page = [], long_list.get("/photos").text
    down.append(hrefs(page))
    while older := link(page, "next"):
        page = long_list.get(older).text
        down.append(hrefs(page))
    up = [down[-1]]
    while newer := link(page, "prev"):
        page = long_list.get(newer).text
        up.append(hrefs(page))

    assert [len(part) for part in down] == [3, 3, 1]
    assert len({href for part in down for href in part}) == 7
    assert up[:3] == down[::-1]


def test_a_cursor_holds_when_its_photo_is_gone(long_list: Browser) -> None:
    page = long_list.get("/photos").text
    older = link(page, "next")
    last = hrefs(page)[-1]
    long_list.submit(f"{last}/trash")
    long_list.submit("/trash/empty")

    rest = hrefs(long_list.get(older).text)

    assert len(rest) >= 3 and last not in rest


@pytest.mark.parametrize("is_down", [True, False])
@pytest.mark.parametrize("zone", [-10, 0, 10])
def test_pages_leave_nothing_out_when_the_photo_between_them_goes(
    client: Browser, monkeypatch: pytest.MonkeyPatch, zone: int, is_down: bool
) -> None:
    monkeypatch.setattr(timeline, "PAGE", 3)
    ada, first = make_user(), dt.datetime(2024, 7, 1, 21, tzinfo=dt.UTC)
    photos = [make_photo(ada, jpeg(seed=seed)) for seed in range(10)]
    for hour, photo in enumerate(photos):
        place_at(photo, first + dt.timedelta(hours=hour - zone), zone)
    sign_in(client, ada)
    pages = [client.get("/photos").text]
    for _ in range(2):
        pages.append(client.get(link(pages[-1], "next")).text)
    beside, edge = (pages[0], hrefs(pages[0])[-1]) if is_down else (pages[2], hrefs(pages[2])[0])
    expected = hrefs(pages[1])

    client.submit(f"{edge}/trash")
    client.submit("/trash/empty")

    assert hrefs(client.get(link(beside, "next" if is_down else "prev")).text) == expected


def test_addresses_tell_visitors_no_zone(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "ALBUM_PAGE", 1)
    ada = make_user()
    photos = [make_photo(ada, jpeg(seed=seed)) for seed in range(3)]
    for photo in photos:
        place_at(photo, dt.datetime(2024, 7, 1, 16, tzinfo=dt.UTC), 10)
    album = make_album(ada)
    put_in(album, *photos)
    token = make_link(album)

    page = client.get(f"/s/{token}")
    further = client.get(link(page.text, "next"))

    assert "2 July 2024, 02:00" in page.text and link(further.text, "prev")
    assert "2024-07-01" not in page.text + further.text
    assert "20240701" not in page.text + further.text


@pytest.mark.parametrize(
    "cursor",
    [
        *("nonsense", "_", "2024-01-01T00:00:00Z_", "x" * 500, "' OR 1=1", "2024-01-01._x"),
        "2024-13-01.20240101T000000_x",
    ],
)
def test_any_cursor_is_answered(long_list: Browser, cursor: str) -> None:
    assert long_list.get("/photos", query_string={"before": cursor}).status_code == 200
    assert long_list.get("/photos", query_string={"after": cursor}).status_code == 200


def test_a_year_and_a_month_open_the_timeline_there(client: Browser) -> None:
    ada = make_user()
    for seed, day in enumerate([(2026, 7, 1), (2024, 12, 31), (2024, 3, 5)]):
        place_at(make_photo(ada, jpeg(seed=seed)), dt.datetime(*day, 12, tzinfo=dt.UTC))
    sign_in(client, ada)

    assert [t for t, _ in titles(client.get("/photos/2024").text)] == [
        "December 2024",
        "March 2024",
    ]
    assert [t for t, _ in titles(client.get("/photos/2024/3").text)] == ["March 2024"]
    assert client.get("/photos/2024/13").status_code == 404
    assert {client.get(f"/photos/{year}").status_code for year in (0, 9999, 99999)} == {404}


def test_a_month_ends_with_its_last_day() -> None:
    assert last_day(2024, 12) == last_day(2024, None) == dt.date(2024, 12, 31)
    assert last_day(2024, 2) == dt.date(2024, 2, 29)


def test_a_photo_of_the_last_evening_far_west_is_in_its_own_month(client: Browser) -> None:
    ada = make_user()
    evening = dt.datetime(2024, 3, 31, 20, 0)
    derived(make_photo(ada, jpeg(taken=evening, offset="-07:00")))
    sign_in(client, ada)

    assert titles(client.get("/photos/2024/3").text) == [("March 2024", "1 photo")]


def test_ratios_stay_within_the_grid() -> None:
    assert shown_ratio(None, None) == 150
    assert shown_ratio(3000, 2000) == 150
    assert shown_ratio(100, 1000) == 40
    assert shown_ratio(9000, 1000) == 300


def test_a_page_of_photos_takes_at_most_eight_statements(client: Browser) -> None:
    ada = make_user()
    for seed in range(12):
        derived(make_photo(ada, jpeg((64, 48), seed=seed)))
    sign_in(client, ada)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    client.get("/photos")

    asked = [s for s in statements if s.startswith("SELECT")]
    assert len(asked) <= 8, asked


def test_a_photo_page_leads_to_its_neighbours(client: Browser) -> None:
    ada = make_user()
    ids = [make_photo(ada, jpeg(seed=seed)).public_id for seed in range(3)]
    sign_in(client, ada)

    page = client.get(f"/p/{ids[1]}").text

    assert link(page, "prev") == f"/p/{ids[2]}"
    assert link(page, "next") == f"/p/{ids[0]}"
    assert link(client.get(f"/p/{ids[2]}").text, "prev") is None


def test_a_download_is_the_original_under_its_name(client: Browser) -> None:
    ada, data = make_user(), jpeg()
    photo = make_photo(ada, data, "Ferien Ärmel.JPG")
    sign_in(client, ada)

    answer = client.get(f"/p/{photo.public_id}/download")

    assert hashlib.sha256(answer.data).hexdigest() == photo.sha256
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Ferien%20%C3%84rmel.JPG" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_part_of_an_original_can_be_asked_for(client: Browser) -> None:
    ada, data = make_user(), jpeg()
    photo = make_photo(ada, data)
    sign_in(client, ada)

    answer = client.get(f"/p/{photo.public_id}/download", headers={"Range": "bytes=10-19"})

    assert (answer.status_code, answer.data) == (206, data[10:20])


def test_previews_may_be_kept_by_this_browser_alone(client: Browser) -> None:
    ada = make_user()
    photo = derived(make_photo(ada, jpeg()))
    sign_in(client, ada)
    url = f"/i/{photo.public_id}/{photo.derivatives[0].url_name}"

    answer = client.get(url)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Vary" not in answer.headers and "Set-Cookie" not in answer.headers
    assert client.get("/photos").headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in client.get("/photos").headers["Vary"]


def test_what_is_mine_is_nobody_elses(app: Flask, client: Browser) -> None:
    ada, jonas = make_user(), make_user("Jonas Lind")
    photo = derived(make_photo(ada, jpeg()))
    sign_in(client, jonas)
    page = f"/p/{photo.public_id}"
    picture = f"/i/{photo.public_id}/{photo.derivatives[0].url_name}"

    never_was = client.get("/p/neverwas11")
    theirs = [client.get(url) for url in (page, f"{page}/download", picture)]
    acts = [client.submit(f"{page}/{act}") for act in ("trash", "restore", "rotate", "retry")]

    assert {answer.status_code for answer in theirs + acts} == {404}
    without_id = [re.sub(r"Request \w+|value=\S+", "", a.text) for a in (never_was, *theirs, *acts)]
    assert len(set(without_id)) == 1
    assert page not in client.get("/photos").text


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.MEMBERS])
@pytest.mark.parametrize("end", ["signed out", "idle too long", "too old", "disabled", "made up"])
def test_a_picture_is_not_given_by_a_session_that_ended(
    app: Flask, client: Browser, end: str, visibility: Visibility
) -> None:
    ada = make_user()
    photo = derived(make_photo(ada, jpeg()))
    begin_writing()
    photo.visibility = visibility
    db.session.commit()
    picture = f"/i/{photo.public_id}/{photo.derivatives[0].url_name}"
    sign_in(client, ada)
    before = client.get(picture).status_code

    begin_writing()
    if end == "signed out":
        db.session.execute(db.delete(Session))
    elif end == "idle too long":
        app.config["SESSION_IDLE_DAYS"] = 0
    elif end == "too old":
        app.config["SESSION_DAYS"] = 0
    elif end == "disabled":
        ada.is_disabled = True
    db.session.commit()
    if end == "made up":
        with client.session_transaction() as cookie:
            cookie["_user_id"] = "neverwas"

    assert (before, client.get(picture).status_code) == (200, 404)


@pytest.mark.parametrize("is_all", [True, False], ids=["visitors too", "members"])
def test_a_session_that_ended_leaves_what_visitors_see(client: Browser, is_all: bool) -> None:
    photo = derived(make_photo(make_user(), jpeg()))
    begin_writing()
    photo.visibility = Visibility.PUBLIC if is_all else Visibility.MEMBERS
    db.session.commit()
    picture = f"/i/{photo.public_id}/{photo.derivatives[0].url_name}"
    sign_in(client, make_user("Jonas Lind"))
    before = client.get(picture).status_code

    begin_writing()
    db.session.execute(db.delete(Session))
    db.session.commit()

    assert (before, client.get(picture).status_code) == (200, 200 if is_all else 404)


def test_an_unknown_set_is_not_served(client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada)
    begin_writing()
    photo.set_name = "elsewhere"
    db.session.commit()
    sign_in(client, ada)

    assert client.get(f"/p/{photo.public_id}/download").status_code == 404


def test_a_wrong_digest_finds_no_preview(client: Browser) -> None:
    ada = make_user()
    photo = derived(make_photo(ada, jpeg()))
    sign_in(client, ada)

    assert client.get(f"/i/{photo.public_id}/h240.000000000000.webp").status_code == 404


def test_media_is_listed_and_downloads_intact(client: Browser) -> None:
    sign_in(client, make_user())
    sound = recording()
    client.send_files(a_file(sound, "song.wav"))
    photo = db.session.scalars(db.select(Photo)).one()

    assert "song.wav" in client.get("/photos").text
    assert client.get(f"/p/{photo.public_id}").status_code == 200
    assert client.get(f"/p/{photo.public_id}/download").data == sound


def test_the_trash_keeps_until_it_is_emptied(client: Browser) -> None:
    ada = make_user()
    photo = derived(make_photo(ada, jpeg()))
    url, files = f"/p/{photo.public_id}", [photo.filename, photo.derivatives[0].filename]
    sign_in(client, ada)

    moved = client.submit(f"{url}/trash")
    timeline_page, trash_page = client.get(moved.location).text, client.get("/trash").text

    assert url not in hrefs(timeline_page)
    assert 'action="/changes/' in timeline_page, "the toast can undo it without scripts"
    assert url in trash_page and "30 days" in trash_page
    assert "Restore" in client.get(url).text

    assert "1 photo, " in client.get("/trash/empty").text
    client.submit("/trash/empty")

    assert client.get(url).status_code == 404
    assert not storage.path_of("photos", files[0]).exists()
    assert not storage.path_of("previews", files[1]).exists()
    assert not db.session.scalars(db.select(Derivative)).all()
    assert verify().wrong == [] and verify().without_row == []


def test_restore_brings_a_photo_back(client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada)
    sign_in(client, ada)
    client.submit(f"/p/{photo.public_id}/trash")

    client.submit(f"/p/{photo.public_id}/restore")

    assert f"/p/{photo.public_id}" in hrefs(client.get("/photos").text)
    assert "Nothing here" in client.get("/trash").text
    assert verify().wrong == []


def test_trashing_twice_counts_once(client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada)
    sign_in(client, ada)

    for _ in range(2):
        client.submit(f"/p/{photo.public_id}/trash")

    assert verify().wrong == []


def test_undo_brings_back_what_was_trashed_twice(client: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada)
    sign_in(client, ada)
    led_to, undo = [], []
    for _ in range(2):
        led_to.append(client.submit(f"/p/{photo.public_id}/trash?in=recent").location)
        undo += re.findall(r'action="(/changes/[^"]+)"', client.get("/photos").text)

    client.submit(undo[-1])

    assert led_to == ["/albums/recent"] * 2
    assert "Nothing here" in client.get("/trash").text


def test_an_empty_trash_asks_nothing(client: Browser) -> None:
    sign_in(client, make_user())

    assert client.get("/trash/empty").location == "/trash"
    assert client.submit("/trash/empty").status_code == 303


def test_the_viewer_gets_a_photo_as_a_part_of_a_page(client: Browser) -> None:
    ada = make_user()
    photo = derived(make_photo(ada))
    sign_in(client, ada)

    part = client.get(f"/p/{photo.public_id}/info").text

    assert "<html" not in part
    assert 'class="details"' in part and "Move to trash" in part
    assert "Turn left" not in part  # that is on its page


def test_a_tile_names_each_large_picture_once(client: Browser) -> None:
    ada = make_user()
    derived(make_photo(ada, jpeg((320, 240))))
    sign_in(client, ada)

    page = client.get("/photos").text

    (large,) = re.findall(r'data-large="([^"]+)"', page)
    assert re.fullmatch(r"/i/\w+/w1920\.\w+\.jpg 320w", large)
