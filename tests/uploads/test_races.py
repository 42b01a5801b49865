"""Many at once, in threads and in processes; and the one that is killed in the middle."""

import contextlib
import functools
import hashlib
import itertools
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest
from werkzeug.datastructures import FileStorage

from gallery.uploads import ALL, UploadConfiguration, UploadSet, parts, spool, stores

from .support import listing
from .test_spool import LARGE, SMALL, refuse_links, refuse_unnamed_files, spool_of

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}

SAVER = """
import hashlib, io, os, sys, threading
from gallery.uploads import IMAGES, UploadConfiguration, UploadSet
from werkzeug.datastructures import FileStorage

photos = UploadSet("photos", IMAGES)
photos._config = UploadConfiguration(sys.argv[1])
sys.stdin.readline()

def save():
    for number in range(25):
        body = os.urandom(1000 if number % 5 else 300_000)
        name = photos.save(FileStorage(io.BytesIO(body), "cat.jpg"))
        print(name + " " + hashlib.sha256(body).hexdigest() + "\\n", end="", flush=True)

threads = [threading.Thread(target=save) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""

KILLED = """
import io, sys, time
from gallery.uploads import ALL, UploadConfiguration, UploadSet
from werkzeug.datastructures import FileStorage

class Slow(io.BytesIO):
    def read(self, size=-1):
        if self.tell() > 2_000_000:
            print("half", flush=True)
            time.sleep(60)
        return super().read(size)

files = UploadSet("files", ALL)
files._config = UploadConfiguration(sys.argv[1])
files.save(FileStorage(Slow(bytes(9_000_000)), "film.mp4"), folder="ada")
"""


ENGINE = {spool.__file__, stores.__file__, parts.__file__}  # where the disk is touched


@dataclass(frozen=True)
class FileSystem:
    """What a file system can do; ours can do both, so that others are made of it."""

    unnamed: bool = True
    links: bool = True

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            if not self.unnamed:
                refuse_unnamed_files(patch)
            if not self.links:
                refuse_links(patch)
            yield

    def unfinished(self, *, replaces: bool) -> int:
        """How many hidden files one kill may leave behind: nameless ones go with the process."""
        return (not self.unnamed) + (replaces or not self.links)


FILE_SYSTEMS = [FileSystem(*can) for can in itertools.product([True, False], repeat=2)]


class Replacing(UploadSet):
    def resolve_conflict(self, target_folder, basename):
        return basename


def in_child(act: Callable[[], str]) -> str | None:
    """What an act answers in a process of its own; None if that was killed before it could."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        answer(act, writer)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), said
    return None if code else said


def answer(act: Callable[[], str], writer: int) -> None:
    try:
        os.write(writer, act().encode())
        os._exit(0)
    except BaseException:
        os.write(writer, traceback.format_exc().encode())
    finally:
        os._exit(1)


def die_before(line: int, files: set[str] = ENGINE) -> None:
    """Have this process killed before the so-manieth line that it runs in these files."""
    lines = itertools.count(1)

    def trace(frame: FrameType, event: str, _: object):
        if frame.f_code.co_filename not in files:
            return None
        if event == "line" and next(lines) == line:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def start(program: str, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def test_three_processes_of_four_threads_lose_and_tear_nothing(tmp_path):
    savers = [start(SAVER, tmp_path) for _ in range(3)]
    for saver in savers:
        saver.stdin.write("go\n")
        saver.stdin.flush()
    saved = [line.split() for saver in savers for line in saver.communicate()[0].splitlines()]

    assert len(saved) == 300 == len({name for name, _ in saved})
    for name, digest in saved:
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    assert sorted(name for name, _ in saved) == listing(tmp_path)


def test_a_process_killed_in_the_middle_of_a_save_leaves_nothing(tmp_path):
    with start(KILLED, tmp_path) as saver:
        assert saver.stdout.readline() == "half\n"
        saver.send_signal(signal.SIGKILL)

    assert listing(tmp_path) == []


def saves_killed(
    folder: Path, system: FileSystem, old: bytes | None, body: bytes
) -> Iterator[tuple[bytes | None, int]]:
    """What one name has, and how many hidden files there are, for each line to be killed before."""
    said = None
    for line in itertools.count(1):
        if said is not None:
            return
        below = folder / str(line)
        below.mkdir()
        if old is not None:
            (below / "cat.jpg").write_bytes(old)
        said = in_child(functools.partial(save_until, line, below, system, body))
        left = {name: (below / name).read_bytes() for name in listing(below)}
        yield left.pop("cat.jpg", None), len(left)
        assert all(name.startswith(".part-") for name in left)


def save_until(line: int, folder: Path, system: FileSystem, body: bytes) -> str:
    photos = Replacing("photos", ALL)
    photos._config = UploadConfiguration(folder)
    die_before(line, {parts.__file__})
    with system.at_work(), contextlib.closing(spool_of(body, folder)) as stream:
        return photos.save(FileStorage(stream, "cat.jpg"))


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("old", [None, b"old"], ids=["new", "replacing"])
@pytest.mark.parametrize("system", FILE_SYSTEMS, ids=str)
def test_killed_before_any_line_it_leaves_the_whole_file_or_what_was(tmp_path, system, old, body):
    found = list(saves_killed(tmp_path, system, old, body))

    # Without links an empty file reserves the name: there, and only there, a kill may leave it.
    reserved = {b""} if old is None and not system.links else set()
    assert {content for content, _ in found} == {old, body} | reserved
    assert max(hidden for _, hidden in found) == system.unfinished(replaces=old is not None)
    assert found[-1] == (body, 0)
