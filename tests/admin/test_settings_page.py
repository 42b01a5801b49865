"""What admins set while the gallery runs, and that every process has it at its next request."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from flask import Flask

from gallery import settings
from gallery.accounts.guard import everyone
from gallery.accounts.models import AuditEntry, User
from gallery.accounts.second_step import address_of, new_secret
from gallery.extensions import begin_writing, db, now
from gallery.factory import create_app
from gallery.photos.models import Photo
from gallery.photos.sweep import sweep
from tests.conftest import ORIGIN, Browser
from tests.crowd import at_once
from tests.crowded import statements
from tests.make import a_file, jpeg, make_album, make_link, make_photo, make_user, png, sign_in

PAGE = "/admin/settings"


@pytest.fixture
def boss(client: Browser) -> Browser:
    return sign_in(client, make_user("Root", is_admin=True))


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[Flask]:
    """Another process of the same gallery: a web worker, or that of the queue."""
    other = create_app({"TESTING": True, "PROPAGATE_EXCEPTIONS": False})
    other.test_client_class = Browser
    yield other
    with other.app_context():
        db.engine.dispose()


def seen_by(admin: Browser) -> str:
    """What the form carries of what was set when it was shown."""
    return unescape(re.search(r'name="seen"[^>]*value="([^"]*)"', admin.get(PAGE).text)[1])


def save(admin: Browser, seen: str | None = None, **fields: str):
    return admin.submit(PAGE, seen=seen_by(admin) if seen is None else seen, **fields)


def stored() -> dict[str, settings.Value]:
    db.session.rollback()
    return settings.stored()


def logged() -> list[object]:
    entries = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))
    return [entry.details for entry in entries if entry.act == "setting changed"]


def test_the_name_is_everywhere_at_the_next_request_of_every_process(
    boss: Browser, elsewhere: Flask
) -> None:
    ada = make_user()
    link = make_link(make_album(ada))
    visitor = elsewhere.test_client()
    assert "<title>Sign in · Gallery</title>" in visitor.get("/login").text

    assert save(boss, name="  Moreau & \u202eLind ").status_code == 303

    assert "<title>Sign in · Moreau &amp; Lind</title>" in visitor.get("/login").text
    assert visitor.get("/manifest.webmanifest").json["name"] == "Moreau & Lind"
    shared = visitor.get(f"/s/{link}").text
    assert '<meta property="og:site_name" content="Moreau &amp; Lind">' in shared
    assert 'aria-label="Moreau &amp; Lind, home"' in sign_in(visitor, ada).get("/photos").text
    with elsewhere.app_context():
        assert "issuer=Moreau%20%26%20Lind" in address_of(new_secret(), ada)


def test_sign_up_is_closed_and_a_new_account_gets_its_storage(
    boss: Browser, elsewhere: Flask
) -> None:
    visitor = elsewhere.test_client()
    eve = {"name": "Eve", "email": "eve@example.org", "password": "correct horse battery"}
    save(boss, registration_open="closed", default_quota="2,5")

    refused = visitor.submit("/register", **eve)
    offered = "Create an account" in visitor.get("/login").text
    save(boss, registration_open="", default_quota="2.5")
    taken = visitor.submit("/register", **eve)

    assert (refused.status_code, offered, taken.status_code) == (403, False, 303)
    assert db.session.scalar(User.with_email("eve@example.org")).quota == 2_500_000_000
    assert 'value="2.5"' in boss.get("/admin/invitations").text


def test_limits_hold_and_are_shown_as_they_are_set(boss: Browser, elsewhere: Flask) -> None:
    sender = sign_in(elsewhere.test_client(), make_user())
    large = jpeg((1200, 900), seed=1) + bytes(1_200_000)

    save(boss, photo_max_size="1", media_max_size="3", max_content_length="20")
    receipt = sender.send_files(a_file(large), a_file(png(), "small.png")).location
    limits = sender.get("/limits.json").json
    too_much = sender.send_files((BytesIO(bytes(20_000_001)), "cat.jpg"))

    assert (limits["photo"]["max"], limits["media"]["max"]) == (1_000_000, 3_000_000_000)
    assert "1.2 MB is over the 1.0 MB limit." in sender.get(receipt).text
    assert "up to 20 MB at once" in sender.get("/upload").text
    assert too_much.status_code == 413
    assert [photo.client_name for photo in db.session.scalars(db.select(Photo))] == ["small.png"]


def test_the_sweep_of_another_process_keeps_to_the_days_that_are_set(
    boss: Browser, elsewhere: Flask
) -> None:
    ada = make_user()
    photo = make_photo(ada)
    photo.trashed_at = now() - dt.timedelta(days=10)
    db.session.commit()

    def swept() -> int:
        with elsewhere.app_context():
            return sweep().past_their_time

    before = swept()
    save(boss, trash_days="12")
    page = sign_in(elsewhere.test_client(), ada).get("/trash").text
    still = swept()
    save(boss, trash_days="7")

    assert "12 days after they came here" in page and ">2 days<" in page
    assert (before, still, swept()) == (0, 0, 1)


def test_what_was_set_is_logged_and_an_empty_field_is_as_configured_again(
    app: Flask, boss: Browser
) -> None:
    app.config["TRASH_DAYS"] = 40
    save(boss, trash_days="7", has_no_quota="y")
    page = boss.get(PAGE).text
    save(boss, has_no_quota="y")

    assert "As configured: 40. Set by Root, " in page
    assert stored() == {"default_quota": None} and settings.current().trash_days == 40
    assert logged() == [
        {"setting": "default_quota", "old": None, "new": None, "is_set": True},
        {"setting": "trash_days", "old": 40, "new": 7, "is_set": True},
        {"setting": "trash_days", "old": 7, "new": 40, "is_set": False},
    ]
    log = boss.get("/admin/audit.csv").text
    assert 'Root,"Storage of a new account, in GB: no limit, whatever is configured",' in log
    assert "Root,Days in the trash: from 40 to 7," in log
    assert 'Root,"Days in the trash: from 7 to 40, as configured",' in log


def test_saving_what_is_there_changes_and_logs_nothing(boss: Browser) -> None:
    save(boss, name="Ours", trash_days="7")
    save(boss, name="Ours", trash_days="7")

    assert len(logged()) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "n" * 61}, "60 characters are enough for a name here."),
        ({"trash_days": "0"}, "Write a number from 1 to 3,650, or nothing."),
        ({"quarantine_days": "1.5"}, "Write a number from 1 to 3,650, or nothing."),
        ({"default_quota": "lots"}, "Write a number from 0 to 1,000,000, or nothing."),
        (
            {"default_quota": "5", "has_no_quota": "y"},
            "Write a number or choose no limit, not both.",
        ),
        ({"photo_max_size": "-1"}, "Write a number from 1 to 10,000, or nothing."),
        ({"media_max_size": "NaN"}, "Write a number from 1 to 10,000, or nothing."),
        ({"max_content_length": "9"}, "Write a number from 10 to 1,000,000, or nothing."),
        ({"registration_open": "maybe"}, "Choose one of those that are offered."),
    ],
)
def test_a_mistake_is_one_sentence_and_what_was_typed_stays(
    boss: Browser, fields: dict[str, str], sentence: str
) -> None:
    typed = {"name": "Ours", "trash_days": "7"} | fields

    answer = save(boss, **typed)

    assert answer.status_code == 422
    assert answer.text.count('class="field-error"') == 1 and sentence in answer.text
    for name, text in typed.items():
        assert name == "has_no_quota" or text == "maybe" or f'value="{text}"' in answer.text
    assert stored() == {} and logged() == []


def test_two_admins_at_once_take_nothing_from_each_other(boss: Browser) -> None:
    seen = seen_by(boss)
    save(boss, seen, trash_days="7", name="Ours")

    answer = save(boss, seen, quarantine_days="9")
    differs = save(boss, seen, trash_days="5", photo_max_size="50")

    assert answer.status_code == 303
    assert stored() == {"name": "Ours", "trash_days": 7, "quarantine_days": 9}
    assert differs.status_code == 409
    assert "Meanwhile another admin changed this to 7. Save again" in differs.text
    assert all(f'value="{text}"' in differs.text for text in ("5", "50", "9", "Ours"))
    again = unescape(re.search(r'name="seen"[^>]*value="([^"]*)"', differs.text)[1])
    fields = {"trash_days": "5", "photo_max_size": "50", "quarantine_days": "9", "name": "Ours"}
    assert save(boss, again, **fields).status_code == 303
    assert stored()["trash_days"] == 5


def test_of_many_who_save_the_same_at_once_one_is_first(app: Flask) -> None:
    make_user("Root", is_admin=True)
    root = db.session.scalar(User.with_email("root@example.org"))
    admins = [sign_in(app.test_client(), root) for _ in range(4)]
    tokens = [admin.token() for admin in admins]

    def act(number: int) -> int:
        fields = {"csrf_token": tokens[number], "seen": "{}", "trash_days": str(number + 1)}
        return admins[number].post(PAGE, data=fields, headers={"Origin": ORIGIN}).status_code

    assert sorted(at_once(app, act, times=4)) == [303, 409, 409, 409]
    assert len(logged()) == 1


@pytest.mark.parametrize("seen", ["", "[1]", "nonsense", json.dumps({"trash_days": [1]})])
def test_a_form_of_no_page_of_ours_takes_nothing_away(boss: Browser, seen: str) -> None:
    save(boss, trash_days="7")

    answer = save(boss, seen, trash_days="9")

    assert answer.status_code == 409 and stored() == {"trash_days": 7}


def test_others_find_no_such_page(client: Browser) -> None:
    sign_in(client, make_user())

    assert client.get(PAGE).status_code == 404
    assert client.submit(PAGE, name="Mine").status_code == 404
    assert stored() == {}


def test_settings_are_read_once_a_request(boss: Browser) -> None:
    save(boss, name="Ours")
    boss.get("/photos")

    with statements() as said:
        boss.get(PAGE)
        of_page = len([each for each in said if each.startswith("SELECT")])
        said.clear()
        boss.get("/trash")

    assert of_page <= 8
    assert len([each for each in said if "FROM settings" in each]) == 1


def test_a_page_that_must_not_fail_has_the_last_name_it_knows(app: Flask, boss: Browser) -> None:
    save(boss, name="Ours")
    boss.get("/photos")
    app.view_functions["accounts.forgot"] = everyone(lambda: 1 / 0)

    with statements() as said:
        answer = app.test_client().get("/forgot")

    assert answer.status_code == 500 and "Ours</span>" in answer.text
    assert said == []


def test_a_value_of_a_later_version_does_no_harm(app: Flask) -> None:
    begin_writing()
    db.session.execute(db.insert(settings.Setting).values(name="mood", value=1, changed_at=now()))
    db.session.commit()

    assert settings.current().name == "Gallery"
