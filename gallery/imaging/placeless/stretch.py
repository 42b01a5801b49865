"""A stretch of a file, read piece by piece: a film may be larger than the memory."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Literal

_PIECE = 1 << 20


class Stretch:
    """Bytes from `start` to `end` of a file; its own offsets begin at 0.

    Slices are cut off at its end, as those of bytes are.
    """

    def __init__(self, read: Callable[[int, int], bytes], start: int, end: int) -> None:
        self._read, self.start, self.end = read, start, end

    @classmethod
    def of_file(cls, fd: int) -> Stretch:
        """The whole of an open file."""
        return cls(lambda at, length: os.pread(fd, length, at), 0, os.fstat(fd).st_size)

    @classmethod
    def of_bytes(cls, data: bytes) -> Stretch:
        """Bytes that stand together only in memory."""
        return cls(lambda at, length: data[at : at + length], 0, len(data))

    def __len__(self) -> int:
        return self.end - self.start

    def __getitem__(self, part: slice) -> bytes:
        start, end, _ = part.indices(len(self))
        found = self._read(self.start + start, end - start) if start < end else b""
        if len(found) < end - start:  # it shrank under our hands, or the read was cut short
            raise OSError("This file could not be read to its end.")
        return found

    def part(self, start: int, end: int) -> Stretch:
        """What stands from `start` to `end`, no further than this goes."""
        start, end, _ = slice(max(start, 0), max(end, 0)).indices(len(self))
        return Stretch(self._read, self.start + min(start, end), self.start + end)

    def number(self, at: int, length: int, order: Literal["little", "big"] = "big") -> int:
        """The number of `length` bytes at `at`; past the end are zeros."""
        return int.from_bytes(self[at : at + length].ljust(length, b"\0"), order)

    def find(self, pattern: re.Pattern[bytes], at: int, longest: int) -> int | None:
        """Where the pattern, which matches at most `longest` bytes, is next met."""
        while at < len(self):
            found = pattern.search(self[at : at + _PIECE + longest - 1])
            if found is not None and found.start() < _PIECE:
                return at + found.start()
            at += _PIECE
        return None
