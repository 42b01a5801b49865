"""The pages and forms by which an owner tends one photo."""

import datetime as dt
import html
from html.parser import HTMLParser

import pytest
from flask import Flask

from gallery.accounts.models import User
from gallery.extensions import begin_writing, db, now
from gallery.photos import tending, timeline
from gallery.photos.models import Photo, Source
from gallery.photos.tags import line_of, tag, words_in
from tests.conftest import ORIGIN, Browser
from tests.imaging.blocks import IN_PARTS, exif_of, jpeg_with
from tests.make import jpeg, make_photo, make_user, sign_in
from tests.photos.test_derivatives import work

JULY = dt.datetime(2024, 7, 31, 23, 30, 5)
PLACED = exif_of(
    {0x010F: "FUJIFILM"},
    {0x9003: "2024:07:31 23:30:05", 0x9011: "+02:00"},
    {1: "N", 3: "E", 5: 0, 6: 35.0, **IN_PARTS},
)


@pytest.fixture
def ada(client: Browser) -> User:
    ada = make_user()
    sign_in(client, ada)
    return ada


@pytest.fixture
def photo(app: Flask, ada: User) -> Photo:
    photo = make_photo(ada, jpeg_with(exif=PLACED))
    work(app)
    return photo


class Fields(HTMLParser):
    """What a browser sends of the page of all fields, as it was shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.name = ""
        self.feed(page[page.index('<form class="cards"') :].partition("</form>")[0])
        self.sent = {name: value.replace("\n", "\r\n") for name, value in self.sent.items()}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        kind, name = known.get("type"), known.get("name")
        if tag in ("textarea", "select"):
            self.name, self.sent[name] = name, ""
        elif tag == "option" and "selected" in known:
            self.sent[self.name] = known["value"]
        elif tag == "input" and (kind not in ("checkbox", "radio") or "checked" in known):
            self.sent[name] = known["value"]

    def handle_endtag(self, tag: str) -> None:
        self.name = "" if tag == "textarea" else self.name

    def handle_data(self, text: str) -> None:
        if self.name == "caption":
            self.sent[self.name] += text.replace("\r\n", "\n").removeprefix("\n")


def shown(client: Browser, photo: Photo) -> dict[str, str]:
    return Fields(client.get(f"/p/{photo.public_id}/edit").text).sent


def whole(photo: Photo, **fields: str) -> dict[str, str]:
    """What a browser sends of the page of all fields."""
    said = {
        **{"caption": photo.caption, "tags": line_of(t.name for t in photo.tags), "rating": "0"},
        **{"day": "2024-07-31", "time": "23:30:05", "zone": "120"},
        "place": f"{photo.latitude:.6f}, {photo.longitude:.6f}",
    }
    return said | fields


def edit(client: Browser, photo: Photo, **fields: str) -> str:
    """Save the page of all fields; return its words if it came again."""
    answer = client.submit(f"/p/{photo.public_id}/edit", **whole(photo, **fields))
    db.session.expire_all()
    return html.unescape(answer.text) if answer.status_code == 422 else str(answer.status_code)


def in_place(client: Browser, photo: Photo, act: str, **fields: str) -> tuple[int, dict]:
    """Send a small form as the script does."""
    data = {"csrf_token": client.token(), **fields}
    headers = {"Origin": ORIGIN, "Accept": "application/json"}
    answer = client.post(f"/p/{photo.public_id}/{act}", data=data, headers=headers)
    db.session.expire_all()
    return answer.status_code, answer.json


def test_page_shows_what_is_known_and_saving_it_changes_nothing(
    client: Browser, photo: Photo
) -> None:
    page = client.get(f"/p/{photo.public_id}/edit").text
    place = f"{photo.latitude:.6f}, {photo.longitude:.6f}"
    for value in ("2024-07-31", "23:30:05", 'selected value="120"', place, "Paris, France"):
        assert value in page

    assert edit(client, photo) == "303"

    assert (photo.taken_source, photo.is_placed_by_hand) == (Source.ZONE, False)
    assert photo.altitude == 35.0


def test_everything_can_be_said_on_one_page(client: Browser, photo: Photo) -> None:
    fields = {"caption": "A cat\r\nin the sun", "tags": 'sea, "Paris, France", Sea', "rating": "4"}
    when = {"day": "2023-01-02", "time": "00:30", "zone": "-210"}

    done = edit(client, photo, **fields, **when, place="43.2687° N, 2.934° W", is_favourite="y")

    assert (done, photo.caption, photo.rating) == ("303", "A cat\nin the sun", 4)
    assert [tag.name for tag in photo.tags] == ["Paris, France", "sea"]
    assert timeline.moment_of(photo).replace(tzinfo=None) == dt.datetime(2023, 1, 2, 0, 30)
    assert (photo.taken_offset, photo.taken_source) == (-210, Source.OWNER)
    assert (photo.place_name, photo.is_favourite) == ("Bilbao, Spain", True)


def test_what_the_worker_learns_meanwhile_stays(app: Flask, client: Browser, ada: User) -> None:
    photo = make_photo(ada, jpeg_with(exif=PLACED), "IMG_20230102_101112.jpg")
    page = shown(client, photo)
    assert (page["day"], page["place"]) == ("2023-01-02", "")
    work(app)

    client.submit(f"/p/{photo.public_id}/edit", **page | {"rating": "5"})

    db.session.expire_all()
    assert (photo.rating, photo.local_day, photo.taken_source) == (5, JULY.date(), Source.ZONE)
    assert (photo.place_name, photo.is_placed_by_hand) == ("Paris, France", False)


def test_what_another_tab_saved_meanwhile_stays(client: Browser, photo: Photo) -> None:
    in_place(client, photo, "tags", tags="sea, sky")
    page = shown(client, photo)
    in_place(client, photo, "caption", caption="A cat\nin the sun")
    in_place(client, photo, "tags", tags="cat", without="sky")
    in_place(client, photo, "favourite", is_favourite="y")
    in_place(client, photo, "archive", is_archived="y")
    in_place(client, photo, "rating", rating="4")

    saved = client.submit(f"/p/{photo.public_id}/edit", **page | {"tags": "sea, sky, sun"})

    db.session.expire_all()
    assert (saved.status_code, photo.caption, photo.rating) == (303, "A cat\nin the sun", 4)
    assert [each.name for each in photo.tags] == ["cat", "sea", "sun"]
    assert photo.is_favourite and photo.archived_at


def test_what_is_unticked_and_emptied_is_taken_over(client: Browser, photo: Photo) -> None:
    in_place(client, photo, "caption", caption="A cat\nin the sun")
    for act, name in (("favourite", "is_favourite"), ("archive", "is_archived")):
        in_place(client, photo, act, **{name: "y"})
    page = shown(client, photo)
    assert page.pop("is_favourite") and page.pop("is_archived")
    assert page["caption"] == page["was-caption"] == "A cat\r\nin the sun"

    client.submit(f"/p/{photo.public_id}/edit", **page | {"caption": ""})

    db.session.expire_all()
    assert (photo.caption, photo.is_favourite, photo.archived_at) == ("", False, None)


def test_page_that_comes_again_knows_what_it_showed_first(client: Browser, photo: Photo) -> None:
    page = shown(client, photo)
    in_place(client, photo, "caption", caption="A cat")

    refused = client.submit(f"/p/{photo.public_id}/edit", **page | {"time": "25:00"})
    mended = Fields(refused.text).sent | {"time": "10:00"}
    saved = client.submit(f"/p/{photo.public_id}/edit", **mended)

    db.session.expire_all()
    assert (refused.status_code, saved.status_code) == (422, 303)
    assert (photo.caption, timeline.moment_of(photo).hour) == ("A cat", 10)


def test_longest_story_and_the_one_before_go_together(client: Browser, photo: Photo) -> None:
    assert in_place(client, photo, "caption", caption="猫" * 10_000)[0] == 200

    saved = client.submit(
        f"/p/{photo.public_id}/edit", **shown(client, photo) | {"caption": "𝛑" * 10_000}
    )

    db.session.expire_all()
    assert (saved.status_code, photo.caption) == (303, "𝛑" * 10_000)


def test_small_form_that_is_refused_is_mended_on_the_whole_page(
    client: Browser, photo: Photo
) -> None:
    in_place(client, photo, "tags", tags="sea")

    refused = client.submit(f"/p/{photo.public_id}/tags", tags="x" * 101)
    mended = Fields(refused.text).sent
    mended["tags"] = mended["tags"].replace("x" * 101, "sky")
    client.submit(f"/p/{photo.public_id}/edit", **mended)

    db.session.expire_all()
    assert [each.name for each in photo.tags] == ["sea", "sky"]


@pytest.mark.parametrize("bent", ["", "x" * 9000, "\0", '"', "2024-99-99"])
def test_bent_word_of_what_was_shown_changes_no_more_than_is_written(
    client: Browser, photo: Photo, bent: str
) -> None:
    page = {n: bent if n.startswith("was-") else value for n, value in shown(client, photo).items()}

    saved = client.submit(f"/p/{photo.public_id}/edit", **page)

    db.session.expire_all()
    assert (saved.status_code, photo.caption, photo.rating) == (303, "", 0)
    assert (photo.local_day, photo.place_name) == (JULY.date(), "Paris, France")


@pytest.mark.parametrize("how", [{"place": " "}, {"is_forgotten": "y"}])
def test_place_is_taken_away(client: Browser, photo: Photo, how: dict[str, str]) -> None:
    assert edit(client, photo, **how) == "303"

    assert (photo.latitude, photo.place_name, photo.is_placed_by_hand) == (None, "", True)


def test_date_without_a_time_or_a_zone_is_noon_of_that_day(client: Browser, photo: Photo) -> None:
    assert edit(client, photo, day="1931-05-09", time="", zone="") == "303"

    assert (photo.taken_at, photo.taken_offset) == (
        dt.datetime(1931, 5, 9, 12, tzinfo=dt.UTC),
        None,
    )


def test_file_has_the_word_again(app: Flask, client: Browser, photo: Photo) -> None:
    edit(client, photo, day="2023-01-02", place="43.2687, -2.934")
    by_hand = {"day": "2023-01-02", "place": "43.268700, -2.934000"}

    assert edit(client, photo, **by_hand, is_date_of_file="y", is_place_of_file="y") == "303"
    work(app)

    assert (photo.taken_source, photo.local_day) == (Source.ZONE, JULY.date())
    assert photo.place_name == "Paris, France"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"caption": "x" * 10_001}, "10,000 characters are the most."),
        ({"tags": "x" * 101}, "A tag has 100 characters at most."),
        ({"tags": "x" * 200_000}, "A tag has 100 characters at most."),
        ({"tags": ",".join(map(str, range(101)))}, "A photo has 100 tags at most."),
        ({"rating": "6"}, "A rating goes from no stars to five."),
        ({"rating": "many"}, "A rating goes from no stars to five."),
        ({"day": "1825-12-31"}, "Photographs are of 1826 and later, up to today."),
        ({"day": "2999-01-01"}, "Photographs are of 1826 and later, up to today."),
        ({"day": "soon"}, "Write a day as 2024-07-31."),
        ({"time": "25:00"}, "Write a time as 14:30 or 14:30:05."),
        ({"day": ""}, "A time needs its day."),
        ({"zone": "841"}, "Zones go from GMT−12 to GMT+14."),
        ({"zone": "-721"}, "Zones go from GMT−12 to GMT+14."),
        ({"zone": "Mars"}, "Choose a zone of the list."),
        ({"place": "here"}, "Write a place as 48.8584, 2.2945"),
        ({"place": "91, 0"}, "North goes from −90 to 90 degrees"),
    ],
)
def test_mistake_is_said_in_a_sentence_and_nothing_is_lost(
    client: Browser, photo: Photo, fields: dict[str, str], sentence: str
) -> None:
    kept = {"caption": "My long story"} | fields

    page = edit(client, photo, **kept)

    assert page.count("field-error") == 1 and sentence in page
    assert kept["caption"] in page
    assert (photo.caption, photo.taken_source, photo.rating) == ("", Source.ZONE, 0)


def test_zones_reach_from_the_last_to_the_first(client: Browser, photo: Photo) -> None:
    for zone in ("-720", "840", ""):
        assert edit(client, photo, zone=zone) == "303"
        assert str(photo.taken_offset if zone else "") == zone


def test_tomorrow_is_where_it_is_already_that_day(client: Browser, photo: Photo) -> None:
    tomorrow = f"{now() + dt.timedelta(days=1):%Y-%m-%d}"

    assert edit(client, photo, day=tomorrow, time="00:10", zone="840") == "303"


@pytest.mark.parametrize(
    ("act", "fields", "name", "value"),
    [
        ("caption", {"caption": "A cat "}, "caption", "A cat"),
        ("rating", {"rating": "3"}, "rating", 3),
        ("tags", {"tags": "sea, sky"}, "tags", ["sea", "sky"]),
        ("favourite", {"is_favourite": "y"}, "is_favourite", True),
        ("archive", {"is_archived": "y"}, "is_archived", True),
    ],
)
def test_each_is_saved_in_place_and_by_a_plain_form(
    client: Browser, photo: Photo, act: str, fields: dict[str, str], name: str, value: object
) -> None:
    status, known = in_place(client, photo, act, **fields)
    assert (status, known[name]) == (200, value)

    answer = client.submit(f"/p/{photo.public_id}/{act}?in=recent", **fields)

    assert answer.status_code == 303
    assert answer.location == f"/p/{photo.public_id}?in=recent"


def test_title_follows_the_caption(client: Browser, photo: Photo) -> None:
    _, known = in_place(client, photo, "caption", caption="A cat\nin the sun")

    assert known["title"] == "A cat in the sun"


def test_tags_are_added_and_taken_away_one_by_one(client: Browser, photo: Photo) -> None:
    in_place(client, photo, "tags", tags="sea, sky")
    in_place(client, photo, "tags", tags="Sea, cat")

    _, known = in_place(client, photo, "tags", without="sky")

    assert known["tags"] == ["cat", "sea"]


def test_tag_too_many_is_refused_and_none_is_lost(client: Browser, photo: Photo) -> None:
    begin_writing()
    tag(photo, [f"w{n:03}" for n in range(100)])
    db.session.commit()
    kept = [each.name for each in photo.tags]

    status, said = in_place(client, photo, "tags", tags="new")
    page = client.submit(f"/p/{photo.public_id}/tags", tags="new")

    assert (status, said["said"]) == (422, "A photo has 100 tags at most.")
    assert page.status_code == 422 and "w000, w001" in page.text and "w099, new" in page.text
    db.session.refresh(photo)
    assert [each.name for each in photo.tags] == kept
    assert in_place(client, photo, "tags", without="w000", tags="w001, new")[0] == 200
    assert {"w001", "w099", "new"} <= {each.name for each in photo.tags}


def test_more_tags_than_there_can_be_stay(client: Browser, photo: Photo) -> None:
    begin_writing()
    tag(photo, [f"w{n:03}" for n in range(120)])
    db.session.commit()
    line = line_of(each.name for each in photo.tags)

    assert edit(client, photo, caption="A cat") == "303"
    assert "A photo has 100 tags at most." in edit(client, photo, caption="", tags=f"{line}, new")
    assert (photo.caption, len(photo.tags)) == ("A cat", 120)
    assert edit(client, photo, tags=line.replace("w000, ", "")) == "303"
    assert len(photo.tags) == 119


def test_press_is_taken_back(client: Browser, photo: Photo) -> None:
    for act, name in (("favourite", "is_favourite"), ("archive", "is_archived")):
        in_place(client, photo, act, **{name: "y"})

        assert in_place(client, photo, act)[1][name] is False
    assert [count.photos for count in timeline.calendar_of(photo.owner).months] == [1]


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("caption", {"caption": "x" * 10_001}),
        ("rating", {"rating": "6"}),
        ("tags", {"tags": "x" * 101}),
    ],
)
def test_mistake_in_place_is_a_sentence_and_by_a_form_the_page_of_all_fields(
    client: Browser, photo: Photo, act: str, fields: dict[str, str]
) -> None:
    status, said = in_place(client, photo, act, **fields)
    assert (status, said["said"][-1]) == (422, ".")

    answer = client.submit(f"/p/{photo.public_id}/{act}", **fields)

    assert answer.status_code == 422
    assert said["said"] in answer.text and "<h1>Edit the photo</h1>" in answer.text
    assert next(iter(fields.values())) in answer.text


def test_details_let_the_owner_write_in_place(client: Browser, photo: Photo) -> None:
    begin_writing()
    tending.rate(photo, 4)
    tag(photo, ["sea"])
    db.session.commit()

    page = client.get(f"/p/{photo.public_id}?in=recent").text

    assert f'action="/p/{photo.public_id}/caption?in=recent"' in page
    assert 'value="4" aria-label="4 stars" checked' in page
    assert 'aria-label="Take away the tag sea"' in page


def test_trash_lets_nobody_write(client: Browser, photo: Photo) -> None:
    client.submit(f"/p/{photo.public_id}/trash")

    assert "data-tend=" not in client.get(f"/p/{photo.public_id}").text


@pytest.mark.parametrize("words", [["sea"], ["Paris, France", 'a "b" c', "x"], []])
def test_words_come_back_from_their_line(words: list[str]) -> None:
    assert words_in(line_of(words)) == words


def test_line_of_words_may_be_untidy() -> None:
    assert words_in(' sea,, sky ,\n"a, b" ') == ["sea", "sky", "a, b"]


def test_photo_that_was_never_dated_has_empty_fields(client: Browser, ada: User) -> None:
    photo = make_photo(ada, jpeg())

    page = client.get(f"/p/{photo.public_id}/edit").text

    assert 'name="day" type="date" value=""' in page
