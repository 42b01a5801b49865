"""Settings: their sources and order, and what follows from them."""

from pathlib import Path

import pytest
from flask import request

from gallery.errors import CannotStart
from gallery.factory import create_app
from gallery.storage import MARKER
from tests.make import make_photo, make_user


def test_later_sources_win(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (instance / "config.py").write_text("TRASH_DAYS = 7\nWORKERS = 3\nPORT = 1")
    monkeypatch.setenv("GALLERY_WORKERS", "4")
    monkeypatch.setenv("GALLERY_PORT", "2")

    config = create_app({"PORT": 3}).config

    assert (config["TRASH_DAYS"], config["WORKERS"], config["PORT"]) == (7, 4, 3)


def test_every_set_finds_its_place(instance: Path) -> None:
    sets = create_app().upload_set_config

    places = {name: config.destination for name, config in sets.items()}
    assert places == {
        name: str(instance / "uploads" / name) for name in ("photos", "media", "previews")
    }


def test_the_public_url_is_where_it_listens_unless_said_otherwise(instance: Path) -> None:
    assert create_app({"HOST": "0.0.0.0", "PORT": 80}).config["PUBLIC_URL"] == "http://127.0.0.1:80"
    named = create_app({"PUBLIC_URL": "https://photos.example/"}).config
    assert named["PUBLIC_URL"] == "https://photos.example"
    assert "photos.example" in named["TRUSTED_HOSTS"]


def test_a_strange_host_is_refused(instance: Path) -> None:
    client = create_app().test_client()

    assert client.get("/login", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/login", headers={"Host": "127.0.0.1:5000"}).status_code == 200


def test_in_a_lan_any_name_of_the_machine_will_do(instance: Path) -> None:
    client = create_app({"HOST": "0.0.0.0"}).test_client()

    assert client.get("/login", headers={"Host": "nas.local:5000"}).status_code == 200


def test_the_secret_key_is_made_once_and_is_nobody_elses(instance: Path) -> None:
    keys = [create_app().secret_key for _ in range(2)]

    assert keys[0] == keys[1] and len(keys[0]) >= 48
    assert (instance / "secret_key").stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in instance.iterdir() if p.name.startswith("tmp")) == []


def test_autoserve_would_publish_private_photos_so_it_does_not_start(instance: Path) -> None:
    with pytest.raises(CannotStart, match="UPLOADS_AUTOSERVE"):
        create_app({"UPLOADS_AUTOSERVE": True})


def test_an_unmounted_disk_is_noticed(app, instance: Path) -> None:
    make_photo(make_user())
    (instance / "uploads" / MARKER).unlink()

    with pytest.raises(CannotStart, match="is its disk mounted"):
        create_app()


def test_an_instance_folder_that_cannot_be_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLERY_INSTANCE_PATH", "/dev/null/instance")

    with pytest.raises(CannotStart, match="cannot be used"):
        create_app()


@pytest.mark.parametrize("word", ["False", "no", "off"])
def test_a_switch_set_to_a_word_is_refused(instance: Path, monkeypatch, word: str) -> None:
    monkeypatch.setenv("GALLERY_REGISTRATION_OPEN", word)

    with pytest.raises(CannotStart, match="REGISTRATION_OPEN must be true or false"):
        create_app()


def test_ipv6_is_at_home(instance: Path) -> None:
    config = create_app({"HOST": "::1", "PORT": 80}).config
    named = create_app({"PUBLIC_URL": "http://[2001:db8::1]:80"})

    assert config["PUBLIC_URL"] == "http://[::1]:80"
    answer = named.test_client().get("/login", headers={"Host": "[2001:db8::1]:80"})
    assert answer.status_code == 200


def test_a_proxy_is_believed_only_when_told_so(instance: Path) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}

    for count, scheme in ((0, "http"), (1, "https")):
        app = create_app({"TRUSTED_PROXIES": count})
        app.before_request_funcs[None].insert(0, lambda: request.scheme)
        assert app.test_client().get("/login", headers=headers).text == scheme
