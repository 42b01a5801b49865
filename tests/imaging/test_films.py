"""Videos by one of their frames, recordings by their cover, and what their containers say."""

from datetime import datetime
from fractions import Fraction

import pytest
from PIL import Image

from gallery.imaging import Outcome

from . import films
from .films import APPLE, COVER, film, recording
from .pictures import SIZES, corners, encoded, near, opened, quarters, rendered

TURNED = {
    (1, 0, 0, 1): "RGBY",
    (-1, 0, 0, 1): "GRYB",
    (-1, 0, 0, -1): "YBGR",
    (1, 0, 0, -1): "BYRG",
    (0, 1, 1, 0): "RBGY",
    (0, 1, -1, 0): "BRYG",
    (0, -1, -1, 0): "YGBR",
    (0, -1, 1, 0): "GYRB",
}
FILMS = {
    "mp4 h264 aac": (lambda: films.plain_mp4(), ("h264", "aac")),
    "mp4 hevc": (lambda: film(codec="libx265"), ("hevc",)),
    "mp4 av1": (lambda: film(codec="libsvtav1", frames=(quarters(128, 96),) * 20), ("av1",)),
    "mp4 in pieces": (lambda: film(movflags="frag_keyframe+empty_moov"), ("h264",)),
    "mp4 of single frames": (
        lambda: film(movflags="empty_moov+default_base_moof+frag_every_frame"),
        ("h264",),
    ),
    "mov h264": (lambda: film("mov", sound="aac"), ("h264", "aac")),
    "mov mjpeg": (lambda: film("mov", "mjpeg", pix_fmt="yuvj420p"), ("mjpeg",)),
    "mov prores": (lambda: film("mov", "prores_ks", pix_fmt="yuv422p10le"), ("prores",)),
    "webm vp9 opus": (lambda: films.webm(), ("vp9", "opus")),
    "webm vp8": (lambda: film("webm", "libvpx"), ("vp8",)),
    "mkv h264 flac": (lambda: film("matroska", sound="flac"), ("h264", "flac")),
    "mkv as it came": (lambda: film("matroska", live="1"), ("h264",)),
    "avi mpeg4": (lambda: film("avi", "mpeg4", sound="libmp3lame"), ("mpeg4", "mp3")),
}
RECORDINGS = {
    "mp3": (lambda: films.mp3(), "mp3"),
    "m4a": (lambda: recording("ipod", "aac"), "aac"),
    "flac": (lambda: recording("flac", "flac"), "flac"),
    "ogg flac": (lambda: recording("ogg", "flac"), "flac"),
    "ogg opus": (lambda: recording("ogg", "libopus"), "opus"),
    "wav": (lambda: recording("wav", "pcm_s16le"), "pcm_s16le"),
    "aac": (lambda: recording("adts", "aac"), "aac"),
    "mka": (lambda: recording("matroska", "libopus"), "opus"),
}
COVERED = {
    "mp3": lambda: films.with_id3_cover(films.mp3(), COVER),
    "mp3 png": lambda: films.with_id3_cover(films.mp3(), encoded(quarters(), "PNG"), b"image/png"),
    "flac": lambda: films.with_flac_cover(recording("flac", "flac"), COVER),
    "m4a": lambda: films.with_m4a_cover(recording("ipod", "aac"), COVER),
    "mka": lambda: films.with_mkv_cover(COVER),
}


@pytest.mark.parametrize("name", FILMS)
def test_video_is_shown_by_a_frame(name: str) -> None:
    make, codecs = FILMS[name]
    rendering = rendered(make())

    assert (rendering.outcome, rendering.reason) == (Outcome.OK, "")
    assert corners(opened(rendering)) == "RGBY"
    assert rendering.facts.codecs == codecs
    assert rendering.facts.duration == pytest.approx(2, abs=0.15)
    assert not rendering.facts.is_animated


def test_video_has_every_preview_in_its_size() -> None:
    rendering = rendered(film(frames=(quarters(1280, 720),)), SIZES)

    assert opened(rendering, "w1920").size == opened(rendering, "w1280").size == (1280, 720)
    assert opened(rendering, "h240").size == (427, 240)
    assert (rendering.facts.width, rendering.facts.height) == (1280, 720)


@pytest.mark.parametrize("matrix", TURNED)
def test_poster_is_turned_as_the_container_says(matrix: tuple[int, int, int, int]) -> None:
    rendering = rendered(film(matrix=matrix))

    assert corners(opened(rendering)) == TURNED[matrix]
    lying = matrix[0] == 0
    assert (rendering.facts.width, rendering.facts.height) == ((64, 96) if lying else (96, 64))


