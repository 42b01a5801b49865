"""`python wsgi.py`: set up, serve, say where, and end cleanly."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.make import make_photo, make_user
from tests.programs import ROOT, Program


@pytest.fixture
def program(tmp_path: Path, built_assets: Path) -> Iterator[Program]:
    running = Program(tmp_path / "instance")
    yield running
    running.end(signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_all_of_it_cleanly(program: Program, number: int) -> None:
    program.wait_until_up()
    assert json.loads(program.read("/healthz"))["queue"] == "ok"
    children = program.children()

    code, rest = program.end(number)

    assert (code, len(children)) == (0, 2), rest
    assert "Traceback" not in rest
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_the_first_start_gives_a_link_for_the_first_admin(program: Program) -> None:
    program.wait_until_up()
    link = re.search(r"http://\S+/welcome/\S+", program.process.stdout.readline())[0]

    assert "Set up your gallery" in program.read(link.removeprefix(program.url))
    assert (program.instance / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (program.instance / "uploads" / ".gallery-storage").is_file()


@pytest.mark.parametrize("index", [0, 1])
def test_a_crash_of_one_ends_the_other_with_a_message(program: Program, index: int) -> None:
    program.wait_until_up()
    program.read("/healthz")
    children = program.children()

    os.kill(children[index], signal.SIGKILL)
    rest, _ = program.process.communicate(timeout=30)

    assert program.process.returncode == 1
    assert f"The {('web', 'worker')[index]} process ended with code -9." in rest
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_killed_outright_it_leaves_nobody_behind(program: Program) -> None:
    program.wait_until_up()
    program.read("/healthz")

    program.process.kill()
    program.process.wait()

    for _ in range(100):
        try:
            with contextlib.suppress(ConnectionError):  # it took the question, and ended over it
                program.read("/healthz")
        except urllib.error.URLError:
            return
        time.sleep(0.1)
    pytest.fail("The web server is still there.")


def failed_start(instance: Path, **settings: str) -> str:
    program = Program(instance, **settings)
    said, _ = program.process.communicate(timeout=60)
    assert program.process.returncode == 1, said
    return said


def test_a_taken_port_is_one_sentence(tmp_path: Path, built_assets: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = failed_start(tmp_path, GALLERY_PORT=str(port))

    assert said == f"Cannot listen on 127.0.0.1, port {port}: Address already in use.\n"


def test_an_unusable_instance_folder_is_one_sentence(built_assets: Path) -> None:
    said = failed_start(Path("/dev/null/instance"))

    assert said == "The instance folder /dev/null/instance cannot be used: Not a directory.\n"


def test_the_command_line_says_it_in_one_sentence_too(app, instance: Path) -> None:
    make_photo(make_user())
    (instance / "uploads" / ".gallery-storage").unlink()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "gallery", "verify"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1
    assert "is its disk mounted?" in done.stderr and "Traceback" not in done.stderr


def test_a_missing_marker_is_one_sentence(app, instance: Path) -> None:
    make_photo(make_user())
    (instance / "uploads" / ".gallery-storage").unlink()

    said = failed_start(instance)

    assert "is its disk mounted?" in said and said.count("\n") == 1
