"""How a jailed child speaks to its parent: frames of a tag, a length and that many bytes."""

from __future__ import annotations

import os
import select
import struct
import time

from .outcome import N_

LARGEST = 8 << 20  # bytes of one frame
LIMITS, WORK, TRACE, END = b"L", b"W", b"T", b"E"

_HEAD = struct.Struct("!cI")


def pieces(data: bytes) -> list[bytes]:
    """Bytes cut so that each piece fits a frame; one at least."""
    return [data[at : at + LARGEST] for at in range(0, len(data), LARGEST)] or [b""]


class Broken(Exception):
    """The pipe closed, or said what it must not; in a sentence for a person."""


def send(pipe: int, tag: bytes, body: bytes) -> None:
    """Write one frame, however long the reader takes."""
    rest = memoryview(_HEAD.pack(tag, len(body)) + body)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def receive(pipe: int, deadline: float) -> tuple[bytes, bytes]:
    """Read one frame: its tag and its bytes.

    :param deadline: by the monotonic clock.
    :raises TimeoutError: it was not all there by then.
    :raises Broken: the pipe closed before, or the frame is too large.
    """
    tag, length = _HEAD.unpack(_read(pipe, _HEAD.size, deadline))
    if length > LARGEST:
        raise Broken(N_("This file made our reader give an answer that is too long."))
    return tag, _read(pipe, length, deadline)


def _read(pipe: int, count: int, deadline: float) -> bytes:
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    body = bytearray()
    while len(body) < count:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError
        piece = os.read(pipe, min(count - len(body), 1 << 20))
        if not piece:
            raise Broken(N_("This file made our reader break down."))
        body += piece
    return bytes(body)
