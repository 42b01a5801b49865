"""Small videos and recordings by real encoders, and their boxes by hand."""

import io
import struct
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import av
from av.video.reformatter import Colorspace
from PIL import Image

from gallery.imaging.jail import jailed

from .pictures import encoded, quarters

FRAME = (96, 64)
APPLE = {
    "com.apple.quicktime.creationdate": "2024-02-29T23:59:58+0530",
    "com.apple.quicktime.location.ISO6709": "+52.5200+013.4050+034.000/",
    "com.apple.quicktime.make": "Apple",
    "com.apple.quicktime.model": "iPhone 15",
    "creation_time": "2024-02-29T18:29:58Z",
}


def film(
    format: str = "mp4",
    codec: str = "libx264",
    *,
    frames: tuple[Image.Image, ...] | None = None,
    sound: str = "",
    matrix: tuple[int, int, int, int] | None = None,
    pixel: Fraction | None = None,
    colours: tuple[int, int] | None = None,
    metadata: Mapping[str, str] | None = None,
    pix_fmt: str = "yuv420p",
    **options: str,
) -> bytes:
    """A video of two seconds at ten frames a second; encoders have threads, so in a child."""
    pictures = frames or (quarters(*FRAME),) * 20

    def make() -> bytes:
        file = io.BytesIO()
        with av.open(file, "w", format=format, options=options) as container:
            container.metadata.update(metadata or {})
            stream = container.add_stream(codec, rate=10)
            stream.width, stream.height, stream.pix_fmt = *pictures[0].size, pix_fmt
            stream.thread_count = 1
            stream.options = {"g": "5", "threads": "1", "x265-params": "pools=none:log-level=0"}
            if pixel:
                stream.sample_aspect_ratio = pixel
            if colours:
                stream.color_trc, stream.color_primaries = colours
                stream.colorspace = 9
            if matrix:
                a, b, c, d = (number << 16 for number in matrix)
                stream.set_display_matrix((a, b, 0, c, d, 0, 0, 0, 1 << 30))
            # what players take for granted when nothing is said
            told = Colorspace.ITU709 if pictures[0].height >= 720 else None
            voice = _voice(container, sound) if sound else None
            for picture in pictures:
                frame = av.VideoFrame(*picture.size, "rgb24")
                plane = frame.planes[0]
                plane.update(_padded(picture, plane.line_size))
                if colours:
                    frame.colorspace = 9
                container.mux(stream.encode(frame.reformat(format=pix_fmt, dst_colorspace=told)))
            container.mux(stream.encode())
            if voice:
                _speak(container, voice, 2)
        return file.getvalue()

    return _by_child(make)


def recording(format: str, codec: str, seconds: int = 2, **metadata: str) -> bytes:
    def make() -> bytes:
        file = io.BytesIO()
        with av.open(file, "w", format=format) as container:
            container.metadata.update(metadata)
            _speak(container, _voice(container, codec), seconds)
        return file.getvalue()

    return _by_child(make)


@cache
def mp3() -> bytes:
    return recording("mp3", "libmp3lame")


@cache
def plain_mp4() -> bytes:
    return film(sound="aac", metadata=APPLE, movflags="use_metadata_tags")


@cache
def webm() -> bytes:
    return film("webm", "libvpx-vp9", sound="libopus")


def with_id3_cover(audio: bytes, cover: bytes, mime: bytes = b"image/jpeg") -> bytes:
    body = b"\0" + mime + b"\0\3\0" + cover
    frame = b"APIC" + len(body).to_bytes(4) + b"\0\0" + body
    return b"ID3\3\0\0" + _seven_bits(len(frame)) + frame + audio


def with_flac_cover(audio: bytes, cover: bytes) -> bytes:
    block = (
        struct.pack(">II", 3, 10)
        + b"image/jpeg"
        + struct.pack(">IIIIII", 0, 96, 64, 24, 0, len(cover))
    )
    end = 8 + int.from_bytes(audio[5:8])
    return audio[:end] + b"\6" + len(block + cover).to_bytes(3) + block + cover + audio[end:]


def with_m4a_cover(audio: bytes, cover: bytes) -> bytes:
    """Its moov is the last box, so that no offset changes."""
    at = audio.rindex(b"moov") - 4
    data = box(b"data", b"\0\0\0\x0d\0\0\0\0" + cover)
    handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    tags = box(b"udta", box(b"meta", bytes(4) + handler + box(b"ilst", box(b"covr", data))))
    return audio[:at] + box(b"moov", audio[at + 8 :] + tags)


def with_mkv_cover(cover: bytes) -> bytes:
    def make() -> bytes:
        file = io.BytesIO()
        with av.open(file, "w", format="matroska") as container:
            voice = _voice(container, "libopus")
            container.add_attachment("cover.jpg", "image/jpeg", cover)
            _speak(container, voice, 2)
        return file.getvalue()

    return _by_child(make)


def box(name: bytes, data: bytes = b"", *, size: int | None = None) -> bytes:
    """A box of the ISO family, which may lie about its size."""
    return struct.pack(">I4s", len(data) + 8 if size is None else size, name) + data


def element(name: bytes, data: bytes = b"", *, size: int | None = None) -> bytes:
    """An element of a Matroska file, its size in eight bytes."""
    return name + b"\1" + (len(data) if size is None else size).to_bytes(7) + data


COVER = encoded(quarters())
FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
EBML = element(b"\x1aE\xdf\xa3", b"B\x82\x88matroska")


def _voice(container, codec: str):
    stream = container.add_stream(codec, rate=48_000, layout="mono")
    stream.thread_count = 1
    return stream


def _speak(container, stream, seconds: int) -> None:
    format = stream.codec_context.format or av.AudioFormat("fltp")
    for number in range(seconds * 50):
        frame = av.AudioFrame(format.name, "mono", 960)
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        frame.sample_rate, frame.pts, frame.time_base = 48_000, number * 960, Fraction(1, 48_000)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def _by_child(make) -> bytes:
    answer = jailed(lambda: [make()], seconds=60, cpu=50)
    assert not answer.killed, answer.killed
    return answer.frames[0]


def _padded(picture: Image.Image, line: int) -> bytes:
    rows, width = picture.convert("RGB").tobytes(), picture.width * 3
    cut = (rows[at : at + width] for at in range(0, len(rows), width))
    return b"".join(row.ljust(line, b"\0") for row in cut)


def _seven_bits(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
