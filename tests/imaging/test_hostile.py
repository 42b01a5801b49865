"""Files that lie, flood, or hide something: an answer for each, in bounds."""

import random
import resource
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from gallery.imaging import Outcome
from gallery.imaging.develop import develop
from gallery.imaging.jail import jailed

from .pictures import SIZES, corners, encoded, heic, noise, opened, quarters, rendered

PAYLOAD = b"<?php system($_GET['x']); ?><script>alert(1)</script>"


def png_chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    """A grey PNG of that size, whatever its pixels."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + b"".join(chunks)
        + png_chunk(b"IDAT", pixels or zlib.compress(bytes(width + 1) * height))
        + png_chunk(b"IEND", b"")
    )


def with_size(data: bytes, width: int, height: int) -> bytes:
    """A JPEG that says it is that large."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def extended_webp(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<II", 10, 0) + sides + b"VP8 \0\0\0\0"
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def gif_header(width: int, height: int) -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return screen + b",\0\0\0\0" + struct.pack("<HHB", width, height, 0) + b"\x02\x02\x4c\x01\0;"


def avif(width: int, height: int) -> bytes:
    """An AVIF whose boxes say that it is that large."""
    data = encoded(quarters(), "AVIF")
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def heic_that_says(width: int, height: int) -> bytes:
    """A HEIC whose boxes say that it is that large."""
    data = heic(quarters())
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def tiff(width: int, height: int, *entries: tuple[int, int, int, int], at: int = 8) -> bytes:
    """A TIFF with a directory of that size and of more entries: tag, type, count, value."""
    every = sorted([(256, 4, 1, width), (257, 4, 1, height), (262, 3, 1, 1), *entries])
    directory = b"".join(struct.pack("<HHII", *entry) for entry in every)
    return b"II*\0" + struct.pack("<IH", at, len(every)) + directory + bytes(4)


TOO_LARGE = {
    "png": png(60_000, 60_000, pixels=zlib.compress(bytes(1000))),
    "thin png": png(1, 100_000_000, pixels=b"x"),
    "wide png": png(31_000, 1),
    "jpeg": with_size(encoded(quarters()), 65_500, 65_500),
    "progressive": with_size(
        encoded(quarters(), progressive=True).replace(b"\xff\xc2", b"\xff\xc0"), 65_500, 9_000
    ),
    "webp": extended_webp(16_384, 16_384),
    "gif": gif_header(65_535, 65_535),
    "avif": avif(9_000, 9_000),
    "heic": heic_that_says(9_000, 9_000),
    "tiff": tiff(60_000, 60_000),
    "thin tiff": tiff(1, 100_000_000),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_huge_picture_is_refused_by_its_header(name: str) -> None:
    rendering = rendered(TOO_LARGE[name], SIZES)

    assert rendering.outcome is Outcome.TOO_BIG
    assert "the limit is" in rendering.reason
    assert not rendering.previews


def test_refusal_says_the_numbers() -> None:
    assert rendered(png(12_000, 12_000, pixels=b"x")).reason == (
        "This picture has 144 megapixels; the limit is 100."
    )
    assert rendered(png(10_000, 10_001, pixels=b"x")).reason == (
        "This picture has a little over 100 megapixels; the limit is 100."
    )
    assert rendered(avif(8_000, 8_000)).reason == (
        "This picture has 64 megapixels; the limit is 50."
    )
    assert rendered(png(30_001, 1)).reason == (
        "This picture is 30,001 pixels long; the limit is 30,000."
    )


@pytest.mark.parametrize("name", TOO_LARGE)
def test_huge_picture_costs_next_to_nothing(name: str) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(TOO_LARGE[name])
        file.flush()
        answer = jailed(lambda: cost_of(file.fileno()), keep=[file.fileno()])

    kilobytes, milliseconds = (int(frame) for frame in answer.frames)
    assert kilobytes < 24_000
    assert milliseconds < 1_000  # of computing; most take one


def test_hundred_megapixels_are_shown() -> None:
    rendering = rendered(encoded(Image.new("L", (10_000, 10_000), 90)), SIZES)

    assert rendering.outcome is Outcome.OK


def test_facts_of_a_refused_picture_are_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0132] = "2024:02:29 23:59:58"
    facts = rendered(with_size(encoded(quarters(), exif=exif), 16_000, 12_000)).facts

    assert (facts.width, facts.height) == (12_000, 16_000)
    assert facts.taken is not None


def test_scan_bomb_is_refused() -> None:
    data = encoded(quarters(), progressive=True)
    last = data.rindex(b"\xff\xda")
    rendering = rendered(data[:-2] + data[last:-2] * 200 + b"\xff\xd9")

    assert (rendering.outcome, rendering.reason) == (
        Outcome.TOO_BIG,
        "This picture comes in more than 100 scans.",
    )


FLOODS = {
    "jpeg markers": lambda: b"\xff\xd8" + b"\xff\xfe\0\x02" * 1_000_000 + encoded(quarters())[2:],
    "jpeg metadata": lambda: (
        b"\xff\xd8" + (b"\xff\xe5\xff\xff" + bytes(65_533)) * 1_100 + encoded(quarters())[2:]
    ),
    "png chunks": lambda: png(8, 8, png_chunk(b"spAr", b"") * 500_000),
    "png text": lambda: png(8, 8, png_chunk(b"tEXt", b"a\0" + b"x" * 2_000_000)),
    "png packed text": lambda: png(
        8, 8, png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000)))
    ),
    "png many texts": lambda: png(
        8, 8, png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(60_000))) * 20
    ),
    "png foreign text": lambda: png(
        8, 8, png_chunk(b"iTXt", b"a\0\1\0en\0a\0" + zlib.compress(bytes(80_000_000)))
    ),
    "png profile": lambda: png(
        8, 8, png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(80_000_000)))
    ),
    "gif comments": lambda: gif_header(8, 8)[:19] + (b"!\xfe\xff" + bytes(255) + b"\0") * 9_000,
    "gif blocks": lambda: gif_header(8, 8)[:-5] + b"\x01\0" * 2_000_000,
    "webp chunks": lambda: b"RIFF\xff\xff\xff\0WEBP" + b"JUNK\0\0\0\0" * 500_000,
}


