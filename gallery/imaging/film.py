"""Opens videos and recordings by FFmpeg, and reads what their containers say."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import FileIO

import av
import av.subtitles.stream  # which PyAV would import only once it meets one
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from .outcome import N_, Outcome, Refused
from .probe import MEGAPIXELS

Report = dict[str, object]

CODECS = frozenset(
    (
        *("h264", "hevc", "av1", "vp8", "vp9", "mpeg4", "mjpeg", "prores", "theora", "h263"),
        *("mpeg1video", "mpeg2video", "msmpeg4v2", "msmpeg4v3", "dvvideo", "dnxhd", "ffv1"),
        *("aac", "mp3", "mp3float", "opus", "vorbis", "flac", "alac", "ac3", "eac3"),
        *("amrnb", "amrwb", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_u8", "pcm_f32le"),
        *("libdav1d", "libopus", "libvorbis", "png"),
    )
)
STREAMS = 100
PATIENCE = 8.0  # seconds from opening a file to the last that is read of it
# What FFmpeg raises, and what our file does when it is sent where no file can go.
BROKEN = (av.FFmpegError, OSError, ValueError)
SECONDS = 3.0  # to count what a container doesn't say, however large the file and slow the disk

_DEMUXERS = {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}
_DAMAGED = N_("This file is damaged: it can’t be read as a video or a recording.")
_SLOW = N_("This file is made of more parts than we have time to read.")
_GREEDY = N_("This file asks for more memory, or more streams, than we allow.")
_EPOCHS = (1904, 1970)  # of clocks that were never set
_PLACE = re.compile(r"([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?", re.ASCII)


class _File(FileIO):
    """A file that ends FFmpeg's walk through a million parts, which has no end of its own."""

    is_late = False

    def __init__(self, fd: int, *, closefd: bool) -> None:
        super().__init__(fd, closefd=closefd)
        self._deadline = time.monotonic() + PATIENCE

    def read(self, size: int | None = -1, /) -> bytes:
        self.is_late = time.monotonic() > self._deadline
        # An end is what every demuxer stops at; some try again after an error.
        return b"" if self.is_late else super().read(size) or b""


@contextmanager
def opened(fd: int, kind: str) -> Iterator[InputContainer]:
    """Open the file by the one demuxer of its kind, which may open no other.

    :raises Refused: here or while it is read: DAMAGED, or TOO_BIG for the memory we have.
    """
    file = _File(fd, closefd=False)
    file.seek(0)
    try:
        with av.open(
            file,
            "r",
            format=kind,
            options={
                "protocol_whitelist": "none",
                "format_whitelist": _DEMUXERS.get(kind, kind),
                "codec_whitelist": ",".join(sorted(CODECS)),
                "max_streams": str(STREAMS),
                "max_pixels": str(MEGAPIXELS["film"] * 1_000_000),
            },
            metadata_errors="replace",
        ) as container:
            if file.is_late:
                raise Refused(Outcome.TOO_BIG, _SLOW)
            yield container
    except BROKEN as error:
        if file.is_late:
            raise Refused(Outcome.TOO_BIG, _SLOW) from error
        # No camera's file does; one that lies about its tables does.
        if isinstance(error, MemoryError):
            raise Refused(Outcome.TOO_BIG, _GREEDY) from error
        raise Refused(Outcome.DAMAGED, _DAMAGED) from error


def facts(container: InputContainer) -> Report:
    """Everything but the size."""
    tags = {name.lower(): text for name, text in container.metadata.items()}
    return {
        "duration": _duration(container),
        "codecs": [
            _codec(stream) for stream in (video_of(container), _audio_of(container)) if stream
        ],
        "camera": _camera(tags),
        **_moment(tags),
        **_place(tags),
    }


def video_of(container: InputContainer) -> VideoStream | None:
    """The first stream that moves."""
    return next((each for each in container.streams.video if not _is_cover(each)), None)


def cover_of(container: InputContainer) -> bytes:
    """The picture that a recording carries, as it stands in the file; or nothing."""
    cover = next((each for each in container.streams.video if _is_cover(each)), None)
    if cover is None:
        return b""
    return bytes(next(container.demux(cover), b""))


def _is_cover(stream: Stream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def _audio_of(container: InputContainer) -> Stream | None:
    return next(iter(container.streams.audio), None)


def _codec(stream: Stream) -> str:
    context = stream.codec_context
    return context.codec.canonical_name if context else "unknown"


def _duration(container: InputContainer) -> float | None:
    """Seconds, counted where a browser wrote the file as it came and could not say."""
    if container.duration:
        return max(0.0, container.duration / av.time_base)
    end, late = 0.0, time.monotonic() + SECONDS
    try:
        for packet in container.demux():
            if packet.pts is not None and packet.time_base:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if time.monotonic() > late:
                return None
    except BROKEN:  # it breaks off here
        pass
    container.seek(0)
    return end or None


def _moment(tags: Mapping[str, str]) -> Report:
    """The clock of the camera with its zone where Apple wrote it, and else the container's UTC."""
    found: Report = {}
    local = _date(tags.get("com.apple.quicktime.creationdate", ""))
    if local is not None and local.tzinfo is not None:
        offset = local.utcoffset()
        found["taken"] = local.replace(tzinfo=None).isoformat()
        found["offset"] = round(offset.total_seconds() / 60) if offset else 0
    created = _date(tags.get("creation_time", ""))
    if created is not None:
        utc = created.astimezone(UTC) if created.tzinfo else created
        found["instant"] = utc.replace(tzinfo=None).isoformat()
    return found


def _date(text: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return None if date.year in _EPOCHS else date


def _place(tags: Mapping[str, str]) -> Report:
    """Degrees and metres, written as ISO 6709 has them."""
    text = tags.get("com.apple.quicktime.location.iso6709") or tags.get("location") or ""
    found = _PLACE.match(text)
    if found is None:
        return {}
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180 or latitude == longitude == 0:
        return {}
    altitude = float(found[3]) if found[3] else None
    return {"latitude": latitude, "longitude": longitude, "altitude": altitude}


def _camera(tags: Mapping[str, str]) -> str:
    make = tags.get("com.apple.quicktime.make") or tags.get("com.android.manufacturer") or ""
    model = tags.get("com.apple.quicktime.model") or tags.get("com.android.model") or ""
    return model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()