def test_the_owner_s_turns_come_after_the_container_s() -> None:
    rendering = rendered(film(matrix=(0, 1, -1, 0)), turns=1)

    assert corners(opened(rendering)) == "YBGR"
    assert (rendering.facts.width, rendering.facts.height) == (96, 64)


def test_a_turned_video_has_its_size_without_previews_too() -> None:
    facts = rendered(film(matrix=(0, 1, -1, 0)), {}).facts

    assert (facts.width, facts.height) == (64, 96)


def test_pixels_that_are_no_squares_are_stretched() -> None:
    rendering = rendered(film(pixel=Fraction(2, 1)))

    assert (rendering.facts.width, rendering.facts.height) == (192, 64)
    assert opened(rendering).size == (120, 40)


def test_black_beginning_is_passed_over() -> None:
    black = (Image.new("RGB", films.FRAME),) * 20
    rendering = rendered(film(frames=black + (quarters(),) * 20))

    assert corners(opened(rendering)) == "RGBY"


def test_black_video_is_shown_black() -> None:
    rendering = rendered(film(frames=(Image.new("RGB", films.FRAME),) * 5))

    assert rendering.outcome is Outcome.OK
    assert near(opened(rendering).getpixel((9, 9)), (0, 0, 0))


@pytest.mark.parametrize("size", [(96, 64), (1280, 720)])
def test_colours_of_a_video_that_tells_no_matrix(size: tuple[int, int]) -> None:
    rendering = rendered(film(frames=(quarters(*size),) * 2))

    assert near(opened(rendering).getpixel((3, 3)), (220, 30, 30), by=12)


@pytest.mark.parametrize("transfer", [16, 18])
def test_video_of_high_range_is_neither_dark_nor_pale(transfer: int) -> None:
    grey = Image.new("RGB", films.FRAME, (150, 150, 150))  # near the white of paper in both
    data = film("mp4", "libx265", frames=(grey,) * 3, colours=(transfer, 9), pix_fmt="yuv420p10le")
    shown = opened(rendered(data)).getpixel((9, 9))

    assert 150 < shown[0] < 245
    assert max(shown) - min(shown) < 8


@pytest.mark.parametrize("name", RECORDINGS)
def test_recording_without_a_cover_is_well(name: str) -> None:
    make, codec = RECORDINGS[name]
    rendering = rendered(make(), SIZES)

    assert (rendering.outcome, rendering.reason) == (Outcome.OK, "")
    assert dict(rendering.previews) == {}
    assert rendering.facts.codecs == (codec,)
    assert rendering.facts.duration == pytest.approx(2, abs=0.15)
    assert rendering.facts.width is None


@pytest.mark.parametrize("name", COVERED)
def test_recording_is_shown_by_its_cover(name: str) -> None:
    rendering = rendered(COVERED[name]())

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering)) == "RGBY"
    assert (rendering.facts.width, rendering.facts.height) == (96, 64)
    assert rendering.facts.duration == pytest.approx(2, abs=0.15)
    assert len(rendering.facts.codecs) == 1


def test_what_an_iphone_writes_is_read() -> None:
    facts = rendered(films.plain_mp4(), {}).facts

    assert (facts.taken, facts.offset) == (datetime(2024, 2, 29, 23, 59, 58), 330)
    assert facts.instant == datetime(2024, 2, 29, 18, 29, 58)
    assert (facts.latitude, facts.longitude, facts.altitude) == (52.52, 13.405, 34.0)
    assert facts.camera == "Apple iPhone 15"


@pytest.mark.parametrize(
    ("tags", "instant"),
    [
        ({"creation_time": "2024-02-29T18:29:58.000000Z"}, datetime(2024, 2, 29, 18, 29, 58)),
        ({}, None),
    ],
)
def test_moment_of_a_container(tags: dict[str, str], instant: datetime | None) -> None:
    facts = rendered(film(metadata=tags), {}).facts

    assert (facts.instant, facts.taken) == (instant, None)


def test_place_that_android_writes_is_read() -> None:
    facts = rendered(film(metadata={"location": "-33.8568+151.2153/"}), {}).facts

    assert (facts.latitude, facts.longitude) == (-33.8568, 151.2153)


@pytest.mark.parametrize("place", ["+91.0+000.0/", "+00.0000+000.0000/", "here", "+1e9+1/"])
def test_place_on_no_map_is_none(place: str) -> None:
    tags = APPLE | {"com.apple.quicktime.location.ISO6709": place}
    facts = rendered(film(metadata=tags, movflags="use_metadata_tags"), {}).facts

    assert facts.latitude is facts.longitude is None
