"""The servers, each started once for a process of tests that needs it."""

import secrets
from collections.abc import Iterator

import pytest

from gallery.uploads.s3 import S3Store

from .proxy import Proxy
from .seaweed import KEY, SECRET, SeaweedFS
from .support import address


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedFS]:
    server = SeaweedFS(tmp_path_factory.mktemp("seaweed"))
    yield server
    server.kill()


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an application has them: in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.fixture
def bucket(seaweed: SeaweedFS) -> str:
    name = f"photos-{secrets.token_hex(4)}"
    seaweed.client().create_bucket(Bucket=name)
    return name


@pytest.fixture
def store(seaweed: SeaweedFS, bucket: str) -> S3Store:
    return S3Store.at(address(seaweed.url, bucket))


@pytest.fixture
def proxy(seaweed: SeaweedFS) -> Iterator[Proxy]:
    wire = Proxy(seaweed.url)
    yield wire
    wire.close()


@pytest.fixture
def wired(proxy: Proxy, bucket: str) -> S3Store:
    """The same files as those of ``store``, over the wire that breaks."""
    return S3Store.at(address(proxy.url, bucket))
