"""Looks whether a file of a kind that we don't clean could tell a place at all."""

from __future__ import annotations

from collections.abc import Iterator

from .names import LONGEST, is_marked, is_marked_long
from .patch import Patch, Unclear, blank
from .stretch import Stretch

_PARTS = 1_000_000
_READ = 16 << 20  # bytes beside the sound that are read
_WHOLE = 128 << 20  # bytes of a file that is read with its sound
_APPLICATIONS = {b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"}
_TAIL = 64 << 10  # bytes at the end of a recording in which some programs write


def gif(file: Stretch) -> Iterator[Patch]:
    """Patches of a GIF: of what follows its end, if nothing else may tell a place.

    :raises Unclear: something may.
    """
    data = file[: _READ * 4]
    at = 13 + _colours(data[10:11])
    for _ in range(_PARTS):
        kind = data[at : at + 1]
        if kind == b";":
            yield from blank(file, at + 1, len(file))
            return
        if kind == b"\x21":
            if data[at + 1 : at + 2] == b"\xff" and data[at + 3 : at + 14] not in _APPLICATIONS:
                raise Unclear("An application wrote something.")
            at += 2
        elif kind == b"\x2c":
            at += 11 + _colours(data[at + 9 : at + 10])
        else:
            raise Unclear("This picture breaks off.")
        while data[at : at + 1] not in (b"", b"\0"):
            at += 1 + data[at]
        at += 1
    raise Unclear("There is no end of this picture.")


def wav(file: Stretch) -> Iterator[Patch]:
    """No patches.

    :raises Unclear: something beside the sound may tell a place.
    """
    at = 12
    for _ in range(1_000):
        if at >= len(file):
            return iter(())
        name, end = file[at : at + 4], at + 8 + file.number(at + 4, 4, "little")
        if end > len(file):
            raise Unclear("This recording breaks off.")
        if name != b"data":
            _check(file.part(at, end))
        at = end + end % 2
    raise Unclear("There are too many chunks.")


def sound(file: Stretch) -> Iterator[Patch]:
    """No patches of MP3, AAC or FLAC, which say at their ends what they have to say.

    :raises Unclear: something there may tell a place.
    """
    head = file[:10]
    end = _TAIL
    if head[:3] == b"ID3":
        end += sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=False)
        )
    elif head[:4] == b"fLaC":
        at = 4
        for _ in range(1_000):
            last, length = file.number(at, 1) & 0x80, file.number(at + 1, 3)
            at += 4 + length
            if last or at > len(file):
                break
        end += at
    _check(file.part(0, end))
    _check(file.part(len(file) - _TAIL, len(file)))
    return iter(())


def whole(file: Stretch) -> Iterator[Patch]:
    """No patches of a file that is small enough to be read.

    :raises Unclear: it is not, or something may tell a place.
    """
    if len(file) > _WHOLE:
        raise Unclear("This is too much to be read.")
    for at in range(0, len(file), _READ):
        if is_marked_long(file[at : at + _READ + LONGEST]):
            raise Unclear("Something may tell a place.")
    return iter(())


def _check(part: Stretch) -> None:
    if len(part) > _READ or is_marked(part[:]):
        raise Unclear("Something may tell a place.")


def _colours(flags: bytes) -> int:
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0
