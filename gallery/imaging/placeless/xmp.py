"""Blanks in an XMP packet every property that may tell a place, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from .names import is_place
from .patch import Patch, Unclear, blank
from .stretch import Stretch

MOST = 32 << 20  # bytes of one packet; depth maps take a dozen MiB

_EMPTY = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
)
_ATTRIBUTE = re.compile(rb"""\s([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_TAG = re.compile(rb"""<[^\s<>"'/]+(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
# Pictures within the packet, by Google's cameras and Adobe's thumbnails: they have EXIF of theirs.
_PICTURES = {"Data", "image"}


def patches(packet: Stretch) -> Iterator[Patch]:
    """Patches of a packet; one that is not plain XML is emptied.

    :raises Unclear: it is too large to be read.
    """
    if len(packet) > MOST:
        raise Unclear("This packet is too large.")
    data = packet[:]
    try:
        places = _Places(data.rstrip(b"\0")).found
    except (expat.ExpatError, LookupError, ValueError, Unclear):  # two are of strange encodings
        yield from _emptied(packet, data)
        return
    for start, end in places:
        yield from blank(packet, start, end, b" ")


def _emptied(packet: Stretch, data: bytes) -> Iterator[Patch]:
    new = _EMPTY.ljust(len(data)) if len(data) >= len(_EMPTY) else b" " * len(data)
    if data.strip(b"\0 ") and data != new:
        yield Patch(packet.start, new)


class _Places:
    """Where in a packet, from which byte to which, a place is told."""

    def __init__(self, data: bytes) -> None:
        self.found: list[tuple[int, int]] = []
        self._data = data
        self._within = 0  # elements, of the one that goes
        self._since: int | None = None
        if b"\0" in data:  # UTF-16 and its like, which nearly nobody writes
            raise Unclear("This packet is not in UTF-8.")
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = _refuse
        if data.strip():
            self._parser.Parse(data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._within:
            self._within += 1
        elif _goes(name):
            self._within = 1
            at, tag = self._tag()
            self._since = None if tag[1] else at
            if tag[1]:  # it ends here, and no end tag will say so
                self.found.append((at, tag.end()))
        elif any(map(_goes, attributes)):
            at, tag = self._tag()
            for found in _ATTRIBUTE.finditer(self._data, at, tag.end()):
                if _goes(found[1].decode("utf-8", "replace")):
                    self.found.append(found.span())

    def _end(self, name: str) -> None:
        if not self._within:
            return
        self._within -= 1
        if not self._within and self._since is not None:
            end = self._data.find(b">", self._parser.CurrentByteIndex) + 1
            self.found.append((self._since, end))

    def _tag(self) -> tuple[int, re.Match[bytes]]:
        at = self._parser.CurrentByteIndex
        tag = _TAG.match(self._data, at)
        if tag is None:
            raise Unclear("This packet is not in a plain encoding.")
        return at, tag


def _goes(name: str) -> bool:
    if name.startswith("xmlns"):  # what is left may need it
        return False
    return is_place(name) or name.rpartition(":")[2] in _PICTURES


def _refuse(*_: object) -> None:
    raise Unclear("A packet has no document type.")  # which could hide a place in an entity
