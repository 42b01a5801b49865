"""Each limit of the jail is in force: on Linux a missing one fails here."""

import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gallery.imaging import missing_limits
from gallery.imaging.frames import LARGEST
from gallery.imaging.jail import jailed

from . import films
from .pictures import SIZES, encoded, heic, quarters, rendered

ROOT = Path(__file__).parents[2]

linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="this system has no such limit, and says so"
)


def said(work) -> str:
    """What `work` returned inside the jail, as text."""
    answer = jailed(lambda: [str(work()).encode()])
    assert not answer.killed, answer.killed
    return answer.frames[0].decode()


def error_of(act) -> str:
    """The name of the error that `act` meets inside the jail."""

    def work() -> str:
        try:
            act()
        except OSError as error:
            return os.strerror(error.errno or 0)
        return "none"

    return said(work)


@linux_only
def test_no_limit_is_missing() -> None:
    assert missing_limits() == []


@linux_only
def test_no_limit_is_missing_without_root_either() -> None:
    assert said(missing_limits) == "[]"


@linux_only
def test_memory_ends_where_it_is_told_to() -> None:
    # In a process of its own: one that has run many tests has mapped too much to tell.
    code = (
        "from gallery.imaging.jail import jailed\n"
        "for size in (300 << 20, 1200 << 20):\n"
        "    print(jailed(lambda: [bytes(bytearray(size)[:1])], memory=1 << 30).killed)"
    )

    within, beyond = subprocess.check_output([sys.executable, "-c", code], text=True).split("\n", 1)

    assert within == ""
    assert "memory" in beyond


@linux_only
def test_memory_ends_at_two_gib() -> None:
    answer = jailed(lambda: [bytes(bytearray(3 << 30)[:1])])

    assert "memory" in answer.killed


def test_spinning_is_stopped_by_processor_time() -> None:
    answer = jailed(spin, cpu=1)

    assert answer.killed == "This file took more than 1 seconds of computing to read."


def test_sleeping_is_stopped_by_the_clock() -> None:
    answer = jailed(lambda: [str(time.sleep(60)).encode()], seconds=0.3)

    assert answer.killed == "This file took longer than 0.3 seconds to read."


def test_no_file_can_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with (tmp_path / "there").open("wb", buffering=0) as file:
        answer = jailed(lambda: [str(refused(file.write, b"x")).encode()], keep=[file.fileno()])

    assert answer.frames == [b"File too large"]
    assert (tmp_path / "there").read_bytes() == b""


def test_descriptors_end_at_32() -> None:
    assert error_of(lambda: [os.dup(1) for _ in range(40)]) == "Too many open files"


def test_core_dumps_are_off() -> None:
    assert said(lambda: resource.getrlimit(resource.RLIMIT_CORE)) == "(0, 0)"


@linux_only
def test_there_is_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert error_of(lambda: socket.socket().connect(address)) == "Network is unreachable"


@linux_only
def test_privileges_cannot_be_gained() -> None:
    status = said(lambda: Path("/proc/self/status").read_text())

    assert "NoNewPrivs:\t1" in status
    assert "CapEff:\t0000000000000000" in status
    assert "CapPrm:\t0000000000000000" in status


def test_it_is_nobody() -> None:
    assert said(lambda: 0 in os.getresuid() + os.getresgid() + tuple(os.getgroups())) == "False"


def test_a_private_file_cannot_be_opened(tmp_path: Path) -> None:
    if os.getuid() != 0:
        tmp_path.chmod(0)  # its own user's rights are all that it has
    assert error_of(lambda: (tmp_path / "x").open("wb")) == "Permission denied"


def test_other_descriptors_are_closed() -> None:
    with socket.socketpair()[0] as secret, socket.socketpair()[0] as given:
        os.set_inheritable(secret.fileno(), True)
        numbers = [secret.fileno(), given.fileno()]
        answer = jailed(
            lambda: [json.dumps([not refused(os.fstat, n) for n in numbers]).encode()],
            keep=[given.fileno()],
        )

    assert json.loads(answer.frames[0]) == [False, True]


def test_it_cannot_write_on_our_output(capfd: pytest.CaptureFixture[str]) -> None:
    said(lambda: os.write(1, b"hello") + os.write(2, b"hello"))

    assert capfd.readouterr() == ("", "")


def test_what_it_forks_dies_with_it() -> None:
    reading, writing = os.pipe()
    answer = jailed(fork_for_ever, seconds=0.5, keep=[writing])
    os.close(writing)
    os.set_blocking(reading, True)

    assert answer.killed
    assert os.read(reading, 1) == b""  # the last who held the other end is gone
    os.close(reading)


