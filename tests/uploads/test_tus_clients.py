"""Resumable uploads by clients that nobody here wrote, over lines that break."""

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tusclient.client import TusClient

from tests.programs import ROOT, free_port
from tests.wire import Wire

BODY = random.Random(7).randbytes(3_000_000)
CLIENT = Path(__file__).with_name("tus_client.mjs")
BREAKS = 12


class Server:
    """A server of its own that can be killed and comes back."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "tests.uploads.tus_app:make_app()"),
                *(f"--bind=127.0.0.1:{self.port}", "--worker-class=gthread", "--threads=16"),
                *("--no-control-socket", "--log-level=critical"),
            ],
            cwd=ROOT,
            env={**os.environ, "TUS_FILES": str(self.folder)},
            process_group=0,
        )
        for _ in range(600):
            with contextlib.suppress(OSError):
                ask = urllib.request.Request(f"http://127.0.0.1:{self.port}/tus", method="OPTIONS")
                return urllib.request.urlopen(ask).close()
            time.sleep(0.05)
        raise AssertionError("The server does not start.")

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "files").mkdir()
    server = Server(tmp_path / "files")
    yield server
    server.kill()


@pytest.fixture
def body(tmp_path: Path) -> Path:
    path = tmp_path / "写真.bin"
    path.write_bytes(BODY)
    return path


def endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}/tus"


def uploader(port: int, path: Path, **options):
    """tuspy's."""
    options = {"chunk_size": 400_000, "retries": 60, "retry_delay": 0.05, **options}
    metadata = {"filename": path.name}
    return TusClient(endpoint(port)).uploader(str(path), metadata=metadata, **options)


def node(built_assets: Path, port: int, path: Path, chunk: str) -> subprocess.Popen[str]:
    """tus-js-client's, as a process; it notes what it began beside the file."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    words = [built_assets, endpoint(port), path, f"{path}.notes", chunk]
    return subprocess.Popen(
        [shutil.which("node", path=search), CLIENT, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_sent(client: subprocess.Popen[str], size: int) -> None:
    """Read a client's progress until it has sent so many bytes."""
    while int(client.stderr.readline().split()[0]) < size:
        continue


def assert_saved(server: Server, name: str = "写真.bin") -> None:
    """The file is there, once and whole, and nothing else is on its way."""
    assert [path.name for path in server.folder.iterdir() if path.is_file()] == [name]
    saved = hashlib.sha256((server.folder / name).read_bytes()).hexdigest()
    assert saved == hashlib.sha256(BODY).hexdigest()
    # An answer to a beginning may be lost: what was begun then is left alone until it expires.
    parts = [path for path in (server.folder / ".incoming").iterdir() if not path.suffix]
    assert sum(path.stat().st_size for path in parts) == 0


@pytest.mark.parametrize("checksum", [False, True])
def test_tuspy_over_a_line_that_breaks(server, body, checksum):
    with contextlib.closing(Wire(server.port, breaks=BREAKS, span=300_000, seed=1)) as wire:
        unlucky = uploader(wire.port, body, upload_checksum=checksum)
        while not unlucky.url:
            with contextlib.suppress(Exception):  # its POST is not tried again by itself
                unlucky.set_url(unlucky.create_url())
        unlucky.offset = 0
        unlucky.upload()

        assert wire.broken == BREAKS
    assert_saved(server)


@pytest.mark.parametrize("chunk", ["400000", "one go"])
def test_tus_js_client_over_a_line_that_breaks(server, body, built_assets, chunk):
    with contextlib.closing(Wire(server.port, breaks=BREAKS, span=300_000, seed=2)) as wire:
        client = node(built_assets, wire.port, body, chunk)
        said, complaints = client.communicate(timeout=60)

        assert (client.returncode, wire.broken) == (0, BREAKS), complaints
    assert json.loads(said)[1] == str(len(BODY))
    assert_saved(server)


def test_another_process_goes_on_where_a_killed_client_was(server, body, built_assets):
    first = node(built_assets, server.port, body, "100000")
    wait_until_sent(first, 300_000)
    first.kill()
    first.wait()

    second = node(built_assets, server.port, body, "100000")
    _, progress = second.communicate(timeout=60)

    assert second.returncode == 0
    assert int(progress.split()[0]) >= 200_000
    assert_saved(server)


def test_tus_js_client_with_all_bytes_at_once(server, body, built_assets):
    client = node(built_assets, server.port, body, "at once")

    said, complaints = client.communicate(timeout=60)

    assert client.returncode == 0, complaints
    assert json.loads(said)[0] == "%E5%86%99%E7%9C%9F.bin"
    assert_saved(server)


def test_a_client_goes_on_with_a_server_that_is_killed_and_comes_back(server, body, built_assets):
    client = node(built_assets, server.port, body, "50000")
    for sent in (400_000, 1_100_000, 2_000_000):
        wait_until_sent(client, sent)
        server.kill()
        server.start()

    _, complaints = client.communicate(timeout=60)

    assert client.returncode == 0, complaints
    assert_saved(server)
