"""What stands in a file's place once it tells no place: bytes of equal length."""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .stretch import Stretch

MOST = 32 << 20  # bytes that are overwritten in one file; an hour's track of positions fits
_COUNT = 200_000  # patches of one file
_PIECE = 1 << 20
_HEAD = struct.Struct("!QI")


@dataclass(frozen=True)
class Patch:
    """Bytes that stand in a download at `offset`, in place of as many of the original's."""

    offset: int
    data: bytes


class Unclear(Exception):
    """This can't be followed to its end, so nobody can say that it tells no place."""


def blank(stretch: Stretch, start: int, end: int, by: bytes = b"\0") -> Iterator[Patch]:
    """Patches that leave nothing of what stands from `start` to `end`.

    :param by: the byte that is repeated there.
    :raises Unclear: the stretch ends before.
    """
    for at in range(start, end, _PIECE):
        length = min(_PIECE, end - at)
        old = stretch[at : at + length]
        if len(old) < length:
            raise Unclear("It ends before it should.")
        if old != by * length:
            yield Patch(stretch.start + at, by * length)


def applied(data: bytes, patches: Iterable[Patch]) -> bytes:
    """The bytes as they are with the patches in place."""
    changed = bytearray(data)
    for patch in patches:
        changed[patch.offset : patch.offset + len(patch.data)] = patch.data
    return bytes(changed)


def patched(file: Stretch, patches: list[Patch]) -> Stretch:
    """The file as it is with the patches in place, which are in order."""
    ends = [patch.offset + len(patch.data) for patch in patches]

    def read(at: int, length: int) -> bytes:
        data = bytearray(file[at : at + length])
        for patch in patches[bisect_right(ends, at) :]:
            if patch.offset >= at + length:
                break
            piece = patch.data[max(0, at - patch.offset) : at + length - patch.offset]
            start = max(0, patch.offset - at)
            data[start : start + len(piece)] = piece
        return bytes(data)

    return Stretch(read, 0, len(file))


def spread(found: Iterator[Patch], pieces: list[Stretch]) -> Iterator[Patch]:
    """The patches of what was joined from pieces, each where its piece stands in the file."""
    for patch in found:
        at = 0
        for piece in pieces:
            first = max(patch.offset, at)
            data = patch.data[first - patch.offset : max(0, at + len(piece) - patch.offset)]
            if data:
                yield Patch(piece.start + first - at, data)
            at += len(piece)


def or_blank(stretch: Stretch, patches: Iterator[Patch]) -> Iterator[Patch]:
    """The patches of a stretch, or where it can't be followed, nothing left of it.

    :raises Unclear: there is too much of it.
    """
    try:
        found = bounded(patches)
    except Unclear:
        found = bounded(blank(stretch, 0, len(stretch)))
    yield from found


def bounded(patches: Iterator[Patch]) -> list[Patch]:
    """All of the patches.

    :raises Unclear: they are more than a file may have.
    """
    found, length = [], 0
    for patch in patches:
        found.append(patch)
        length += len(patch.data)
        if length > MOST or len(found) > _COUNT:
            raise Unclear("There is too much to be overwritten.")
    return found


def settled(patches: Iterator[Patch]) -> list[Patch]:
    """The patches in order, none of which overlaps another: of two, the first stays whole.

    :raises Unclear: they are more than a file may have.
    """
    settled: list[Patch] = []
    end = 0
    for patch in sorted(bounded(patches), key=lambda each: each.offset):
        data = patch.data[max(0, end - patch.offset) :]
        if data:
            start = max(end, patch.offset)
            settled.append(Patch(start, data))
            end = start + len(data)
    return settled


def packed(patches: Iterable[Patch]) -> bytes:
    """Patches as bytes; they are blanks for the most part, and so take next to no room."""
    parts = [_HEAD.pack(patch.offset, len(patch.data)) + patch.data for patch in patches]
    return zlib.compress(b"".join(parts), 1)


def unpacked(data: bytes) -> list[Patch]:
    """The patches that `packed` packed.

    :raises ValueError: it did not pack these: they are too many, or not in order.
    """
    room = MOST + _COUNT * _HEAD.size
    try:
        inflating = zlib.decompressobj()
        whole = inflating.decompress(data, room + 1)
    except zlib.error as error:
        raise ValueError("These are no patches.") from error
    if not inflating.eof:
        raise ValueError("These patches break off.")
    patches, at, end = [], 0, 0
    while at < len(whole) <= room:
        if at + _HEAD.size > len(whole):
            raise ValueError("These patches break off.")
        offset, length = _HEAD.unpack_from(whole, at)
        at += _HEAD.size + length
        if offset < end or not length or at > len(whole):
            raise ValueError("These patches are out of order.")
        patches.append(Patch(offset, whole[at - length : at]))
        end = offset + length
    if at != len(whole):
        raise ValueError("These patches are too many.")
    return patches
