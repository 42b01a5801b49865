"""A gallery for each test: a real database, a real folder, real pictures."""

import ctypes
import gc
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.test import TestResponse

from gallery import assets
from gallery.extensions import db
from gallery.factory import create_app
from tests import compiled
from tests.browser import browser, chromium
from tests.provider import Provider

__all__ = ["browser", "chromium"]  # fixtures; two browsers in one process do not go together

ORIGIN = "http://localhost"

if sys.platform.startswith("linux"):
    # Each thread of a crowd may leave 64 MB of address space behind: glibc's arenas. The jail of
    # a later test counts them, since a child is born with all that its parent has mapped.
    M_ARENA_MAX = -8  # <malloc.h>
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


compiled.share()
# Else each program that a test starts would compile the whole gallery anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: browsers, disks and slow lines are waited for."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Leave the modules and the tests themselves out of what is looked through for garbage."""
    gc.disable()
    answer = yield
    gc.freeze()
    gc.enable()
    return answer


class Browser(FlaskClient):
    """A client that says where its forms come from, as browsers do, and sends their token."""

    _token = _token_of = None

    def open(self, *args: object, **options: object) -> TestResponse:
        # The test's own transaction ends, so that afterwards it sees what the request did;
        # the request has a context of its own, as it has in a server.
        db.session.rollback()
        return Context().run(super().open, *args, **options)

    def submit(self, url: str, **fields: object) -> TestResponse:
        data = {"csrf_token": self.token(), **fields}
        return self.post(url, data=data, headers={"Origin": ORIGIN})

    def send_files(self, *files: tuple[object, str], **headers: str) -> TestResponse:
        return self.post(
            "/photos", data={"file": list(files)}, headers={"Origin": ORIGIN, **headers}
        )

    def token(self) -> str:
        """Return the token that forms have, as long as the session is the same."""
        if self._session() is None or self._session() != self._token_of:
            page = self.get("/login").text
            self._token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
            self._token_of = self._session()
        return self._token

    def _session(self) -> str | None:
        cookie = self.get_cookie("session")
        return cookie and cookie.value


@pytest.fixture(scope="session")
def built_assets() -> Path:
    """Build the scripts and styles once; the first process does it, the others wait."""
    return assets.install_for_tests()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, built_assets: Path) -> Path:
    """A database at the newest migration, to be copied."""
    instance = tmp_path_factory.mktemp("migrated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GALLERY_INSTANCE_PATH", str(instance))
        app = create_app()
    with app.app_context():
        upgrade()
        db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    return instance / "gallery.sqlite"


@pytest.fixture
def instance(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The instance folder of this test's gallery."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(migrated, folder / "gallery.sqlite")
    monkeypatch.setenv("GALLERY_INSTANCE_PATH", str(folder))
    return folder


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    app = create_app({"TESTING": True, "PROPAGATE_EXCEPTIONS": False})
    app.test_client_class = Browser
    with app.app_context():
        compiled.share_statements(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> Browser:
    return app.test_client()


@pytest.fixture(scope="session")
def provider(built_assets: Path) -> Iterator[Provider]:
    """Who people are, by a provider that leads back to the galleries of tests."""
    provider = Provider("http://127.0.0.1:5000/login/provider/back")
    yield provider
    provider.end()
