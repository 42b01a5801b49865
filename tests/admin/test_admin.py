"""The place's own pages: people, any gallery read only, and the log of every look."""

import csv
import datetime as dt
import html
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gallery.accounts.models import AuditEntry
from gallery.admin import log, people
from gallery.extensions import db, now
from gallery.jobs.models import Job, JobState
from gallery.photos import documents
from gallery.photos.derivatives import derive
from tests.conftest import Browser
from tests.crowded import statements
from tests.make import jpeg, make_album, make_photo, make_user, sign_in


@pytest.fixture
def boss(client: Browser) -> Browser:
    return sign_in(client, make_user("Root Boss", is_admin=True))


def test_people_are_listed_with_photos_and_bytes(boss: Browser) -> None:
    make_photo(make_user(), jpeg())

    page = boss.get("/admin/users").text

    assert "ada@example.org" in page and "10 KB" in page and "never" in page


def test_four_figures_say_how_the_place_stands(boss: Browser) -> None:
    ada = make_user()
    old, parked = make_photo(ada, jpeg(seed=1)), make_photo(ada, jpeg(seed=2))
    make_photo(make_user("Zoe"), jpeg(seed=3))
    old.created_at = now() - dt.timedelta(days=31)
    db.session.scalars(db.select(Job).where(Job.target == parked.id)).one().state = JobState.PARKED
    db.session.commit()

    page = boss.get("/admin/users").text

    found = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd><dd[^>]*>([^<]+)</dd>", page)
    assert found[0] == ("Photos", "3", "2 new in 30 days")
    assert found[1][:2] == ("Storage", "29 KB") and found[1][2].endswith(" free")
    assert found[2] == ("People", "3", "1 seen in 30 days")
    assert found[3] == ("Jobs that wait", "2", "1 given up")


@pytest.mark.parametrize("key", ["name", "photos", "size", "last_seen", "role"])
def test_people_can_be_sorted_both_ways(boss: Browser, key: str) -> None:
    make_photo(make_user(), jpeg())
    make_user("Zoe Null")

    up = boss.get(f"/admin/users?sort={key}").text
    down = boss.get(f"/admin/users?sort=-{key}").text

    names = [re.findall(r"[\w.]+@example\.org", page) for page in (up, down)]
    assert sorted(names[0]) == sorted(names[1]) and len(names[0]) == 3
    assert 'aria-sort="ascending"' in up and 'aria-sort="descending"' in down
    assert boss.get("/admin/users?sort=nonsense").status_code == 200


def test_people_are_found_by_a_part_of_name_or_email_and_sorted_so(boss: Browser) -> None:
    make_user("Émile Zola")
    make_user("Ada 100%")

    def found(address: str) -> list[str]:
        return re.findall(r"([\w.]+)@example\.org<", boss.get(address).text)

    page = boss.get("/admin/users?q=ÉMI&sort=-name").text
    further = re.search(r'href="(/admin/users\?[^"#]+)#people">Name', page)[1]
    assert found(further.replace("&amp;", "&")) == ["émile"] and "sort=name" in further
    assert found("/admin/users?q=EXAMPLE.org&sort=name") == ["ada", "root", "émile"]
    assert found("/admin/users?q=100%25") == ["ada"]
    assert "“&lt;b&gt;”" in boss.get("/admin/users?q=%3Cb%3E").text


def test_people_come_page_by_page_in_the_order_that_was_asked(
    boss: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 2)
    for name in ("Zoe", "Ada", "Ben"):
        make_user(name)

    found, url = [], "/admin/users?sort=-name&q=example"
    while url:
        page = boss.get(url).text
        found.append(re.findall(r"(\w+)@example\.org<", page))
        further = re.search(r'rel="next" href="([^"]+)"', page)
        url = further and further[1].replace("&amp;", "&").partition("#")[0]

    assert found == [["zoe", "root"], ["ben", "ada"]]
    assert boss.get(f"/admin/users?skip={2**80}").status_code == 200


