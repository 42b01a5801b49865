"""A set's whole life, in any order: what was returned is there, and nothing else has a name."""

import contextlib
import hashlib
import io
import os
import posixpath
import random
import re
import resource
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from werkzeug.datastructures import FileStorage

from gallery.uploads import (
    ALL,
    Saved,
    StorageFull,
    UploadConfiguration,
    UploadNotAllowed,
    UploadSet,
    parts,
)
from gallery.uploads.exceptions import UnsafePath

from .support import at_once, listing
from .test_races import ENGINE, FILE_SYSTEMS, FileSystem, Replacing, die_before, in_child
from .test_spool import spool_of

# What is asked for, and what it is called then: few enough that they meet again and again.
NAMES = {
    "cat.jpg": "cat.jpg",
    "cat_1.JPG": "cat_1.jpg",
    ".jpg": "file.jpg",
    "e\u0301te\u0301.tar.gz": "été.tar.gz",
    "写真": "写真",
}
FOLDERS = {"": "", "写真": "写真", "/写真//cat.jpg/": "写真/cat.jpg"}
SIZES = [0, 5, 400_000]  # in memory, and over a spool's threshold
PART = re.compile(r"(.+/)?\.part-[0-9a-f]{16}")

some = settings(deadline=None, derandomize=True, max_examples=24, stateful_step_count=40)
many = settings(
    deadline=None,
    database=None,
    print_blob=True,
    max_examples=400,
    stateful_step_count=60,
    suppress_health_check=[HealthCheck.too_slow],
)


class Dribbling(io.BytesIO):
    """A body that arrives in pieces, and breaks off where it is told to."""

    end: int | None = None

    def read(self, size: int | None = -1) -> bytes:
        if self.end is not None and self.tell() >= self.end:
            raise ConnectionResetError
        return super().read(100_000 if size is None or size < 0 else min(size, 100_000))


@dataclass(frozen=True)
class Order:
    """A save that is asked for, and the file system it meets."""

    filename: str
    folder: str
    is_in_name: bool
    is_spooled: bool
    replaces: bool
    size: int
    system: FileSystem

    @property
    def key(self) -> str:
        """What it is called if nothing else is."""
        return posixpath.join(FOLDERS[self.folder], NAMES[self.filename])

    @property
    def place(self) -> dict[str, str]:
        if self.is_in_name:
            return {"name": f"{self.folder}/{self.filename}"}
        return {"folder": self.folder}

    def file(self, body: bytes, staging: Path) -> FileStorage:
        stream = spool_of(body, staging) if self.is_spooled else Dribbling(body)
        return FileStorage(stream, self.filename)

    def fits(self, key: str) -> bool:
        """Whether it may be called so: by its own name, or with a number."""
        stem, ext = posixpath.splitext(self.key)
        number = "" if self.replaces else r"(_\d+)?"
        return re.fullmatch(re.escape(stem) + number + re.escape(ext), key) is not None


ORDERS = st.builds(
    Order,
    filename=st.sampled_from([*NAMES]),
    folder=st.sampled_from([*FOLDERS]),
    is_in_name=st.booleans(),
    is_spooled=st.booleans(),
    replaces=st.booleans(),
    size=st.sampled_from(SIZES),
    system=st.sampled_from(FILE_SYSTEMS),
)
PLAIN = ORDERS.filter(lambda order: order.size and not order.is_spooled)


def take_nothing(spool, name):
    raise UploadNotAllowed("not today")


