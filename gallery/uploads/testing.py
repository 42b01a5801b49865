"""For tests: a stand-in for an uploaded file, and the contract that every store must pass."""

import contextlib
import errno
import hashlib
import os
import secrets
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import IO

from werkzeug.datastructures import FileStorage, Headers

from .exceptions import UploadError
from .spool import Spool
from .stores import Store

MIB = 1024 * 1024
MEMORY = 16 * MIB  # what a store may take for a body, however large
HOUR = 3600  # seconds that a server's clock may be wrong
BINARY = "application/octet-stream"


class TestingFileStorage(FileStorage):
    """An uploaded file that only remembers where it would have been saved, in ``saved``.

    :param stream: its bytes; none by default.
    :param filename: the client's name for it.
    :param name: the name of the form field.
    :param content_type: what the client says it is.
    :param content_length: how long the client says it is.
    :param headers: ignored.

    >>> photos, file = UploadSet("photos", IMAGES), TestingFileStorage(filename="cat.jpg")
    >>> photos._config = UploadConfiguration("/photos")
    >>> photos.save(file), file.saved
    ('cat.jpg', '/photos/cat.jpg')
    """

    __test__ = False  # pytest would collect it by its name

    def __init__(
        self,
        stream: IO[bytes] | None = None,
        filename: str | None = None,
        name: str | None = None,
        content_type: str = "application/octet-stream",
        content_length: int = -1,
        headers: Headers | None = None,
    ) -> None:
        super().__init__(stream, filename, name, content_type, content_length)
        self.saved: str | None = None

    def save(self, dst: str | os.PathLike[str] | IO[bytes], buffer_size: int = 16384) -> None:
        """Remember the destination.

        :param dst: the path.
        :param buffer_size: ignored.
        :raises RuntimeError: if it is anything but a path in a string.
        """
        if not isinstance(dst, str):
            raise RuntimeError("dst currently has to be a `str`")
        self.saved = dst


class BrokenContract(AssertionError):
    """A store does not do what every store must."""


def lint(store: Store) -> None:
    """Hold a store against the whole contract; what was made for it is deleted again.

    A store of one's own needs no more than this test, on the server it is for::

        def test_our_store_keeps_the_contract():
            lint(OurStore("photos", "for/tests"))

    To have a test for each clause, parametrize one with ``CONTRACT``, and call ``clause(store)``.

    :param store: the store to try, with room for 64 MiB; it may have files already.
    :raises BrokenContract: with the clause it breaks.
    """
    for clause in CONTRACT:
        clause(store)


def keeps_every_byte(store: Store) -> None:
    """What was put under a key, nested and in any script, is what is read from it."""
    with _keys(store) as new:
        for size in (0, 5, 300_000):
            key, body = new("写真/Ada/"), secrets.token_bytes(size)
            _put(store, key, body)
            _expect(_read(store, key) == body, keeps_every_byte)


def refuses_a_taken_key(store: Store) -> None:
    """Without ``replace`` a taken key raises FileExistsError, and keeps what it has."""
    with _keys(store) as new:
        key = new()
        _put(store, key, b"first")
        _expect(not _wins(store, key, b"second"), refuses_a_taken_key)
        _expect(_read(store, key) == b"first", refuses_a_taken_key)


def replaces_when_told(store: Store) -> None:
    """With ``replace`` the new bytes and tag are there, whether the key was taken or not."""
    with _keys(store) as new:
        key, tags = new(), set[str]()
        for body in (b"first", b"second, and longer", b"3rd"):
            _put(store, key, body, replace=True)
            facts = store.stat(key)
            _expect(facts is not None and facts.etag not in tags, replaces_when_told)
            tags |= {facts.etag} if facts else set()
            _expect(_read(store, key) == body, replaces_when_told)


