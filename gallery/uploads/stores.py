"""Where files are kept: what any store can do, and the store that is a local folder."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat as modes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from .exceptions import N_, UnsafePath
from .parts import opened
from .spool import Spool

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TRAVERSAL = N_("Security: Path traversal attempt detected")
LONGEST_SEGMENT = 255

Enter = Callable[[int, str], int]  # an open folder and a name below it -> that folder, open


@dataclass(frozen=True)
class Stat:
    """What a store knows of a file without reading it.

    :param size: how many bytes it has.
    :param mtime: when it was written, in seconds since the epoch (UTC).
    :param etag: a tag that changes with the file.

    >>> Stat(5, 0.0, "a-tag").size
    5
    """

    size: int
    mtime: float
    etag: str


class Store(Protocol):
    """A place for files; a key is a clean relative path such as ``ada/cat.jpg``.

    :mod:`.testing` holds the contract that every store must pass.

    >>> store: Store = LocalStore(folder)
    >>> store.stat("ada/cat.jpg") is None
    True
    """

    def put(self, part: Spool, key: str, *, replace: bool = False, type: str) -> None:
        """Keep the bytes under a key, whole or not at all.

        :param type: their MIME type, for stores that serve files themselves.
        :param part: the bytes.
        :param key: a clean relative path.
        :param replace: take the place of a file that has the key.
        :raises FileExistsError: if the key is taken and is not to be replaced.
        :raises UnsafePath: if the key is none, or leads out of the store.
        """

    def open(self, key: str, start: int = 0, stop: int | None = None) -> BinaryIO:
        """The bytes from ``start`` up to ``stop``.

        :param key: a clean relative path.
        :param start: where to begin.
        :param stop: where to end; the end of the file by default.
        :raises FileNotFoundError: if there is no such file.
        """

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with a prefix, in no particular order.

        :param prefix: how they begin; ``""`` for all.
        """

    def stat(self, key: str) -> Stat | None:
        """Size and age of a file; None if there is no such file.

        :param key: a clean relative path.
        """

    def delete(self, key: str) -> None:
        """Remove a file; it is no error if there is none.

        :param key: a clean relative path.
        """

    def url(
        self, key: str, *, expires: int | None = None, download: str | None = None
    ) -> str | None:
        """Where a client gets the file from the store itself; None if it cannot.

        :param key: a clean relative path.
        :param expires: for how many seconds the URL is good.
        :param download: the name to store the file under, instead of showing it.
        """


