"""The bytes of an upload on their way: first in memory, then in a file without a name."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import zlib
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app
from werkzeug.datastructures import FileStorage

from .exceptions import full_disk_noticed
from .parts import Part, opened, unlinked_on_error

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

THRESHOLD = 256 * 1024  # so that 900 small parts of one request do not take 900 descriptors
HEAD = 4096
CHUNK = 1024 * 1024
PEEK = 1024


@dataclass
class Digest:
    """A running sha256 and CRC-32, and how many bytes they have seen.

    :param size: how many bytes.
    :param sha256: what runs.
    :param crc32: what runs beside it, at less than half the price: what a zip wants to know.
    """

    size: int = 0
    sha256: hashlib._Hash = field(default_factory=hashlib.sha256)
    crc32: int = 0

    def update(self, view: ReadableBuffer) -> None:
        """Take in the bytes that follow.

        :param view: the bytes.
        """
        self.sha256.update(view)
        self.crc32 = zlib.crc32(view, self.crc32)
        self.size += memoryview(view).nbytes


class Spool(io.RawIOBase):
    """One uploaded body: it only grows, and knows its ``size``, ``head``, ``sha256`` and ``crc32``.

    It reads and seeks like any binary file. What is not published is gone once it is closed.

    :param staging: the folder for a body over the threshold; made if it is missing.
    :param threshold: how many bytes stay in memory.

    >>> with Spool(folder) as spool:
    ...     spool.write(b"a cat")
    ...     spool.size, spool.head
    5
    (5, b'a cat')
    """

    def __init__(self, staging: str, threshold: int = THRESHOLD) -> None:
        super().__init__()
        self.size = 0
        self.head = b""
        self.digest = Digest()
        self._staging = staging
        self._threshold = threshold
        self._memory = bytearray()
        self._part: Part | None = None
        self._parked: tuple[Part, int] | None = None
        self._is_published = False
        self._position = 0

    @classmethod
    def of(cls, storage: FileStorage, staging: str | None = None) -> Spool:
        """The spool of an uploaded file; any other stream is rewound and copied into one, once.

        :param storage: the uploaded file; its ``stream`` is the spool afterwards.
        :param staging: the folder for a large copy when the application names none.
        :raises StorageFull: if there is no room for the copy.
        """
        stream = storage.stream
        if isinstance(stream, Spool):
            return stream
        with contextlib.suppress(AttributeError, OSError):  # a pipe cannot be rewound
            stream.seek(0)
        with contextlib.ExitStack() as unfinished, full_disk_noticed():
            spool = unfinished.enter_context(contextlib.closing(cls(staging_folder(staging))))
            while chunk := stream.read(CHUNK):
                spool.write(chunk)
            unfinished.pop_all()
        spool.seek(0)
        storage.stream = spool  # type: ignore[assignment]
        return spool

    @classmethod
    def reopened(cls, folder: int, name: str, digest: Digest | None = None) -> Spool:
        """The spool of a file that arrives in several goes; what is written is added to it.

        Its name stays, closed or published: whoever gave it the name takes it away.

        :param folder: the open folder that has it.
        :param name: one path segment.
        :param digest: what is known of its digest; the rest is read again when it is asked for.
        :raises OSError: if there is no such file.
        """
        spool = cls(staging_folder())
        spool._part = Part.kept(folder, name)
        spool.size = spool._position = os.fstat(spool._part.fd).st_size
        spool.head = spool._bytes(0, HEAD)
        if digest is not None and digest.size <= spool.size:
            spool.digest = digest
        return spool

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, in hexadecimal."""
        return self._caught_up().sha256.hexdigest()

    @property
    def crc32(self) -> int:
        """The CRC-32 of what was written so far."""
        return self._caught_up().crc32

    def _caught_up(self) -> Digest:
        while self.digest.size < self.size:
            self.digest.update(self._bytes(self.digest.size, CHUNK))
        return self.digest

    def write(self, data: ReadableBuffer, /) -> int:
        """Add bytes at the end.

        :param data: the bytes.
        :raises io.UnsupportedOperation: anywhere else, or once it is published.
        :raises ValueError: if it is closed.
        :raises OSError: if the disk is full or fails.
        """
        self._must_be_open()
        if not self.writable() or self._position != self.size:
            raise io.UnsupportedOperation("A spool only grows, until it is published.")
        view = memoryview(data).cast("B")
        if self._part is None and self.size + len(view) > self._threshold:
            os.makedirs(self._staging, exist_ok=True)
            with opened(self._staging) as folder:
                self._part = self._spilled(folder)
        if self._part is None:
            self._memory += view
        else:
            self._part.write(view, self.size)
        if self.digest.size == self.size:
            self.digest.update(view)
        self.head += view[: HEAD - len(self.head)]
        self.size += len(view)
        self._position = self.size
        return len(view)

    def publish(self, dirfd: int, name: str, replace: bool = False, sync: bool = False) -> None:
        """Give the bytes a name: whole, or not at all.

        Published again, they become a second file of its own.

        :param dirfd: the open folder to publish in.
        :param name: one path segment.
        :param replace: take the place of a file of this name, atomically.
        :param sync: return only when file and name would survive a power cut.
        :raises FileExistsError: if the name is taken and is not to be replaced.
        :raises OSError: if the disk refuses; nothing of ours has the name then.
        """
        self._must_be_open()
        if self._part is None:
            self._part = self._spilled(dirfd)
        with contextlib.closing(self._candidates(dirfd)) as candidates:
            for part in candidates:
                if sync:
                    os.fsync(part.fd)
                if part.place(dirfd, name, replace=replace):
                    break
        self._is_published = True
        if sync:
            with contextlib.nullcontext() if replace else unlinked_on_error(name, dirfd):
                os.fsync(dirfd)

    @property
    def is_in_memory(self) -> bool:
        """Whether it has taken nothing but memory so far."""
        return self._part is None and self._parked is None

    def park(self, part: Part, offset: int) -> int:
        """Let go of its memory; a body that has a file of its own already stays there.

        :param part: the file that many small bodies share, open until this spool is closed.
        :param offset: where in it this body goes.
        :return: where the next one may go.
        :raises OSError: if the disk is full or fails.
        """
        if not self.is_in_memory:
            return offset
        part.write(memoryview(self._memory), offset)
        self._memory, self._parked = bytearray(), (part, offset)
        return offset + self.size

    def _candidates(self, dirfd: int) -> Generator[Part]:
        """The file itself, a copy in the folder's file system, a copy that can be renamed."""
        if self._part is not None and not self._is_published:
            yield self._part
        for renames in (False, True):
            with contextlib.closing(Part(dirfd, renames=renames)) as part:
                for start in range(0, self.size, CHUNK):
                    part.write(memoryview(self._bytes(start, CHUNK)), start)
                yield part

    def _spilled(self, folder: int) -> Part:
        part = Part(folder)
        try:
            part.write(memoryview(self._bytes(0, self.size)), 0)
        except OSError:
            part.close()
            raise
        self._memory, self._parked = bytearray(), None
        return part

    def _bytes(self, start: int, length: int) -> bytes:
        self._must_be_open()
        if self._part is not None:
            return os.pread(self._part.fd, length, start)
        if self._parked is not None:
            part, offset = self._parked
            return os.pread(part.fd, max(0, min(length, self.size - start)), offset + start)
        return bytes(self._memory[start : start + length])

    def _must_be_open(self) -> None:
        if self.closed:  # the number of its descriptor may be another file's by now
            raise ValueError("I/O operation on closed file.")

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read as :class:`io.RawIOBase` does."""
        view = memoryview(buffer).cast("B")
        data = self._bytes(self._position, len(view))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def readall(self) -> bytes:
        """The rest, in one read."""
        return self.read(max(self.size - self._position, 0)) or b""

    def peek(self, size: int = 0, /) -> bytes:
        """Some bytes from here on, without moving; what makes reading by lines quick.

        :param size: how many at least.
        """
        return self._bytes(self._position, max(size, PEEK))

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move as :class:`io.RawIOBase` does.

        :raises ValueError: before the start.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Where the next read begins."""
        return self._position

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def writable(self) -> bool:
        """Until it is parked or published."""
        return not self._is_published and self._parked is None

    def close(self) -> None:
        """Let go of the bytes; what was published stays."""
        if not self.closed and self._part is not None:
            self._part.close()
        self._memory = bytearray()
        super().close()


def staging_folder(otherwise: str | None = None) -> str:
    """Where large bodies wait: UPLOADS_STAGING, else the first local destination.

    :param otherwise: the folder to take when no application names one, if it is absolute.
    :return: an absolute folder; the system's temporary one as the last resort.
    """
    if current_app:
        configured = current_app.config.get("UPLOADS_STAGING")
        # A list, made in one go: another thread may be adding sets.
        configs = list(getattr(current_app, "upload_set_config", {}).values())
        folders = (config.destination for config in configs)
        local = (folder for folder in folders if os.path.isabs(folder))  # and no bucket
        if folder := configured or next(local, None):
            return os.path.abspath(str(folder))
    return otherwise if otherwise and os.path.isabs(otherwise) else tempfile.gettempdir()