def lets_one_of_sixteen_win(store: Store) -> None:
    """Of sixteen that put under one key at once one wins, and its bytes stay."""
    with _keys(store) as new:
        key, won, start = new(), list[bytes](), threading.Barrier(16)

        def race(body: bytes) -> None:
            start.wait()
            if _wins(store, key, body):
                won.append(body)

        bodies = [bytes([number]) * 100_000 for number in range(16)]
        threads = [threading.Thread(target=race, args=(body,)) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        _expect(won == [_read(store, key)], lets_one_of_sixteen_win)


def takes_one_body_twice(store: Store) -> None:
    """One body put under two keys makes two files, and deleting one leaves the other."""
    with _keys(store) as new, _spool(b"body" * 100_000) as spool:
        first, second = new(), new()
        for key in (first, second):
            store.put(spool, key, type=BINARY)
        store.delete(first)
        _expect(_read(store, second) == b"body" * 100_000, takes_one_body_twice)


def reads_from_the_middle(store: Store) -> None:
    """``open`` gives the bytes from ``start`` up to ``stop``, or to the end."""
    with _keys(store) as new:
        key = new()
        _put(store, key, b"0123456789")
        _expect(_read(store, key, 3) == b"3456789", reads_from_the_middle)
        _expect(_read(store, key, 3, 6) == b"345", reads_from_the_middle)
        _expect(_read(store, key, 8, 99) == b"89", reads_from_the_middle)
        _expect(_read(store, key, 6, 6) == _read(store, key, 10) == b"", reads_from_the_middle)
        _expect(_read(store, key, 99) == b"", reads_from_the_middle)


def says_what_it_has(store: Store) -> None:
    """``stat`` tells size, age and tag, and ``list`` the keys with a prefix and no others."""
    with _keys(store) as new:
        folder = f"{secrets.token_hex(8)}-写真/"
        keys = {new(folder), new(folder + "deeper/")}
        other = new()
        for key in (*keys, other):
            _put(store, key, b"12345")
        facts = store.stat(other)
        _expect(facts is not None and facts.size == 5 and facts.etag != "", says_what_it_has)
        _expect(facts is not None and abs(facts.mtime - time.time()) < HOUR, says_what_it_has)
        _expect(set(store.list(folder)) == keys, says_what_it_has)
        _expect(list(store.list(other[:12])) == [other], says_what_it_has)
        _expect({*keys, other} <= set(store.list("")), says_what_it_has)


def says_what_is_missing(store: Store) -> None:
    """For a missing key ``open`` raises FileNotFoundError, ``stat`` is None, ``delete`` content."""
    with _keys(store) as new:
        key = new("nowhere/")
        store.delete(key)
        _expect(store.stat(key) is None, says_what_is_missing)
        _expect(_is_missing(store, key), says_what_is_missing)
        _put(store, key, b"now it is there")
        store.delete(key)
        _expect(store.stat(key) is None, says_what_is_missing)


def stays_inside(store: Store) -> None:
    """A key that leads out is refused by ``put``, and is simply missing for everybody else."""
    for key in ("../out.txt", "/out.txt", "a/../../out.txt", "a//b.txt", ".hidden", "", "a/", "."):
        try:
            _put(store, key, b"out")
        except ValueError:
            store.delete(key)
            _expect(store.stat(key) is None and _is_missing(store, key), stays_inside)
        else:
            _expect(False, stays_inside)


def leaves_nothing_of_a_broken_body(store: Store) -> None:
    """A body that cannot be read to its end is an error; its key stays free, or what it was."""
    with _keys(store) as new:
        key = new()
        _expect(_fails_halfway(store, key), leaves_nothing_of_a_broken_body)
        is_free = store.stat(key) is None and _wins(store, key, b"whole")
        _expect(is_free, leaves_nothing_of_a_broken_body)
        _expect(_fails_halfway(store, key, replace=True), leaves_nothing_of_a_broken_body)
        is_whole = not _is_missing(store, key) and _read(store, key) == b"whole"
        _expect(is_whole, leaves_nothing_of_a_broken_body)


def takes_little_memory(store: Store, size: int = 64 * MIB) -> None:
    """A large body is put and read in pieces: what Python takes for it stays below 16 MiB.

    :param size: how large a body, in bytes.
    """
    with _keys(store) as new, contextlib.closing(Spool(tempfile.gettempdir())) as spool:
        key, piece = new(), secrets.token_bytes(MIB)
        while spool.size < size:
            spool.write(piece[: size - spool.size])
        tracemalloc.start()
        try:
            store.put(spool, key, type=BINARY)
            digest = _digest(store, key)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        _expect(digest == spool.sha256 and peak < MEMORY, takes_little_memory)


CONTRACT: tuple[Callable[[Store], None], ...] = (
    keeps_every_byte,
    refuses_a_taken_key,
    replaces_when_told,
    lets_one_of_sixteen_win,
    takes_one_body_twice,
    reads_from_the_middle,
    says_what_it_has,
    says_what_is_missing,
    stays_inside,
    leaves_nothing_of_a_broken_body,
    takes_little_memory,
)


class _Broken(Spool):
    """A body on a disk that fails behind the middle."""

    def _bytes(self, start: int, length: int) -> bytes:
        if start + length > self.size // 2:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super()._bytes(start, length)


@contextlib.contextmanager
def _keys(store: Store) -> Iterator[Callable[..., str]]:
    made: list[str] = []

    def new(folder: str = "") -> str:
        made.append(f"{folder}{secrets.token_hex(8)}.bin")
        return made[-1]

    try:
        yield new
    finally:
        for key in made:
            store.delete(key)


@contextlib.contextmanager
def _spool(body: bytes) -> Iterator[Spool]:
    with contextlib.closing(Spool(tempfile.gettempdir())) as spool:
        spool.write(body)
        yield spool


def _put(store: Store, key: str, body: bytes, *, replace: bool = False) -> None:
    with _spool(body) as spool:
        store.put(spool, key, replace=replace, type=BINARY)


def _wins(store: Store, key: str, body: bytes) -> bool:
    try:
        _put(store, key, body)
    except FileExistsError:
        return False
    return True


def _fails_halfway(store: Store, key: str, *, replace: bool = False) -> bool:
    with contextlib.closing(_Broken(tempfile.gettempdir())) as broken:
        broken.write(bytes(200_000))
        try:
            store.put(broken, key, replace=replace, type=BINARY)
        except (OSError, UploadError):
            return True
    return False


def _read(store: Store, key: str, start: int = 0, stop: int | None = None) -> bytes:
    with store.open(key, start, stop) as file:
        return file.read()


def _digest(store: Store, key: str) -> str:
    digest = hashlib.sha256()
    with store.open(key) as file:
        while piece := file.read(MIB):
            digest.update(piece)
    return digest.hexdigest()


def _is_missing(store: Store, key: str) -> bool:
    try:
        store.open(key).close()
    except FileNotFoundError:
        return True
    return False


def _expect(holds: bool, clause: Callable[[Store], None]) -> None:
    if not holds:
        raise BrokenContract(f"{clause.__name__}: {clause.__doc__}")
