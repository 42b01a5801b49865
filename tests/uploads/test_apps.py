"""Several applications, each in threads of its own, share one set: nothing of theirs ever mixes."""

import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, current_app, request, send_from_directory
from werkzeug.routing import Rule

from gallery.uploads import (
    IMAGES,
    UploadConfiguration,
    UploadNotAllowed,
    UploadRequest,
    UploadSet,
    configure_uploads,
)
from gallery.uploads.serving import uploaded_file
from gallery.uploads.spool import staging_folder

from .support import at_once, listing, make_app, upload

ROUNDS = 40
THREADS = 2  # of each application
EXTENSIONS = ["jpg", "png", "exe"]

SETTINGS = {
    "ada": {"UPLOADED_PHOTOS_ALLOW": "exe", "UPLOADED_PHOTOS_URL": "https://ada.example/"},
    "bob": {"UPLOADED_PHOTOS_DENY": ["jpg"], "UPLOADS_AUTOSERVE": True},
    "eve": {"UPLOADS_DEFAULT_URL": "/eve", "request_class": UploadRequest},
}
TAKEN = {"ada": {"jpg", "png", "exe"}, "bob": {"png"}, "eve": {"jpg", "png"}}
URLS = {
    "ada": "https://ada.example/",
    "bob": "http://localhost/_uploads/photos/",
    "eve": "/eve/photos/",
}


@dataclass(frozen=True)
class Visit:
    """A file that was sent to an application, and what came of it."""

    host: str
    ext: str
    body: bytes
    status: int
    name: str = ""
    url: str = ""
    served: bytes = b""


def make_host(photos: UploadSet, folder: Path, **settings) -> Flask:
    """An application that saves, serves and says where."""
    app = make_app(photos, UPLOADS_DEFAULT_DEST=folder, **settings)
    app.register_error_handler(UploadNotAllowed, lambda error: (str(error), error.code))

    @app.post("/")
    def create():
        name = photos.save(request.files["photo"])
        return {"name": name, "url": photos.url(name)}

    @app.get("/files/<path:filename>")
    def file(filename):
        config = current_app.upload_set_config["photos"]
        return send_from_directory(config.destination, filename)

    return app


def visits_of(host: str, app: Flask) -> Iterator[Visit]:
    """Many files of few names, small and large, that nobody else sends."""
    client = app.test_client()
    for number in range(ROUNDS):
        ext = EXTENSIONS[number % 3]
        body = host.encode() + os.urandom(300_000 if number % 10 == 0 else 100)
        answer = client.post("/", data={"photo": (upload(f"cat.{ext}", body).stream, f"cat.{ext}")})
        if answer.status_code != 200:
            yield Visit(host, ext, body, answer.status_code)
            continue
        served = client.get(f"/files/{answer.json['name']}")
        yield Visit(host, ext, body, 200, **answer.json, served=served.data)
        served.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("apps")


@pytest.fixture(scope="module")
def visits(folder) -> list[Visit]:
    photos = UploadSet("photos", IMAGES)
    apps = [
        (host, make_host(photos, folder / host, **settings)) for host, settings in SETTINGS.items()
    ]
    visited = at_once(THREADS * 3, lambda number: list(visits_of(*apps[number % 3])))
    return [visit for several in visited for visit in several]


def test_each_answers_all_that_was_sent_to_it(visits):
    assert Counter(visit.host for visit in visits) == dict.fromkeys(SETTINGS, ROUNDS * THREADS)


def test_each_takes_its_own_kinds_of_files(visits):
    for visit in visits:
        assert visit.status == (200 if visit.ext in TAKEN[visit.host] else 415)


@pytest.mark.parametrize("host", SETTINGS)
def test_each_has_its_own_files_and_no_others(visits, folder, host):
    saved = {visit.name: visit.body for visit in visits if visit.host == host and visit.name}

    assert listing(folder / host / "photos") == sorted(saved)
    for name, body in saved.items():
        assert (folder / host / "photos" / name).read_bytes() == body


def test_each_serves_its_own_bytes(visits):
    saved = [visit for visit in visits if visit.status == 200]

    assert [visit.name for visit in saved if visit.served != visit.body] == []


