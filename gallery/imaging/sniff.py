"""Tells from a file's first bytes which reader it is given to, and no other."""

from __future__ import annotations

import re

HEAD = 4096  # bytes that are enough to tell

# Of videos and recordings; each is the name that FFmpeg has for the one demuxer it gets.
MOVING = frozenset({"mov", "matroska", "avi", "ogg", "wav", "mp3", "aac", "flac"})

_SIGNATURES = [
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\xff\xd8\xff", "jpeg"),
        (rb"\x89PNG\r\n\x1a\n", "png"),
        (rb"GIF8[79]a", "gif"),
        (rb"RIFF.{4}WEBP", "webp"),
        (rb"RIFF.{4}WAVE", "wav"),
        (rb"RIFF.{4}AVI ", "avi"),
        (rb"II[*+]\0|MM\0[*+]", "tiff"),
        (rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
        (rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", "bmp"),
        (rb"\x1aE\xdf\xa3.{1,64}?B\x82.(?:webm|matroska)", "matroska"),
        (rb"\0.{3}(?:moov|mdat|wide|free|skip)", "mov"),
        (rb"OggS\0", "ogg"),
        (rb"fLaC", "flac"),
        (rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", "mp3"),
        (rb"\xff[\xf0\xf1\xf8\xf9]|ADIF", "aac"),
    )
]
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), "heic"),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs"), "heic"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P ", b"qt  "), "mov"),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42"), "mov"),
    **dict.fromkeys((b"avc1", b"dash", b"M4V ", b"M4VH", b"M4VP", b"mmp4", b"f4v "), "mov"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3g2a", b"MSNV", b"XAVC"), "mov"),
}
# What these mean is told by the brands beside them; alone they are what iPhones write.
_STILLS = dict.fromkeys((b"mif1", b"mif2", b"msf1", b"miaf"), "heic")


def sniff(head: bytes) -> str | None:
    """The kind of file that begins with `head`, or None."""
    if head[4:8] == b"ftyp":
        known = brands(head)
        return next((kinds[b] for kinds in (_BRANDS, _STILLS) for b in known if b in kinds), None)
    return next((kind for pattern, kind in _SIGNATURES if pattern.match(head)), None)


def brands(head: bytes) -> list[bytes]:
    """What a file of the ISO family says that it is, in its order."""
    length = min(int.from_bytes(head[:4]), len(head), 256)
    return [head[8:12], *(head[at : at + 4] for at in range(16, length, 4))]
