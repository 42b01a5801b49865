"""Reads what people wrote under a picture from the IPTC records that news agencies began with."""

from __future__ import annotations

from collections.abc import Iterator

from .alarm import within
from .clocks import iso_clock
from .header import TEXT
from .words import Words

_DATE, _TIME, _CAPTION, _KEYWORD = (2, 55), (2, 60), (2, 120), (2, 25)
_CHARACTERS = (1, 90)
_UTF8 = b"\x1b%G"
_PHOTOSHOP, _RESOURCE, _IPTC = b"Photoshop 3.0\0", b"8BIM", 0x0404
_RECORDS = 10_000


def read(block: bytes) -> Words:
    """Read Photoshop's resources, or the bare records. This returns soon, whatever they hold."""
    return within(lambda: _words(block[:TEXT]), Words()) if block else Words()


def _words(block: bytes) -> Words:
    records = list(_records(_in_photoshop(block.removeprefix(_PHOTOSHOP))))
    is_utf8 = (_CHARACTERS, _UTF8) in records

    def texts(name: tuple[int, int]) -> list[str]:
        return [_text(data, is_utf8) for record, data in records if record == name]

    date, time = "".join(texts(_DATE)[:1]), "".join(texts(_TIME)[:1])
    return Words(
        caption=next(filter(None, texts(_CAPTION)), ""),
        keywords=tuple(texts(_KEYWORD)),
        clock=iso_clock(f"{date}T{time}" if time else date),
    )


def _in_photoshop(block: bytes) -> bytes:
    """The IPTC records among Photoshop's resources."""
    at = 0
    while block[at : at + 4] == _RESOURCE:
        name = 1 + block[at + 6] if at + 6 < len(block) else 1
        start = at + 6 + name + name % 2
        length = int.from_bytes(block[start : start + 4])
        if int.from_bytes(block[at + 4 : at + 6]) == _IPTC:
            return block[start + 4 : start + 4 + length]
        at = start + 4 + length + length % 2
    return block if at == 0 else b""


def _records(block: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    at = 0
    for _ in range(_RECORDS):
        if block[at : at + 1] != b"\x1c" or at + 5 > len(block):
            return
        length = int.from_bytes(block[at + 3 : at + 5])
        if length & 0x8000:  # a length of a length: for what is no text
            return
        yield (block[at + 1], block[at + 2]), block[at + 5 : at + 5 + length]
        at += 5 + length


def _text(data: bytes, is_utf8: bool) -> str:
    """A text; of the many that do not say in which characters, UTF-8 is tried first."""
    try:
        return data.decode("utf-8", "replace" if is_utf8 else "strict")
    except UnicodeDecodeError:
        return data.decode("latin-1")
