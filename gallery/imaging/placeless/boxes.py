"""Walks the boxes of which files of the ISO family are made: MP4, MOV, HEIC, AVIF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .patch import Patch, Unclear, blank
from .stretch import Stretch

_BOXES = 100_000


@dataclass(frozen=True)
class Box:
    """A box: its kind, all of it, and what it holds."""

    kind: bytes
    whole: Stretch
    body: Stretch


def boxes(part: Stretch) -> Iterator[Box]:
    """The boxes of which a part is made.

    :raises Unclear: they can't be followed to its end.
    """
    at = 0
    for _ in range(_BOXES):
        head = part[at : at + 16]
        if len(head) < 8:
            if head.strip(b"\0"):  # QuickTime ends a list with a zero
                raise Unclear("A box breaks off.")
            return
        length, start = int.from_bytes(head[:4]), 8
        if length == 0 and head == bytes(len(head)) and not part[at:].strip(b"\0"):
            return
        if length == 1:
            length, start = int.from_bytes(head[8:]), 16
        elif length == 0:  # as far as there is anything
            length = len(part) - at
        if length < start or at + length > len(part):
            raise Unclear("A box breaks off.")
        yield Box(head[4:8], part.part(at, at + length), part.part(at + start, at + length))
        at += length
    raise Unclear("There are too many boxes.")


def freed(box: Box) -> Iterator[Patch]:
    """A box that every reader passes over, with nothing in it."""
    if box.kind not in (b"free", b"skip"):
        yield Patch(box.whole.start + 4, b"free")
    yield from blank(box.body, 0, len(box.body))


def children(part: Stretch) -> dict[bytes, Box]:
    """The first box of each kind.

    :raises Unclear: as `boxes` does.
    """
    found: dict[bytes, Box] = {}
    for box in boxes(part):
        found.setdefault(box.kind, box)
    return found
