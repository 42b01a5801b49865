"""One file to be read from anywhere, put together of many: nothing of it is ever made."""

import io
import zlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO, Protocol

from ..uploads.stores import Store

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE = 256 * 1024  # bytes


class Part(Protocol):
    """Some bytes, of which it is known how many they are."""

    size: int

    def read_into(self, view: memoryview, start: int) -> int:
        """Fill as much of a view as comes at once, from an offset on; return how much that is."""

    def close(self) -> None:
        """Let go of what was opened."""


class Told:
    """Bytes that are made when they are read, and not before."""

    __slots__ = ("_tell", "size")

    def __init__(self, size: int, tell: Callable[[], bytes]) -> None:
        self.size, self._tell = size, tell

    @property
    def crc(self) -> int:
        return zlib.crc32(self._tell())

    @property
    def known_crc(self) -> int | None:
        """What is told costs nothing to be asked for beforehand."""
        return self.crc

    def read_into(self, view: memoryview, start: int) -> int:
        piece = self._tell()[start : start + len(view)]
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """There is nothing to let go of."""


class Stored:
    """A file of a store; `patches` stand over bytes of it: where they begin, and which.

    Without its CRC, that is found while it goes out.
    """

    __slots__ = (
        *("size", "known_crc", "_store", "_filename", "_patches", "_file", "_at", "_running"),
    )

    def __init__(
        self,
        store: Store,
        filename: str,
        size: int,
        *,
        patches: Sequence[tuple[int, bytes]] = (),
        crc: int | None = None,
    ) -> None:
        self.size, self.known_crc = size, crc
        self._store, self._filename, self._patches = store, filename, patches
        self._file: BinaryIO | None = None
        self._at = 0
        # Of what was read in one go from the beginning; None after a leap.
        self._running: int | None = None

    @property
    def crc(self) -> int:
        """The CRC-32 of what goes out: known, met on the way, or read for that alone."""
        if self.known_crc is None:
            view, start = memoryview(bytearray(PIECE)), 0
            self.close()
            while start < self.size:
                start += self.read_into(view, start)
            self.close()
        return self.known_crc or 0

    def read_into(self, view: memoryview, start: int) -> int:
        """Fill a view from an offset on.

        :raises FileNotFoundError: when the file is gone.
        :raises EOFError: when it is shorter than was said.
        """
        if self._file is None or start != self._at:
            self.close()
            self._file = self._store.open(self._filename, start)
            self._at, self._running = start, None if start else 0
        # One that has grown meanwhile must not push what follows.
        piece = self._file.read(min(len(view), self.size - start))
        if not piece:
            raise EOFError(f"{self._filename} ends at byte {start} of {self.size}.")
        view[: len(piece)] = piece
        for offset, data in self._patches:
            first, last = max(offset, start), min(offset + len(data), start + len(piece))
            if first < last:
                view[first - start : last - start] = data[first - offset : last - offset]
        self._at += len(piece)
        if self.known_crc is None and self._running is not None:
            self._running = zlib.crc32(view[: len(piece)], self._running)
            if self._at == self.size:
                self.known_crc = self._running
        return len(piece)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class Spliced(io.RawIOBase):
    """Parts one behind the other, as a file that can be sought in."""

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self._parts = [part for part in parts if part.size]
        self._starts = list(accumulate((part.size for part in self._parts), initial=0))
        self.size = self._starts.pop()
        self._position = 0
        self._open: Part | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(base + offset, 0)
        return self._position

    def readinto(self, buffer: "WriteableBuffer") -> int:
        if self._position >= self.size:
            return 0
        number = bisect_right(self._starts, self._position) - 1
        part, start = self._parts[number], self._position - self._starts[number]
        if part is not self._open:
            self._let_go()
            self._open = part
        view = memoryview(buffer).cast("B")
        count = part.read_into(view[: part.size - start], start)
        self._position += count
        return count

    def _let_go(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def close(self) -> None:
        self._let_go()
        super().close()
