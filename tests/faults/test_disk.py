"""A full disk and a locked database: nothing is acknowledged that is not kept, the rest goes on."""

import contextlib
import os
import resource
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.kills import ask, family_of, originals
from tests.faults.conftest import Start
from tests.faults.person import Person
from tests.make import PASSWORD, jpeg
from tests.programs import Program

MB = 1_000_000
SMALL = jpeg((1600, 1200), seed=1)
LARGE = jpeg(seed=2) + bytes(20 * MB)  # it finds no room in memory
MIDDLE = jpeg(seed=3) + bytes(200_000)  # it is kept in memory until it gets its name

# How the photos stand that the worker has tried to make previews of, and after how many failures.
ENDED = """SELECT photos.state, tries FROM photos JOIN jobs ON target = photos.id
    WHERE finished_at IS NOT NULL ORDER BY photos.id"""


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own at this folder; the test is skipped where none can be mounted."""
    folder.mkdir(parents=True)
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(["mount", *options], capture_output=True).returncode:
        pytest.skip("Only root can mount a small disk, and not everywhere.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> None:
    """Leave no byte free."""
    with (disk / "filler").open("ab", buffering=0) as filler, contextlib.suppress(OSError):
        for size in (1 << 16, 1 << 12, 1 << 8, 1):
            with contextlib.suppress(OSError):
                while True:
                    filler.write(bytes(size))


def photo_of(person: Person, program: Program) -> str:
    """Upload a photo that stays, and return its page once its previews are made."""
    receipt = person.send(("small.jpg", SMALL))
    assert receipt.status == 303, receipt.text
    # Until then the worker takes room, and gives it back, whatever a test does to the disk.
    while ask(program.instance / "gallery.sqlite", "SELECT id FROM jobs WHERE state != 'done'"):
        time.sleep(0.1)
    page = person.get(receipt.place).text
    return "/p/" + page.partition('href="/p/')[2].partition('"')[0]


def assert_the_rest_goes_on(person: Person, photo: str) -> None:
    """Reading, deleting and signing in."""
    assert person.get("/photos").status == 200
    assert person.get(f"{photo}/download").data == SMALL
    assert person.submit(f"{photo}/trash").status == 303
    assert person.submit(f"{photo}/restore").status == 303
    again = Person(person.url).submit("/login", email=person.email, password=PASSWORD)
    assert (again.status, again.place) == (303, "/photos")


def assert_no_room_for(person: Person, program: Program, data: bytes) -> None:
    """It is said, by the answer or by its receipt, and nothing has a name."""
    before = originals(program.instance)

    answer = person.send(("cat.jpg", data))

    if answer.status == 303:
        receipt = person.get(answer.place).text
        assert "1 refused" in receipt and "no room" in receipt, receipt
    else:
        assert answer.status == 507 and "The disk is full" in answer.text, answer.text
    assert originals(program.instance) == before


def test_a_limit_on_the_size_of_files_is_a_full_disk(start: Start) -> None:
    program = start(DISK_RESERVE=0)
    person = Person(program.url).register()
    photo = photo_of(person, program)
    for pid in family_of(program.children()[0]):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (10 * MB, 10 * MB))

    assert_no_room_for(person, program, LARGE)

    assert_the_rest_goes_on(person, photo)
    assert person.send(("dog.jpg", MIDDLE)).status == 303


@pytest.mark.parametrize("data", [LARGE, MIDDLE], ids=["staged", "in memory"])
def test_uploads_on_a_full_disk_are_refused_and_the_rest_goes_on(
    start: Start, tmp_path: Path, data: bytes
) -> None:
    with small_disk(tmp_path / "instance" / "uploads", "8m") as disk:
        program = start(DISK_RESERVE=0)
        person = Person(program.url).register()
        photo = photo_of(person, program)
        fill(disk)

        assert_no_room_for(person, program, data)

        assert_the_rest_goes_on(person, photo)
        (disk / "filler").unlink()
        assert person.send(("dog.jpg", MIDDLE)).status == 303


def test_a_disk_without_inodes_is_a_full_disk(start: Start, tmp_path: Path) -> None:
    with small_disk(tmp_path / "instance" / "uploads", "8m,nr_inodes=40") as disk:
        program = start(DISK_RESERVE=0)
        person = Person(program.url).register()
        photo = photo_of(person, program)
        with contextlib.suppress(OSError):
            for number in range(40):
                (disk / f"filler-{number}").touch()

        assert_no_room_for(person, program, MIDDLE)

        assert_the_rest_goes_on(person, photo)


def test_with_the_database_on_the_full_disk_too_reading_goes_on(
    start: Start, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "instance", "24m") as disk:
        program = start(DISK_RESERVE=0)
        person = Person(program.url).register()
        photo = photo_of(person, program)
        # So long ago that the next page would like to write down that the session is in use.
        ask(disk / "gallery.sqlite", "UPDATE sessions SET seen_at = datetime('now', '-1 day')")
        fill(disk)

        assert_no_room_for(person, program, LARGE)

        assert person.get("/photos").status == 200
        assert person.get(f"{photo}/download").data == SMALL
        answer = person.submit(f"{photo}/trash")
        assert answer.status == 303 or "The disk is full" in answer.text
        (disk / "filler").unlink()
        assert_the_rest_goes_on(person, photo)


def test_a_photo_that_no_preview_has_room_for_is_not_broken(start: Start, tmp_path: Path) -> None:
    with small_disk(tmp_path / "instance" / "uploads", "8m") as disk:
        program = start(DISK_RESERVE=0)
        person = Person(program.url).register()
        photo = photo_of(person, program)
        another = jpeg((1600, 1200), seed=4)
        fill(disk)
        filler = disk / "filler"
        os.truncate(filler, filler.stat().st_size - len(another) - 12_000)

        assert person.send(("cat.jpg", another)).status == 303
        while len(ended := ask(program.instance / "gallery.sqlite", ENDED)) < 2:
            time.sleep(0.1)

        assert ended[1] == ("pending", 0)
        assert_the_rest_goes_on(person, photo)


@pytest.fixture
def locked(start: Start) -> Iterator[tuple[Person, sqlite3.Connection]]:
    """Somebody signed in, and another process that has locked the database."""
    program = start(DISK_RESERVE=0)
    person = Person(program.url).register()
    database = sqlite3.connect(program.instance / "gallery.sqlite", isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    yield person, database
    database.close()


def test_an_upload_to_a_locked_database_is_told_to_come_back(locked) -> None:
    person, database = locked
    begin = time.monotonic()

    answer = person.send(("cat.jpg", SMALL))
    assert person.get("/photos").status == 200

    assert time.monotonic() - begin < 7  # busy_timeout, and two seconds
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    database.execute("ROLLBACK")
    assert "Your photos will live here" in person.get("/photos").text
    assert person.send(("cat.jpg", SMALL)).status == 303