def test_each_says_its_own_urls(visits):
    for visit in visits:
        assert visit.url == (URLS[visit.host] + visit.name if visit.name else "")


def test_a_context_within_another_speaks_for_itself(tmp_path):
    photos = UploadSet("photos", IMAGES)
    ada, bob = (make_host(photos, tmp_path / host, **SETTINGS[host]) for host in ("ada", "bob"))

    with ada.app_context():
        photos.save(upload("a.jpg"))
        with bob.app_context():
            photos.save(upload("b.png"))
        photos.save(upload("c.exe"))

    assert listing(tmp_path) == ["ada/photos/a.jpg", "ada/photos/c.exe", "bob/photos/b.png"]


def test_a_receipt_discards_where_it_came_from(tmp_path):
    photos = UploadSet("photos", IMAGES)
    ada, bob = (make_host(photos, tmp_path / host) for host in ("ada", "bob"))
    with bob.app_context():
        photos.save(upload())
    with ada.app_context():
        saved = photos.save(upload())

    with bob.app_context():
        saved.discard()

    assert listing(tmp_path) == ["bob/photos/cat.jpg"]


# Configured again


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns all the time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def configured_again_while(app: Flask, photos: UploadSet, act) -> object:
    """What an act returns while an application is configured over and over, with new sets too."""
    stop = threading.Event()

    def configure() -> None:
        for number in range(10_000):
            if stop.is_set():
                return
            configure_uploads(app, (photos, UploadSet(f"other{number}")))

    thread = threading.Thread(target=configure)
    thread.start()
    try:
        return act()
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("busy", ["ada", "bob"])
def test_configuring_again_disturbs_neither_the_other_nor_itself(tmp_path, hasty, busy):
    photos = UploadSet("photos", IMAGES)
    apps = {host: make_host(photos, tmp_path / host, **SETTINGS[host]) for host in ("ada", "bob")}

    visits = configured_again_while(apps["ada"], photos, lambda: list(visits_of(busy, apps[busy])))

    saved = [visit for visit in visits if visit.status == 200]
    assert {visit.ext for visit in saved} == TAKEN[busy]
    assert all(visit.served == visit.body for visit in saved)
    assert all(visit.url == URLS[busy] + visit.name for visit in saved)


def test_other_settings_hold_from_the_next_save_on(tmp_path):
    photos = UploadSet("photos", IMAGES)
    ada, bob = (make_host(photos, tmp_path / host) for host in ("ada", "bob"))

    ada.config["UPLOADED_PHOTOS_DEST"] = tmp_path / "new"
    configure_uploads(ada, photos)
    for app in (ada, bob):
        with app.app_context():
            photos.save(upload())

    assert listing(tmp_path) == ["bob/photos/cat.jpg", "new/cat.jpg"]


def test_a_configuration_of_the_set_s_own_holds_in_every_application(tmp_path):
    photos = UploadSet("photos", IMAGES)
    apps = [make_host(photos, tmp_path / host) for host in ("ada", "bob")]

    photos._config = UploadConfiguration(tmp_path / "both")
    for app in apps:
        with app.app_context():
            photos.save(upload())

    assert listing(tmp_path) == ["both/cat.jpg", "both/cat_1.jpg"]


def test_a_view_that_is_added_while_serving_is_there_before_its_address(tmp_path):
    views = []

    class Watched(Rule):
        def bind(self, *args, **options):
            views.append(app.view_functions.get(self.endpoint))
            super().bind(*args, **options)

    app = make_app(UploadSet("own"), UPLOADS_DEFAULT_DEST=tmp_path)
    app.test_client().get("/")
    app.url_rule_class, app.config["UPLOADS_AUTOSERVE"] = Watched, True
    configure_uploads(app, UploadSet("other"))

    assert views == [uploaded_file]


def test_the_staging_folder_is_found_while_sets_are_added(tmp_path, hasty):
    photos = UploadSet("photos", IMAGES)
    remote = [UploadSet(f"remote{number}", store=object()) for number in range(100)]
    app = make_app(*remote, photos, UPLOADS_DEFAULT_DEST=tmp_path)

    def look() -> set[str]:
        with app.app_context():
            return {staging_folder() for _ in range(500)}

    assert configured_again_while(app, photos, look) == {str(tmp_path / "photos")}
