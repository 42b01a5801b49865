"""Chooses the frame that stands for a video, and makes a picture of it."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import suppress

from av.container import InputContainer
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from av.video.stream import VideoStream

from . import vips
from .film import BROKEN, CODECS
from .light import Light
from .probe import MEGAPIXELS

FRAMES = 8  # that are looked at
PACKETS = 3_000
SECONDS = 4.0  # until the frames so far have to do
LONGEST_SIDE = 3840  # pixels of a poster; no preview of a video is larger

_BLACK = 20  # of 255, on average
_UNSPECIFIED = 2
_HIGH_DEFINITION = 720
_WIDEST = 4  # times as wide as high, and the other way round, of one pixel

# What a display matrix does with a frame, as EXIF counts it: its signs row by row.
_ORIENTATIONS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}


def choose(container: InputContainer, video: VideoStream) -> VideoFrame | None:
    """The first frame from a tenth of it on that isn't black; or a black one, or None."""
    context = video.codec_context
    if context is None or context.codec.canonical_name not in CODECS:
        return None
    context.thread_count, context.thread_type = 1, "NONE"
    context.options = {"max_pixels": str(MEGAPIXELS["film"] * 1_000_000)}
    context.skip_frame = "NONKEY"  # these stand alone, and are the best that there are
    late, best = time.monotonic() + SECONDS, None
    for start in ((container.duration or 0) // 10, 0):
        _seek(container, start)
        for frame in _frames(container, video, late):
            if not _is_black(frame):
                return frame
            best = best or frame
        if best:
            return best
        context.skip_frame = "DEFAULT"  # some have no frame that stands alone
    return best


def orientation_of(frame: VideoFrame) -> int:
    """The way up that the container's matrix asks for, 1 to 8."""
    try:
        matrix = bytes(frame.side_data[Type.DISPLAYMATRIX])  # type: ignore[typeddict-item]
    except KeyError:
        return 1
    a, b, _, c, d, *_ = struct.unpack("<9i", matrix[:36])
    return _ORIENTATIONS.get((_sign(a), _sign(b), _sign(c), _sign(d)), 1)


def size_of(video: VideoStream) -> tuple[int, int]:
    """Width and height of a frame with square pixels, before it is turned."""
    context = video.codec_context
    if context is None:  # nobody here knows its codec
        return 0, 0
    width, height = context.width, context.height
    pixel = video.sample_aspect_ratio or 1
    if not 1 / _WIDEST <= pixel <= _WIDEST:
        pixel = 1
    return round(width * pixel), height


def picture_of(frame: VideoFrame, size: tuple[int, int]) -> vips.Image:
    """The frame in RGB, of that size or less, its way up noted."""
    light = light_of(frame)
    scale = min(1, LONGEST_SIDE / max(size))
    width, height = (max(1, round(side * scale)) for side in size)
    is_untold = frame.colorspace == _UNSPECIFIED
    matrix = (
        (Colorspace.ITU709 if frame.height >= _HIGH_DEFINITION else Colorspace.ITU601)
        if is_untold
        else None
    )
    deep = light is not None
    plain = frame.reformat(
        width=width,
        height=height,
        format="rgb48le" if deep else "rgb24",
        src_colorspace=matrix,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        threads=1,
    )
    plane = plain.planes[0]
    line = plane.line_size // (6 if deep else 3)
    image = vips.Image.new_from_memory(
        bytes(plane)[: line * (6 if deep else 3) * height],
        line,
        height,
        3,
        "ushort" if deep else "uchar",
    )
    image = image.copy(interpretation="rgb16" if deep else "srgb").crop(0, 0, width, height)
    image.set_type(vips.INTEGER, "orientation", orientation_of(frame))
    return image


def light_of(frame: VideoFrame) -> Light | None:
    """How its numbers stand for light, where that isn't as in sRGB."""
    light = Light(frame.color_trc, frame.color_primaries)
    return None if light.is_plain else light


def _seek(container: InputContainer, start: int) -> None:
    with suppress(*BROKEN):  # it has no index, so what comes next has to do
        container.seek(start, backward=True)


def _frames(container: InputContainer, video: VideoStream, late: float) -> Iterator[VideoFrame]:
    seen = 0
    for number, packet in enumerate(container.demux(video)):
        try:
            frames = packet.decode()
        except BROKEN as error:  # the next one may be whole
            if isinstance(error, MemoryError):
                raise
            frames = []
        for frame in frames:
            seen += 1
            yield frame
        if seen >= FRAMES or number > PACKETS or time.monotonic() > late:
            return


def _is_black(frame: VideoFrame) -> bool:
    plane = frame.reformat(width=16, height=16, format="gray", threads=1).planes[0]
    rows = bytes(plane)
    shown = b"".join(rows[n * plane.line_size : n * plane.line_size + 16] for n in range(16))
    return sum(shown) / len(shown) < _BLACK


def _sign(number: int) -> int:
    # 16.16 fixed point; what is smaller than a half turns nothing
    return 0 if abs(number) < 1 << 15 else (1 if number > 0 else -1)
