"""Blanks in the directories of EXIF, and of TIFF, everything that tells a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from . import iptc, xmp
from .names import is_marked
from .patch import Patch, Unclear, blank, or_blank
from .stretch import Stretch

_DIRECTORIES, _ENTRIES = 100, 20_000
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_DIRECTORY = 13  # the type of a pointer to one
_GPS, _POINTERS = 0x8825, {0x8769, 0xA005, 0x014A, 0x0190}
_MAKE, _NOTE = 0x010F, 0x927C
_XMP, _IPTC, _PHOTOSHOP = 700, 33723, 34377
_MATTER = _POINTERS | {_GPS, _NOTE, _XMP, _IPTC, _PHOTOSHOP}
_THUMBNAIL, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_STRIPS, _STRIP_LENGTHS = 0x0111, 0x0117
# GeoTIFF's tags, GDAL's words, another note in a DNG, and the room Windows leaves for old values.
_BLANKED = {33550, 33920, 33922, 34264, 34735, 34736, 34737, 42112, 42113, 0xC634, 0xEA1C}
# Panasonic's notes hold city and landmark, Nikon's, Samsung's, Pentax', Casio's and Kodak's a
# location of their own, DJI's and others nobody has described: so all go but those known to hold
# none. Canon's has the city of its clock's zone, which the offset of the date says as well.
_NOTES_KEPT, _MAKES_KEPT = (b"Apple iOS\0", b"FUJIFILM"), (b"Canon",)


def patches(block: Stretch) -> Iterator[Patch]:
    """Patches of an EXIF block, from its TIFF header on.

    What no entry points to goes too: editors leave old places behind.

    :raises Unclear: it can't be followed to its end.
    """
    walk = _Walk(block)
    yield from walk.patches()
    end = 8
    for start, stop in sorted(walk.kept):
        yield from blank(block, end, start)
        end = max(end, min(stop, len(block)))
    yield from blank(block, end, len(block))


def tiff(file: Stretch) -> Iterator[Patch]:
    """Patches of a TIFF, whose pixels stand wherever they like.

    :raises Unclear: it can't be followed to its end.
    """
    yield from _Walk(file).patches()


class _Walk:
    """A walk through all directories.

    :ivar kept: from where to where something stands that an entry speaks of.
    """

    def __init__(self, block: Stretch) -> None:
        orders: dict[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
        order = orders.get(block[:4])
        if order is None:
            raise Unclear("This is no directory.")
        self._block, self._order = block, order
        self._entries = 0
        self._make = b""
        self._todo: list[tuple[int, bool]] = []
        self.kept: list[tuple[int, int]] = []

    def patches(self) -> Iterator[Patch]:
        self._todo = [(self._number(4, 4), False)]
        seen = {(0, False), (0, True)}  # a pointer to nowhere
        while self._todo:
            directory = self._todo.pop(0)
            if directory in seen:
                continue
            seen.add(directory)
            at, is_gps = directory
            end = at + 2 + 12 * self._number(at, 2)
            self._entries += (end - at) // 12
            if at + 2 > end or end > len(self._block):
                raise Unclear("A directory reaches past the end.")
            if len(seen) > _DIRECTORIES or self._entries > _ENTRIES:
                raise Unclear("There are too many directories.")
            self.kept.append((at, end + 4))
            yield from self._gps(at, end) if is_gps else self._directory(at, end)

    def _gps(self, at: int, end: int) -> Iterator[Patch]:
        """A directory of no entries is what is left, with all its values gone."""
        for entry in range(at + 2, end, 12):
            if self._block[entry : entry + 12].strip(b"\0"):
                _, _, start, stop = self._entry(entry)
                yield from blank(self._block, start, stop)
        yield from blank(self._block, at, end)

    def _directory(self, at: int, end: int) -> Iterator[Patch]:
        pictures: dict[int, list[int]] = {}
        for entry in range(at + 2, end, 12):
            tag, kind, start, stop = self._entry(entry, unknown=True)
            if stop > len(self._block) and tag not in _MATTER:
                continue  # cameras do write such
            self.kept.append((start, stop))
            if tag == _GPS or tag in _POINTERS or kind == _DIRECTORY:
                self._todo += [(each, tag == _GPS) for each in self._numbers(kind, start, stop)]
            elif tag in (_THUMBNAIL, _THUMBNAIL_LENGTH, _STRIPS, _STRIP_LENGTHS):
                pictures[tag] = self._numbers(kind, start, stop)
            elif tag == _MAKE:
                self._make = self._make or self._block[start:stop]
            else:
                yield from self._value(tag, start, stop)
        if end + 4 <= len(self._block):
            self._todo.append((self._number(end, 4), False))
        yield from self._pictures(pictures)

    def _value(self, tag: int, start: int, stop: int) -> Iterator[Patch]:
        if stop > len(self._block) and tag != _NOTE:  # notes are cut off by many an editor
            raise Unclear("A value reaches past the end.")
        value = self._block.part(start, stop)
        if tag == _XMP:
            yield from xmp.patches(value)
        elif tag == _IPTC:
            yield from or_blank(value, iptc.patches(value))
        elif tag == _PHOTOSHOP:
            yield from or_blank(value, iptc.resources(value))
        elif tag in _BLANKED or (tag == _NOTE and not self._is_harmless(value)):
            yield from blank(value, 0, len(value))

    def _is_harmless(self, note: Stretch) -> bool:
        return note[:10].startswith(_NOTES_KEPT) or self._make.startswith(_MAKES_KEPT)

    def _pictures(self, told: dict[int, list[int]]) -> Iterator[Patch]:
        """A thumbnail with a place of its own goes."""
        strips = zip(told.get(_STRIPS, []), told.get(_STRIP_LENGTHS, []), strict=False)
        self.kept += [(start, start + length) for start, length in strips]
        for start, length in zip(
            told.get(_THUMBNAIL, []), told.get(_THUMBNAIL_LENGTH, []), strict=False
        ):
            self.kept.append((start, start + length))
            thumbnail = self._block.part(start, start + length)
            if is_marked(thumbnail[:]):
                yield from blank(thumbnail, 0, len(thumbnail))

    def _entry(self, at: int, *, unknown: bool = False) -> tuple[int, int, int, int]:
        """Its tag, its type, and from where to where its value stands."""
        tag, kind = self._number(at, 2), self._number(at + 2, 2)
        if kind not in _SIZES and not unknown:
            raise Unclear("A value is of no known type.")
        length = _SIZES.get(kind, 1) * self._number(at + 4, 4)
        start = at + 8 if length <= 4 else self._number(at + 8, 4)
        if start + length > len(self._block) and not unknown:
            raise Unclear("A value reaches past the end.")
        return tag, kind, start, start + length

    def _numbers(self, kind: int, start: int, stop: int) -> list[int]:
        size = _SIZES.get(kind, 4)
        if stop > len(self._block) or (stop - start) // size > _ENTRIES:
            raise Unclear("A pointer reaches past the end.")
        return [self._number(at, size) for at in range(start, stop, size)]

    def _number(self, at: int, length: int) -> int:
        return self._block.number(at, length, self._order)