@linux_only
def test_it_dies_when_its_parent_is_killed() -> None:
    program = (
        "import os, time; from gallery.imaging.jail import jailed\n"
        "def work():\n    os.write(1, b'%d\\n' % os.getpid())\n    time.sleep(60)\n    yield b''\n"
        "jailed(work, seconds=60, keep=[1])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
        # the pipe ends when the last who held it is gone
        ended, _, _ = select.select([parent.stdout], [], [], 10)
        if not ended:
            os.kill(child, signal.SIGKILL)

    assert ended


def test_no_zombie_stays() -> None:
    before = ended_children()
    jailed(spin, seconds=0.1)
    jailed(lambda: [b""])

    assert ended_children() <= before


def ended_children() -> set[str]:
    """Children of this process that ended and were not asked about, of other tests too."""
    children = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just gone
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if (state, parent) == ("Z", str(os.getpid())):
                children.add(stat.parent.name)
    return children


def test_a_crash_is_an_answer() -> None:
    answer = jailed(lambda: [os.kill(os.getpid(), signal.SIGSEGV) or b""])

    assert answer.killed == "This file made our reader break down."


def test_an_error_is_an_answer_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = jailed(lambda: [bytes(1 // 0)])

    assert answer.killed
    assert "ZeroDivisionError" in caplog.text


def test_frames_before_the_end_are_kept() -> None:
    def work() -> Iterator[bytes]:
        yield b"first"
        os.abort()

    assert jailed(work).frames == [b"first"]


@pytest.mark.parametrize("frames", [[bytes(LARGEST + 1)], [b""] * 100])
def test_an_endless_answer_is_cut(frames: list[bytes]) -> None:
    assert jailed(lambda: frames).killed


def test_largest_frame_arrives() -> None:
    assert jailed(lambda: [bytes(LARGEST)]).frames == [bytes(LARGEST)]


@linux_only
def test_rendering_leaves_no_thread_in_the_parent() -> None:
    program = (
        "import os, sys, gallery.imaging as i\n"
        "for _ in range(3):\n"
        "    r = i.render(0, variants={'a': i.Variant(height=20)})\n"
        "    print(r.outcome.value, len(os.listdir('/proc/self/task')))"
    )
    with tempfile.TemporaryFile() as file:
        file.write(encoded(quarters()))
        file.flush()
        output = subprocess.check_output([sys.executable, "-c", program], stdin=file, cwd=ROOT)

    assert output.split() == [b"ok", b"1"] * 3


def test_nothing_is_imported_once_rights_are_gone(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from gallery.imaging.develop import develop\n"
        "from gallery.imaging.jail import jailed\n"
        "from gallery.imaging import Variant\n"
        "sizes = {'a': Variant(height=20), 'b': Variant(height=20, format='webp')}\n"
        "def work(file):\n"
        "    before = set(sys.modules)\n"
        "    yield list(develop(file.fileno(), sizes, 1))[-1][:3]\n"
        "    yield ' '.join(set(sys.modules) - before).encode()\n"
        "for name in sys.argv[1:]:\n"
        "    with open(name, 'rb') as file:\n"
        "        print(jailed(lambda: work(file), keep=[file.fileno()]).frames[1:])\n"
    )
    names = []
    for format in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF"):
        names.append(tmp_path / format)
        names[-1].write_bytes(encoded(quarters(), format))
    made = {
        "heic": heic(quarters()),
        "film": films.plain_mp4(),
        "recording": films.with_id3_cover(films.mp3(), films.COVER),
    }
    for name, data in made.items():
        names.append(tmp_path / name)
        names[-1].write_bytes(data)
    damaged = tmp_path / "damaged"
    damaged.write_bytes(encoded(quarters(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")[:600])
    output = subprocess.check_output([sys.executable, "-c", program, *names, damaged], cwd=ROOT)

    assert output.split() == [b"[b'']"] * 10


def test_rendering_goes_on_and_on() -> None:
    data = encoded(quarters())

    assert {rendered(data, SIZES).outcome.value for _ in range(20)} == {"ok"}


def spin() -> Iterator[bytes]:
    while True:
        pass
    yield b""


def fork_for_ever() -> Iterator[bytes]:
    while True:
        if os.fork() == 0:
            time.sleep(0.02)
    yield b""


def refused(act, *arguments) -> str:
    try:
        act(*arguments)
    except OSError as error:
        return os.strerror(error.errno or 0)
    return ""
