"""Says what plays, and which codecs no browser knows."""

from collections.abc import Sequence

from flask_babel import gettext as _

from ..languages import N_
from .models import Kind

# By FFmpeg's names, as people know them.
NAMES = {
    "h264": "H.264",
    "hevc": "HEVC (H.265)",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "theora": "Theora",
    "mpeg4": "MPEG-4 Visual",
    "mpeg2video": "MPEG-2",
    "h263": "H.263",
    "mjpeg": "Motion JPEG",
    "prores": "ProRes",
    "dnxhd": "DNxHD",
    "aac": "AAC",
    "mp3": "MP3",
    "opus": "Opus",
    "vorbis": "Vorbis",
    "flac": "FLAC",
    "alac": "Apple Lossless",
    "ac3": "Dolby Digital",
    "eac3": "Dolby Digital Plus",
    "wmav2": "Windows Media Audio",
}
# At least one browser of today plays these; which one, it says itself.
PLAYED = {"h264", "hevc", "vp8", "vp9", "av1", "theora", "mpeg4"}
HEARD = {"aac", "mp3", "opus", "vorbis", "flac", "alac", "ac3", "eac3"}

HEAR = N_("No browser plays %(codec)s. Download the original to hear it.")
MAY_HEAR = N_("This browser does not play %(codec)s. Download the original to hear it.")
REFUSALS = {
    Kind.VIDEO: N_("No browser plays %(codec)s. Download the original to see it."),
    Kind.AUDIO: HEAR,
    Kind.PHOTO: HEAR,
}
DOUBTS = {
    Kind.VIDEO: N_("This browser does not play %(codec)s. Download the original to see it."),
    Kind.AUDIO: MAY_HEAR,
    Kind.PHOTO: MAY_HEAR,
}


def names_of(codecs: str) -> list[str]:
    """Return the codecs of a file as people know them, its picture first."""
    return [NAMES.get(name, name.upper()) for name in codecs.split()]


def refusal_of(kind: Kind, codecs: str) -> str:
    """Say that no browser plays it; empty when one does, or when nothing is known of it."""
    found = codecs.split()
    if kind is Kind.PHOTO or not found or _is_played(kind, found):
        return ""
    return str(_(REFUSALS[kind], codec=names_of(codecs)[0]))


def doubt_of(kind: Kind, codecs: str) -> str:
    """Say what a browser says that does not play it."""
    name = names_of(codecs)[0] if codecs else _("this kind of file")
    return str(_(DOUBTS[kind], codec=name))


def _is_played(kind: Kind, codecs: Sequence[str]) -> bool:
    if kind is Kind.VIDEO:
        return codecs[0] in PLAYED
    return codecs[0] in HEARD or codecs[0].startswith("pcm_")
