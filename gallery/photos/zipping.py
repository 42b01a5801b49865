"""Lays out a zip of files as they are, so that it can be sent from any byte of it on.

No library does that: zipfile and zipstream-ng write a zip from its beginning, and a download of
20 GB that breaks would begin anew. The format is PKWARE's APPNOTE.TXT 6.3.10, of it method 0
(stored), names in UTF-8, and ZIP64 where a number is too large without.
"""

import datetime as dt
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from .splicing import Part, Spliced, Stored, Told

MOST, MOST_FILES = 0xFFFFFFFF, 0xFFFF
SOME = 100  # entries that are made at once
UTF8, CRC_FOLLOWS = 0x800, 0x8
PLAIN, ZIP64 = 20, 45  # the version that is needed to unpack it
UNIX, MODE = 3 << 8, 0o100644 << 16


# A name that no other has, the bytes, and what the clock showed when they were made.
Named = tuple[str, Stored | Told, dt.datetime]


# A zip may have a hundred thousand of them, and is laid out for each request.
@dataclass(frozen=True, slots=True)
class Member:
    """A file of a zip, which begins so many bytes into it."""

    name: bytes
    stored: Stored | Told
    moment: dt.datetime
    offset: int
    # Of a file whose CRC was not known when the zip was laid out: it stands behind the bytes.
    crc_follows: bool

    @property
    def is_large(self) -> bool:
        return self.stored.size >= MOST

    @property
    def header_size(self) -> int:
        return 30 + len(self.name) + 20 * self.is_large

    def header(self) -> bytes:
        """4.3.7, the local file header."""
        size = self.stored.size
        extra = struct.pack("<2H2Q", 1, 16, size, size) if self.is_large else b""
        said = MOST if self.is_large else size
        crc = 0 if self.crc_follows else self.stored.crc
        sizes = (crc, said, said, len(self.name), len(extra))
        return struct.pack("<4s5H3L2H", b"PK\3\4", *self._kind(), *sizes) + self.name + extra

    def descriptor(self) -> bytes:
        """4.3.9, the data descriptor."""
        size = self.stored.size
        sizes = "<4sL2Q" if self.is_large else "<4s3L"
        return struct.pack(sizes, b"PK\7\x08", self.stored.crc, size, size)

    @property
    def entry_size(self) -> int:
        extra = 16 * self.is_large + 8 * (self.offset >= MOST)
        return 46 + len(self.name) + (4 + extra if extra else 0)

    def entry(self) -> bytes:
        """4.3.12, the file's header in the central directory."""
        size, offset = self.stored.size, self.offset
        large = [*([size, size] if self.is_large else []), *([offset] if offset >= MOST else [])]
        extra = struct.pack(f"<2H{len(large)}Q", 1, 8 * len(large), *large) if large else b""
        said = MOST if self.is_large else size
        sizes = (self.stored.crc, said, said, len(self.name), len(extra), 0, 0, 0)
        start = struct.pack("<4sH", b"PK\1\2", UNIX | self._kind()[0])
        rest = struct.pack("<5H3L5H2L", *self._kind(), *sizes, MODE, min(offset, MOST))
        return start + rest + self.name + extra

    def _kind(self) -> tuple[int, int, int, int, int]:
        at = self.moment
        version = ZIP64 if self.is_large or self.offset >= MOST else PLAIN
        flags = UTF8 | (CRC_FOLLOWS if self.crc_follows else 0)
        clock = at.hour << 11 | at.minute << 5 | at.second // 2
        day = min(max(at.year - 1980, 0), 127) << 9 | at.month << 5 | at.day
        return version, flags, 0, clock, day


def zip_of(files: Sequence[Named]) -> Spliced:
    """Return a zip of files; the same ones give the same bytes each time."""
    parts: list[Part] = []
    members: list[Member] = []
    offset = 0
    for name, stored, moment in files:
        member = Member(name.encode(), stored, moment, offset, stored.known_crc is None)
        members.append(member)
        added: list[Part] = [Told(member.header_size, member.header), stored]
        if member.crc_follows:
            added.append(Told(24 if member.is_large else 16, member.descriptor))
        parts += added
        offset += sum(part.size for part in added)
    return Spliced([*parts, *_directory(members, offset)])


def _directory(members: Sequence[Member], offset: int) -> list[Part]:
    """4.3.12 to 4.3.16; of what is in it only CRCs may still be unknown."""
    pieces = [members[start : start + SOME] for start in range(0, len(members), SOME)]
    entries: list[Part] = [
        Told(sum(member.entry_size for member in some), partial(_entries, some)) for some in pieces
    ]
    size, count = sum(entry.size for entry in entries), len(members)
    end = b""
    if count >= MOST_FILES or size >= MOST or offset >= MOST:
        numbers = (44, ZIP64, ZIP64, 0, 0, count, count, size, offset)
        end += struct.pack("<4sQ2H2L4Q", b"PK\6\6", *numbers)
        end += struct.pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
    count, size, offset = min(count, MOST_FILES), min(size, MOST), min(offset, MOST)
    end += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)
    return [*entries, Told(len(end), lambda: end)]


def _entries(members: Sequence[Member]) -> bytes:
    return b"".join(member.entry() for member in members)
