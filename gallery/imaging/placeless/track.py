"""Blanks the tracks of a film that tell where it went: of a GoPro, a drone, a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .boxes import Box, children
from .names import is_place
from .patch import MOST, Patch, Unclear, blank
from .stretch import Stretch

_SEEN = {b"vide", b"soun", b"tmcd", b"hint", b"auxv", b"pict", b"clcp", b"subp"}
_TEXT = {b"text", b"sbtl", b"subt"}
_TABLE = 500_000  # chunks or samples of a track that is read
# Drones write every second's place as a subtitle.
_PLACE = re.compile(rb"(?i)gps|latitude|longitude|altitude|\d\.\d{4}|\d\xb0|\xc2\xb0")


def patches(trak: Box, file: Stretch, *, is_whole: bool) -> Iterator[Patch]:
    """Patches of all samples of a track, if they may tell places; none of one seen or heard.

    :param file: where the samples stand.
    :param is_whole: whether that is certain: none stand in fragments.
    :raises Unclear: they can't be found.
    """
    media = children(_of(children(trak.body), b"mdia"))
    handler = _of(media, b"hdlr")[8:12]
    if handler in _SEEN:
        return
    if not is_whole:
        raise Unclear("Samples that may tell places are strewn over the film.")
    table = children(_of(children(_of(media, b"minf")), b"stbl"))
    said = _of(table, b"stsd")
    if said[12:16] == b"mebx" and not is_place(said[:].decode("latin-1").replace(":", ".")):
        return
    chunks = list(_chunks(table, file))
    if sum(map(len, chunks)) > MOST:
        raise Unclear("There is too much to be overwritten.")
    if handler in _TEXT and not any(
        _PLACE.search(chunk[:].replace(b"\0", b"")) for chunk in chunks
    ):
        return
    for chunk in chunks:
        yield from blank(chunk, 0, len(chunk))


def _of(parts: dict[bytes, Box], kind: bytes) -> Stretch:
    if kind not in parts:
        raise Unclear("A track lacks what it is made of.")
    return parts[kind].body


def _chunks(table: dict[bytes, Box], file: Stretch) -> Iterator[Stretch]:
    """Where the samples stand, as many together as stand together."""
    sizes = _sizes(table)
    wide = 8 if b"co64" in table else 4
    starts = _numbers(_of(table, b"co64" if wide == 8 else b"stco"), 8, wide)
    runs = _numbers(_of(table, b"stsc"), 8, 4, 3)
    ends = [*runs[3::3], len(starts) + 1]
    at = 0
    for run, end in enumerate(ends[: len(runs) // 3]):
        first, count = runs[3 * run], runs[3 * run + 1]
        for start in starts[max(first, 1) - 1 : end - 1]:
            length = sum(sizes[at : at + count])
            at += count
            if start + length > len(file):
                raise Unclear("A sample stands past the end.")
            yield file.part(start, start + length)
    if at != len(sizes):
        raise Unclear("Samples stand nowhere.")


def _sizes(table: dict[bytes, Box]) -> list[int]:
    if b"stz2" in table:
        raise Unclear("These sizes are written in a way that no camera does.")
    body = _of(table, b"stsz")
    one, count = body.number(4, 4), body.number(8, 4)
    if count > _TABLE:
        raise Unclear("There are too many samples.")
    return [one] * count if one else _numbers(body, 12, 4)


def _numbers(body: Stretch, at: int, wide: int, columns: int = 1) -> list[int]:
    count = body.number(at - 4, 4) * columns
    if count > _TABLE or at + count * wide > len(body):
        raise Unclear("A table is longer than its box.")
    data = body[at : at + count * wide]
    return [int.from_bytes(data[n : n + wide]) for n in range(0, len(data), wide)]