def test_an_admin_browses_a_gallery_and_the_log_knows(boss: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada, jpeg())
    derive(photo.id)
    db.session.commit()
    picture = f"/i/{photo.public_id}/{photo.derivatives[0].url_name}"
    assert boss.get(picture).status_code == 404, "no look is in the log yet"

    gallery = boss.get(f"/admin/galleries/{ada.folder}").text
    page = boss.get(f"/admin/galleries/{ada.folder}/p/{photo.public_id}").text

    assert "You are looking at Ada Moreau’s library · Logged" in gallery
    assert "You are looking at Ada Moreau’s library · Logged" in page
    assert f"/admin/galleries/{ada.folder}/p/{photo.public_id}" in gallery
    assert boss.get(picture).status_code == 200
    assert boss.get(f"/p/{photo.public_id}/download").status_code == 200
    acts = db.session.scalars(db.select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["gallery", "photo"]
    assert "<td>Looked into the gallery" in boss.get("/admin/audit").text


def test_a_long_gallery_leads_on_within_itself(
    boss: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "DOCUMENT", 2)
    ada = make_user()
    days = [dt.datetime(year, 7, 2) for year in range(2018, 2023)]
    photos = [make_photo(ada, jpeg(seed=day.year, taken=day)) for day in days]
    for photo in photos:
        derive(photo.id)
    db.session.commit()
    page = boss.get(f"/admin/galleries/{ada.folder}").text

    def shape(page: str) -> dict:
        return boss.get(html.unescape(re.search(r'data-shape="([^"]+)"', page)[1])).json

    newest = shape(page)
    middle = shape(boss.get(newest["older"]["url"]).text)
    oldest = shape(boss.get(middle["older"]["url"]).text)

    found = [[each["key"] for each in part["sections"]] for part in (newest, middle, oldest)]
    assert found == [["2022-07", "2021-07"], ["2020-07", "2019-07"], ["2018-07"]]
    assert middle["at"] == oldest["at"] == 0 and oldest["older"] is None
    for part, first in ((middle, photos[4]), (oldest, photos[2])):
        assert part["newer"]["url"] == f"/admin/galleries/{ada.folder}?at={first.public_id}"


def test_a_look_into_a_gallery_finds_its_owner_once(boss: Browser) -> None:
    ada = make_user()
    make_photo(ada, jpeg())
    make_album(ada)

    with statements() as told:
        assert boss.get(f"/admin/galleries/{ada.folder}").status_code == 200

    told = [statement for statement in told if not statement.startswith("BEGIN")]
    assert len(told) <= 8, told


def test_an_admin_changes_nothing_in_anothers_gallery(boss: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada)
    page = boss.get(f"/admin/galleries/{ada.folder}/p/{photo.public_id}").text

    answers = [boss.submit(f"/p/{photo.public_id}/{act}") for act in ("trash", "rotate", "retry")]

    assert {answer.status_code for answer in answers} == {404}
    for shown in (page, boss.get(f"/p/{photo.public_id}").text):
        assert "You are looking at Ada Moreau’s library · Logged" in shown
        assert f"/p/{photo.public_id}/trash" not in shown


def test_an_admins_look_ends(app: Flask, boss: Browser) -> None:
    ada = make_user()
    photo = make_photo(ada)
    boss.get(f"/admin/galleries/{ada.folder}")
    assert boss.get(f"/p/{photo.public_id}/download").status_code == 200

    app.config["ADMIN_LOOK_MINUTES"] = 0

    assert boss.get(f"/p/{photo.public_id}/download").status_code == 404


def test_a_gallery_of_nobody_is_missing(boss: Browser) -> None:
    assert boss.get("/admin/galleries/nobody-0000").status_code == 404
    assert boss.get("/admin/galleries/nobody-0000/p/x").status_code == 404
    assert not db.session.scalars(db.select(AuditEntry)).all()


def test_the_log_goes_on_page_by_page(boss: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PAGE", 2)
    folder = make_user().folder
    for _ in range(3):
        boss.get(f"/admin/galleries/{folder}")

    first = boss.get("/admin/audit").text
    older = re.search(r'rel="next" href="([^"]+)"', first)[1]

    assert first.count("<td>Looked into") == 2
    assert boss.get(older).text.count("<td>Looked into") == 1
    assert boss.get(f"/admin/audit?before={10**20}").status_code == 200


def test_an_admin_who_has_opened_a_gallery_sees_its_albums_under_a_banner(boss: Browser) -> None:
    ada = make_user()
    album = make_album(ada)
    before = boss.get(f"/albums/{album.slug}").status_code

    gallery = boss.get(f"/admin/galleries/{ada.folder}").text
    page = boss.get(f"/albums/{album.slug}").text

    assert before == 404
    assert f"/albums/{album.slug}" in gallery
    assert "You are looking at Ada Moreau’s library · Logged" in page
    assert "Add photos" not in page


def read(answer: TestResponse) -> list[list[str]]:
    return [row[1:] for row in csv.reader(answer.text.splitlines())]


def test_the_log_is_asked_by_person_and_by_act_as_a_page_and_as_csv(
    boss: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "PAGE", 1)
    monkeypatch.setattr(log, "SOME", 2)
    ada, zoe = make_user(), make_user("=Zoe()")
    for who in (ada, zoe, ada):
        boss.get(f"/admin/galleries/{who.folder}")
    boss.submit(f"/admin/users/{ada.folder}/disable")
    look, end = "Looked into the gallery", "Disabled the account"

    page = boss.get("/admin/audit?who=ada+moreau&act=gallery").text
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    ours = boss.get("/admin/audit.csv?who=MOREAU")

    assert page.count(f"<td>{look}") == 1 and f"<td>{end}" not in page
    assert boss.get(older).text.count(f"<td>{look}") == 1
    assert ours.mimetype == "text/csv" and "attachment" in ours.headers["Content-Disposition"]
    assert read(ours)[1:] == [["Root Boss", what, "Ada Moreau"] for what in (end, look, look)]
    assert ["Root Boss", look, "'=Zoe()"] in read(boss.get("/admin/audit.csv"))
    assert len(read(boss.get("/admin/audit.csv?who=nobody"))) == 1