class Life(RuleBasedStateMachine):
    """A set over a real folder, and a memory of it: ``files`` have a name, ``parts`` a hidden one.

    What a killed process leaves is taken over into them, once it was looked at.
    """

    names = Bundle("names")
    receipts = Bundle("receipts")

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.folder = Path(self.home.name).resolve() / "photos"
        self.files: dict[str, bytes] = {}
        self.parts: set[str] = set()
        self.bodies = random.Random(0)
        self.restart()

    def teardown(self) -> None:
        self.home.cleanup()

    @rule()
    def restart(self) -> None:
        self.photos = UploadSet("photos", ALL)
        self.replacing = Replacing("photos", ALL)
        self.picky = UploadSet("photos", ALL, checks=[take_nothing])
        for uset in (self.photos, self.replacing, self.picky):
            uset._config = UploadConfiguration(self.folder)

    @rule(targets=(names, receipts), order=ORDERS, times=st.integers(1, 2))
    def save(self, order: Order, times: int):
        body = self.bodies.randbytes(order.size)
        if self.is_in_the_way(order):
            with pytest.raises(UnsafePath):
                self.ask(order, body)
            return multiple()
        saved = self.ask(order, body, times)
        for each in saved:
            assert (each.size, each.sha256) == (len(body), hashlib.sha256(body).hexdigest())
            self.keep(each, order, body)
        return multiple(*saved)

    @rule(target=names, order=ORDERS)
    def crowd(self, order: Order):
        if self.is_in_the_way(order):
            return multiple()
        bodies = [self.bodies.randbytes(order.size) for _ in range(3)]
        with order.system.at_work():
            saved = at_once(3, lambda number: (number, *self.publish(order, bodies[number])))
        assert len(saved) == 3
        if order.replaces:  # who came last cannot be told beforehand
            last = bodies.index((self.folder / order.key).read_bytes())
            saved = [(last, order.key)]
        for number, name in sorted(saved, key=lambda pair: pair[1] != order.key):
            self.keep(name, order, bodies[number])
        return multiple(*(name for _, name in saved))

    @rule(name=names)
    def delete(self, name: str) -> None:
        self.photos.delete(name)
        self.files.pop(name, None)

    @rule(receipt=consumes(receipts))
    def discard(self, receipt: Saved) -> None:
        receipt.discard()
        self.files.pop(receipt, None)

    @rule(name=names, start=st.integers(0, 10), length=st.integers(0, 10))
    def read(self, name: str, start: int, length: int) -> None:
        store = self.photos.config.store
        if name not in self.files:
            assert store.stat(name) is None
            with pytest.raises(FileNotFoundError):
                store.open(name)
            return
        with store.open(name, start, start + length) as file:
            assert file.read() == self.files[name][start : start + length]

    @rule(order=ORDERS)
    def break_off(self, order: Order) -> None:
        stream = Dribbling(self.bodies.randbytes(order.size))
        stream.end = order.size // 2
        with order.system.at_work(), pytest.raises(ConnectionResetError):
            self.photos.save(FileStorage(stream, order.filename), **order.place)

    @rule(order=ORDERS)
    def refuse(self, order: Order) -> None:
        with (
            order.system.at_work(),
            contextlib.closing(order.file(b"a body", self.folder)) as file,
            pytest.raises(UploadNotAllowed),
        ):
            self.picky.save(file, **order.place)

    @rule(order=PLAIN, share=st.floats(0, 1, exclude_max=True))
    def fill_the_disk(self, order: Order, share: float) -> None:
        body, room = self.bodies.randbytes(order.size), int(order.size * share)
        expected = (StorageFull, UnsafePath) if self.is_in_the_way(order) else StorageFull

        def save() -> str:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            with pytest.raises(expected):
                self.ask(order, body)
            return "refused"

        assert in_child(save) == "refused"

    @rule(target=names, order=ORDERS, line=st.integers(1, 400))
    def crash(self, order: Order, line: int):
        return self.killed(order, line, ENGINE)

    @rule(target=names, order=ORDERS, line=st.integers(1, 60))
    def crash_while_it_gets_its_name(self, order: Order, line: int):
        return self.killed(order, line, {parts.__file__})

    @invariant()
    def what_was_returned_is_there_byte_for_byte(self) -> None:
        inodes = set()
        for name, body in self.files.items():
            with self.photos.open(name) as file:
                is_same = file.read() == body
                inodes.add(os.fstat(file.fileno()).st_ino)
            assert is_same, name
        assert len(inodes) == len(self.files)

    @invariant()
    def nothing_else_has_a_name(self) -> None:
        assert set(listing(self.folder)) == self.files.keys() | self.parts
        assert set(self.photos.config.store.list("")) == self.files.keys()

    def killed(self, order: Order, line: int, files: set[str]):
        """The names there are after a process ran a save up to a line of these files."""
        body = self.bodies.randbytes(order.size)

        def save() -> str:
            die_before(line, files)
            with contextlib.suppress(UnsafePath):
                return self.ask(order, body)[0]
            return ""

        if said := in_child(save):
            self.keep(said, order, body)
            return said
        self.restart()
        return multiple(*self.take_stock(order, body))

    def ask(self, order: Order, body: bytes, times: int = 1) -> list[Saved]:
        with order.system.at_work():
            return self.publish(order, body, times)

    def publish(self, order: Order, body: bytes, times: int = 1) -> list[Saved]:
        """Save it, through one FileStorage that somebody has read from before."""
        uset = self.replacing if order.replaces else self.photos
        with contextlib.closing(order.file(body, self.folder)) as file:
            file.read(3)
            return [uset.save(file, **order.place) for _ in range(times)]

    def is_in_the_way(self, order: Order) -> bool:
        """Whether a file has the name of its folder, or a folder the name to be replaced."""
        above = {str(folder) for folder in PurePosixPath(order.key).parents}
        is_folder = order.replaces and (self.folder / order.key).is_dir()
        return is_folder or not above.isdisjoint(self.files)

    def is_taken(self, order: Order) -> bool:
        return order.key in self.files or (self.folder / order.key).is_dir()

    def keep(self, name: str, order: Order, body: bytes) -> None:
        """Remember what was returned: its own name if that was free, else one that was."""
        if not order.replaces:
            assert name not in self.files if self.is_taken(order) else name == order.key
        assert order.fits(name)
        self.files[name] = body

    def take_stock(self, order: Order, body: bytes) -> list[str]:
        """Take over what a killed save left: at most one file, whole, and what may be hidden."""
        found = set(listing(self.folder))
        hidden = {name for name in found - self.parts if PART.fullmatch(name)}
        replaces = order.replaces and self.is_taken(order)
        assert len(hidden) <= order.system.unfinished(replaces=replaces)
        contents = {name: (self.folder / name).read_bytes() for name in found - hidden - self.parts}
        changed = [name for name, content in contents.items() if content != self.files.get(name)]
        for name in changed:
            # Without links an empty file reserves the name.
            is_reserved = not order.system.links and name not in self.files
            assert contents[name] == body or (is_reserved and contents[name] == b"")
            self.keep(name, order, contents[name])
        assert len(changed) <= 1
        self.parts |= hidden
        return changed


twice = pytest.mark.parametrize(
    "tried", [some, pytest.param(many, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)


@twice
def test_what_was_returned_is_there_and_nothing_else_has_a_name(tried):
    run_state_machine_as_test(Life, settings=tried)