@pytest.mark.parametrize("name", FLOODS)
def test_flood_beside_the_pixels_is_bounded(name: str) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(FLOODS[name]())
        file.flush()
        answer = jailed(lambda: develop(file.fileno(), SIZES, 0), keep=[file.fileno()], cpu=2)

    assert not answer.killed
    assert b'"too_big"' in answer.frames[-1] or b'"damaged"' in answer.frames[-1]


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_frame_bomb_is_shown_by_its_first_frame(format: str) -> None:
    image = encoded(quarters(), format, save_all=True, append_images=[noise(96, 64)], duration=100)
    start = image.rindex(b"!\xf9\x04" if format == "GIF" else b"ANMF")
    data = image[:start] + image[start:].removesuffix(b";") * 20_000
    rendering = rendered(data)

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering)) == "RGBY"


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_truncated_jpeg_is_damaged_and_shown(options: dict[str, bool]) -> None:
    data = encoded(quarters(900, 600), quality=98, **options)
    rendering = rendered(data[: len(data) * 3 // 4], SIZES)

    assert rendering.outcome is Outcome.DAMAGED
    assert rendering.reason
    assert set(rendering.previews) == set(SIZES)
    assert corners(opened(rendering, "h240"))[:2] == "RG"
    assert rendering.facts.width == 900


def test_truncated_png_and_gif_are_damaged_and_shown() -> None:
    for format in ("PNG", "GIF"):
        data = encoded(noise(300, 200), format)
        rendering = rendered(data[: len(data) // 2], SIZES)

        assert rendering.outcome is Outcome.DAMAGED
        assert set(rendering.previews) == set(SIZES)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("length", [13, 20, 30])
def test_stump_is_damaged_without_previews(format: str, length: int) -> None:
    rendering = rendered(encoded(quarters(), format)[:length])

    assert rendering.outcome in (Outcome.DAMAGED, Outcome.UNSUPPORTED)
    assert rendering.reason
    assert not rendering.previews


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"<!DOCTYPE html><html><body>" + PAYLOAD,
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'https://example.com/x'",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"%PDF-1.7\n",
        b"P6 8 8 255\n" + bytes(192),
        b"#?RADIANCE\n",
    ],
)
def test_what_is_no_picture_is_unsupported(data: bytes) -> None:
    rendering = rendered(data)

    assert rendering.outcome is Outcome.UNSUPPORTED
    assert rendering.reason.endswith(".")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\x0a\xfa", "JPEG XL"),
        (b"BM" + bytes(12) + b"\x28\0\0\0", "BMP"),
    ],
)
def test_picture_we_cannot_show_yet_is_named(head: bytes, name: str) -> None:
    assert rendered(head + bytes(100)).reason == (
        f"We can’t show {name} pictures yet. The original is kept and can be downloaded."
    )


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf", "HEIC"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"MM\0*\0\0\0\x08", "TIFF"),
    ],
)
def test_kind_that_is_switched_off_is_named(head: bytes, name: str) -> None:
    rendering = rendered(head + bytes(100), off=("heic", "tiff"))

    assert rendering.outcome is Outcome.UNSUPPORTED
    assert rendering.reason == (
        f"{name} pictures are not shown in this gallery. "
        "The original is kept and can be downloaded."
    )


def polyglots() -> Iterator[bytes]:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("Evil.class", PAYLOAD)
    yield encoded(quarters(), "GIF") + archive.getvalue()
    yield encoded(quarters()) + PAYLOAD
    yield encoded(quarters(), comment=PAYLOAD)
    yield encoded(quarters(), exif=b"Exif\0\0" + PAYLOAD)
    yield encoded(quarters(), "PNG") + PAYLOAD
    yield encoded(quarters(), "WEBP", xmp=PAYLOAD)


@pytest.mark.parametrize("data", list(polyglots()), ids=range(6))
def test_polyglot_leaves_its_payload_behind(data: bytes) -> None:
    rendering = rendered(data, SIZES)

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering, "h240")) == "RGBY"
    assert not any(PAYLOAD[:8] in picture.data for picture in rendering.previews.values())
    assert not any(b"PK\x03\x04" in picture.data for picture in rendering.previews.values())


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_flipped_bytes_always_get_an_answer(format: str) -> None:
    chance = random.Random(format)
    whole = encoded(quarters(), format)
    for _ in range(20):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(12, len(data))] = chance.randrange(256)
        rendering = rendered(bytes(data))

        assert rendering.outcome is not Outcome.KILLED, rendering.reason


def cost_of(fd: int) -> Iterator[bytes]:
    """What developing takes: kilobytes of memory on top, and milliseconds of computing."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    list(develop(fd, SIZES, 0))
    after = resource.getrusage(resource.RUSAGE_SELF)
    yield b"%d" % (after.ru_maxrss - before.ru_maxrss)
    yield b"%d" % (1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
