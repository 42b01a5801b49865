"""Walks a GIF as far as its first frame, and cuts it there."""

from __future__ import annotations

from .header import TEXT, Header, flood, headless
from .view import View

_BLOCKS = 1_000_000  # of at most 255 bytes each
_EXTENSION, _FRAME, _TRAILER = 0x21, 0x2C, b";"
_XMP = b"\xff\x0bXMP DataXMP"
_MAGIC = 258  # bytes after a packet, by which readers of blocks find its end


def read(view: View) -> Header:
    """The size of a GIF, and its first frame as a GIF of its own.

    :raises Refused: TOO_BIG by what comes before the first frame, DAMAGED without one.
    """
    if len(view) < 13:
        raise headless()
    width, height = _number(view, 6), _number(view, 8)
    at = 13 + _colours(view[10])
    xmp = b""
    while at < len(view) and view[at] == _EXTENSION:
        start, at = at + 1, _past_blocks(view, at + 2)
        if view[start : start + len(_XMP)] == _XMP:
            xmp = view[start + len(_XMP) : at - _MAGIC]
        if at > TEXT:
            raise flood()
    if at + 10 > len(view) or view[at] != _FRAME:
        raise headless()
    # A frame that sticks out makes the canvas grow.
    width = max(width, _number(view, at + 1) + _number(view, at + 5))
    height = max(height, _number(view, at + 3) + _number(view, at + 7))
    end = _past_blocks(view, at + 11 + _colours(view[at + 9]))
    whole = end <= len(view) and view[end - 1] == 0
    body = view[:end] + (_TRAILER if whole else b"")
    return Header(width, height, xmp=xmp, body=body, is_animated=_goes_on(view, end))


def _goes_on(view: View, at: int) -> bool:
    """Whether a second frame follows."""
    limit = at + TEXT
    while at < min(len(view), limit) and view[at] == _EXTENSION:
        at = _past_blocks(view, at + 2)
    return at < len(view) and view[at] == _FRAME


def _past_blocks(view: View, at: int) -> int:
    for _ in range(_BLOCKS):
        if at >= len(view):
            return at + 1  # truncated
        length = view[at]
        at += 1 + length
        if not length:
            return at
    raise flood()


def _colours(flags: int) -> int:
    """The bytes of the table of colours that `flags` announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _number(view: View, at: int) -> int:
    return int.from_bytes(view[at : at + 2], "little")