class LocalStore:
    """A folder on this machine, which never makes a symlink nor follows one inside it.

    :param root: the folder, made when first needed.
    :param sync: let nothing be acknowledged that a power cut could take away.

    >>> with Spool(folder) as spool:
    ...     spool.write(b"a cat")
    ...     LocalStore(folder).put(spool, "ada/cat.txt", type="text/plain")
    5
    >>> list(LocalStore(folder).list("ada/"))
    ['ada/cat.txt']
    """

    def __init__(self, root: str | os.PathLike[str], *, sync: bool = False) -> None:
        self.root = os.path.abspath(root)
        self.sync = sync
        self._is_rooted = False

    def put(self, part: Spool, key: str, *, replace: bool = False, type: str) -> None:
        """As :meth:`Store.put`; the type is told by the name."""
        *folders, name = segments(key)
        self._make_root()
        with self._folder(folders, self._enter_or_make) as folder:
            try:
                part.publish(folder, name, replace, self.sync)
            except IsADirectoryError as error:
                raise UnsafePath(N_("A folder has the name of the file")) from error

    def open(self, key: str, start: int = 0, stop: int | None = None) -> BinaryIO:
        """As :meth:`Store.open`."""
        with self._found(key) as (folder, name):
            file = os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder), "rb")
        file.seek(start)
        return file if stop is None else io.BufferedReader(_Slice(file, stop - start))

    def list(self, prefix: str) -> Iterator[str]:
        """As :meth:`Store.list`; nothing for a prefix that leads out of the folder."""
        above, slash, _ = prefix.rpartition("/")
        with contextlib.suppress(FileNotFoundError, UnsafePath):
            folders = segments(above) if slash else []
            with self._folder(folders, _enter) as folder:
                for path, below, names, fd in os.fwalk(".", dir_fd=folder):
                    below[:] = [name for name in below if not name.startswith(".")]
                    for name in names:
                        key = above + slash + os.path.join(path, name)[2:]
                        if key.startswith(prefix) and _is_name(name) and _is_file(name, fd):
                            yield key

    def stat(self, key: str) -> Stat | None:
        """As :meth:`Store.stat`."""
        try:
            with self._found(key) as (folder, name):
                facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return Stat(facts.st_size, facts.st_mtime, f"{facts.st_mtime_ns:x}-{facts.st_size:x}")

    def delete(self, key: str) -> None:
        """As :meth:`Store.delete`."""
        with contextlib.suppress(FileNotFoundError), self._found(key) as (folder, name):
            os.unlink(name, dir_fd=folder)

    def url(
        self, key: str, *, expires: int | None = None, download: str | None = None
    ) -> str | None:
        """As :meth:`Store.url`: None, for it is the application that serves local files."""
        return None

    @contextlib.contextmanager
    def _found(self, key: str) -> Iterator[tuple[int, str]]:
        """The open folder and the name of a file that is there."""
        try:
            *folders, name = segments(key)
            with self._folder(folders, _enter) as folder:
                if not _is_file(name, folder):
                    raise FileNotFoundError(key)
                yield folder, name
        except UnsafePath as error:
            raise FileNotFoundError(key) from error

    @contextlib.contextmanager
    def _folder(self, names: Iterable[str], enter: Enter) -> Iterator[int]:
        fd = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for name in names:
                above, fd = fd, enter(fd, name)
                os.close(above)
            yield fd
        finally:
            os.close(fd)

    def _enter_or_make(self, above: int, name: str) -> int:
        with contextlib.suppress(FileNotFoundError):
            return _enter(above, name)
        with contextlib.suppress(FileExistsError):  # another upload made it meanwhile
            os.mkdir(name, dir_fd=above)
        if self.sync:
            os.fsync(above)
        return _enter(above, name)

    def _make_root(self) -> None:
        if not os.path.isdir(self.root):
            self._is_rooted = False
            try:
                os.makedirs(self.root, exist_ok=True)
            except FileExistsError as error:  # a file; it must not read as "the name is taken"
                raise NotADirectoryError(self.root) from error
        if self.sync and not self._is_rooted:
            _sync_parents(self.root)
            self._is_rooted = True


class _Slice(io.RawIOBase):
    def __init__(self, file: BinaryIO, length: int) -> None:
        super().__init__()
        self.file = file
        self.left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        data = self.file.read(max(0, min(len(view), self.left)))
        view[: len(data)] = data
        self.left -= len(data)
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()


def segments(key: str) -> list[str]:
    """The folders and the name of a key.

    :param key: a relative path.
    :raises UnsafePath: if it is none.
    """
    names = key.split("/")
    if not all(_is_name(name) for name in names):
        raise UnsafePath(TRAVERSAL)
    if any(len(name.encode()) > LONGEST_SEGMENT for name in names):
        raise UnsafePath(N_("The file's name is too long"))
    return names


def _is_name(text: str) -> bool:
    """Whether it may be one of ours: no dot before it, no "..", and letters that UTF-8 has."""
    is_text = not any("\ud800" <= char <= "\udfff" for char in text)
    return is_text and text != "" and not text.startswith(".") and "\0" not in text


def _enter(above: int, name: str) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
    except OSError as error:
        if error.errno not in (errno.ENOTDIR, errno.ELOOP):
            raise
        facts = os.stat(name, dir_fd=above, follow_symlinks=False)
        is_link = modes.S_ISLNK(facts.st_mode)
        raise UnsafePath(
            TRAVERSAL if is_link else N_("A file has the name of the folder")
        ) from error


def _sync_parents(path: str) -> None:
    """Make the way to a folder durable, whoever made it, up to where its disk begins."""
    device = os.stat(path).st_dev
    while (above := os.path.dirname(path)) != path and os.stat(above).st_dev == device:
        with contextlib.suppress(PermissionError), opened(above) as fd:
            os.fsync(fd)
        path = above


def _is_file(name: str, folder: int) -> bool:
    try:
        return modes.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False
