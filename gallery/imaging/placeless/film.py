"""Blanks the places in MP4, MOV and all that is made of the same boxes: HEIC and AVIF too."""

from __future__ import annotations

from collections.abc import Iterator

from . import boxed, track
from .boxes import Box, boxes, freed
from .names import is_marked
from .patch import Patch, Unclear
from .stretch import Stretch

_FILM = {
    *(b"ftyp", b"styp", b"mdat", b"moov", b"moof", b"mfra", b"sidx", b"ssix", b"prft", b"pdin"),
    *(b"wide", b"meta", b"free", b"skip", b"uuid", b"udta", b"emsg"),
}
_KEPT = {
    b"file": _FILM - {b"free", b"skip", b"uuid", b"udta", b"emsg"},
    b"moov": {b"mvhd", b"trak", b"iods", b"mvex", b"ctab", b"clip", b"prfl", b"pssh", b"meta"},
    b"trak": {
        *(b"tkhd", b"mdia", b"edts", b"tref", b"tapt", b"load", b"matt", b"clip", b"trgr"),
        *(b"imap", b"meta", b"txas"),
    },
    b"moof": {b"mfhd", b"traf", b"pssh"},
    b"mdia": {b"mdhd", b"hdlr", b"minf", b"elng"},
    b"traf": {
        *(b"tfhd", b"trun", b"tfdt", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"),
        *(b"senc",),
    },
    b"udta": {
        *(b"auth", b"titl", b"dscp", b"cprt", b"perf", b"gnre", b"rtng", b"clsf", b"kywd"),
        *(b"albm", b"yrrc", b"name", b"hnti", b"hinf", b"tagc", b"chpl", b"manu", b"modl"),
        *(b"date", b"WLOC", b"LOOP", b"SelO", b"AllF", b"meta"),
    },
}
_WITHIN = {(b"moov", b"trak"), (b"trak", b"mdia"), (b"moof", b"traf")}
_PACKET = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")  # the name of a box with XMP
_NESTED = 3
_READ = 1 << 20  # bytes of a user's text that is read


def patches(file: Stretch) -> Iterator[Patch]:
    """Patches of a film or a HEIC, whose media are passed over.

    :raises Unclear: its boxes can't be followed, or say that places stand among the media.
    """
    yield from _file(file, 0)


def length(rest: Stretch) -> int:
    """The bytes of a film that begins here, where something else may follow it.

    :raises Unclear: it breaks off.
    """
    end, kinds = 0, set()
    try:
        for box in boxes(rest):
            if box.kind not in _FILM:
                break
            end += len(box.whole)
            kinds.add(box.kind)
    except Unclear:
        pass
    if b"moov" not in kinds:
        raise Unclear("This is no film.")
    return end


def _file(file: Stretch, depth: int) -> Iterator[Patch]:
    found = list(boxes(file))
    # The offsets of a film within a HEIC may count from either's beginning.
    is_whole = not depth and all(box.kind != b"moof" for box in found)
    if depth > _NESTED or not any(box.kind in (b"moov", b"meta") for box in found):
        raise Unclear("Nothing here says what this is.")
    for box in found:
        if box.kind == b"mpvd":  # the film in a phone's HEIC
            yield from _file(box.body, depth + 1)
        elif box.kind == b"moof":
            yield from _parts(box, b"moof", file)
        elif box.kind == b"moov":
            yield from _parts(box, b"moov", file)
            for part in boxes(box.body):
                if part.kind == b"trak":
                    yield from track.patches(part, file, is_whole=is_whole)
        else:
            yield from _part(box, b"file", file)


def _parts(box: Box, level: bytes, file: Stretch) -> Iterator[Patch]:
    for part in boxes(box.body):
        yield from _part(part, level, file)


def _part(box: Box, level: bytes, file: Stretch) -> Iterator[Patch]:
    if box.kind == b"meta":
        yield from boxed.patches(box, file)
    elif (level, box.kind) in _WITHIN or (box.kind == b"udta" != level):
        yield from _parts(box, box.kind, file)
    elif box.kind == b"uuid" and box.body[:16] == _PACKET:
        yield from boxed.packet(box)
    elif box.kind in (b"cmov", b"gps "):  # packed; or a dashcam's list of what stands in its mdat
        raise Unclear("This film keeps its places where we can't reach them.")
    elif level == b"udta" and box.kind[:1] == b"\xa9" and box.kind != b"\xa9xyz":
        if len(box.body) > _READ or is_marked(box.body[:]):
            yield from freed(box)
    elif box.kind not in _KEPT[level]:
        yield from freed(box)
