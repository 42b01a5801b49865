"""Blanks the places in what a box named `meta` speaks of: a HEIC's items, a film's tags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import exif, xmp
from .boxes import Box, boxes, children, freed
from .names import is_marked, is_place
from .patch import Patch, Unclear, blank, or_blank, spread
from .stretch import Stretch

_ITEMS = 10_000
_LONGEST = 32 << 20  # bytes of an item that is read
# Items by which a picture is shown; of the others we know two, and the rest goes.
_PIXELS = {
    *(b"hvc1", b"av01", b"avc1", b"vvc1", b"lhv1", b"hvt1", b"j2k1", b"unci", b"mski"),
    *(b"grid", b"iovl", b"iden", b"tmap"),
}


@dataclass
class _Item:
    kind: bytes = b""
    says: bytes = b""  # the type of its content, where its kind is mime
    pieces: list[Stretch] = field(default_factory=list)


def patches(meta: Box, file: Stretch) -> Iterator[Patch]:
    """Patches of such a box, and of what it points to in the file.

    :raises Unclear: it can't be followed.
    """
    is_short = meta.body[4:8] == b"hdlr"  # as QuickTime writes it
    body = meta.body if is_short else meta.body.part(4, len(meta.body))
    for box in boxes(body):
        if box.kind in (b"xml ", b"bxml", b"uuid", b"free", b"skip"):
            yield from freed(box)
    parts = children(body)
    if b"iloc" in parts and b"iinf" in parts:
        for item in _items(parts, file).values():
            yield from _item(item)
    elif b"iloc" in parts or b"iinf" in parts or _handler(parts) == b"pict":
        raise Unclear("Items stand nowhere.")
    if b"ilst" in parts:
        yield from _tags(parts)


def _handler(parts: dict[bytes, Box]) -> bytes:
    return parts[b"hdlr"].body[8:12] if b"hdlr" in parts else b""


def _item(item: _Item) -> Iterator[Patch]:
    if item.kind in _PIXELS:
        return
    length = sum(map(len, item.pieces))
    if length > _LONGEST:
        raise Unclear("An item is too large.")
    joined = b"".join(piece[:] for piece in item.pieces)
    whole = Stretch.of_bytes(joined)
    if item.kind == b"Exif" and length >= 4:
        yield from spread(exif.patches(whole.part(4 + whole.number(0, 4), length)), item.pieces)
    elif item.kind == b"mime" and item.says == b"application/rdf+xml":
        yield from spread(xmp.patches(whole), item.pieces)
    elif item.kind != b"jpeg" or is_marked(joined):
        for piece in item.pieces:
            yield from blank(piece, 0, len(piece))


def _items(parts: dict[bytes, Box], file: Stretch) -> dict[int, _Item]:
    items: dict[int, _Item] = {}
    listed = parts[b"iinf"].body
    for box in boxes(listed.part(6 if listed.number(0, 1) == 0 else 8, len(listed))):
        version = box.body.number(0, 1)
        if box.kind != b"infe" or version not in (2, 3):
            raise Unclear("An item has no kind.")
        wide = 4 if version == 3 else 2
        rest = box.body[4 + wide + 2 :]
        texts = rest[4:].split(b"\0")  # its name, and what follows it
        coding = texts[2] if len(texts) > 2 else b""
        says = b"" if coding else b"".join(texts[1:2])
        items[box.body.number(4, wide)] = _Item(rest[:4], says)
    idat = parts[b"idat"].body if b"idat" in parts else file.part(0, 0)
    for number, pieces in _locations(parts[b"iloc"].body, file, idat):
        items.setdefault(number, _Item()).pieces += pieces
    return items


def _locations(iloc: Stretch, file: Stretch, idat: Stretch) -> Iterator[tuple[int, list[Stretch]]]:
    version, sizes = iloc.number(0, 1), iloc.number(4, 2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    at, count = 6 + wide, iloc.number(6, wide)
    if version > 2 or count > _ITEMS:
        raise Unclear("These items can't be found.")
    left = _ITEMS
    for _ in range(count):
        number = iloc.number(at, wide)
        at += wide
        method = iloc.number(at, 2) & 15 if version else 0
        at += 2 if version else 0
        is_elsewhere = iloc.number(at, 2) != 0
        first = iloc.number(at + 2, base)
        extents = iloc.number(at + 2 + base, 2)
        at += 4 + base
        left -= extents
        pieces = []
        for _ in range(extents if left >= 0 else 0):
            at += index if version else 0
            start = first + iloc.number(at, offset)
            end = start + iloc.number(at + offset, length)
            at += offset + length
            within = idat if method == 1 else file
            if method > 1 or start == end or end > len(within):
                raise Unclear("An item stands nowhere.")
            pieces.append(within.part(start, end))
        if left < 0 or at > len(iloc) or is_elsewhere:
            raise Unclear("These items can't be found.")
        yield number, pieces


def _tags(parts: dict[bytes, Box]) -> Iterator[Patch]:
    """Of the tags of a film those that tell a place, and pictures with places of their own."""
    names = _keys(parts[b"keys"].body) if b"keys" in parts else []
    for tag in boxes(parts[b"ilst"].body):
        number = int.from_bytes(tag.kind)
        named = names[number - 1 : number] if number else []
        if tag.kind == b"----":
            says = tag.body[:4096].decode("latin-1")
        else:
            says = named[0] if named else "" if tag.kind == b"covr" else tag.kind.decode("latin-1")
        if is_place(says) or says == "\xa9xyz":
            for box in boxes(tag.body):
                if box.kind == b"data":
                    yield from blank(box.body, 8, len(box.body))
        elif len(tag.body) > _LONGEST or is_marked(tag.body[:]):
            yield from freed(tag)


def _keys(keys: Stretch) -> list[str]:
    return [box.body[:].decode("latin-1") for box in boxes(keys.part(8, len(keys)))]


def packet(box: Box) -> Iterator[Patch]:
    """Patches of a box that holds an XMP packet behind its 16 bytes of name."""
    part = box.body.part(16, len(box.body))
    yield from or_blank(part, xmp.patches(part))
