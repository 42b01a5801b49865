"""Hostile videos, recordings, HEICs and TIFFs, one line each: an answer in bounds for every one."""

import base64
import struct
import tempfile
import zlib
from collections.abc import Callable
from fractions import Fraction

import pytest
from PIL import Image

from gallery.imaging import Outcome
from gallery.imaging import film as film_reader
from gallery.imaging.develop import develop
from gallery.imaging.jail import jailed

from . import films
from .films import COVER, EBML, FTYP, box, element, film, recording
from .pictures import SIZES, corners, encoded, heic, noise, opened, quarters, rendered
from .test_hostile import PAYLOAD, png, png_chunk, tiff

GIB = 1 << 30
WHOLE: dict[str, Callable[[], bytes]] = {
    "mp4": lambda: films.plain_mp4(),
    "mov in pieces": lambda: film("mov", movflags="frag_keyframe+empty_moov"),
    "webm": lambda: films.webm(),
    "avi": lambda: film("avi", "mpeg4", sound="libmp3lame"),
    "mp3": lambda: films.with_id3_cover(films.mp3(), COVER),
    "m4a": lambda: films.with_m4a_cover(recording("ipod", "aac"), COVER),
    "flac": lambda: films.with_flac_cover(recording("flac", "flac"), COVER),
    "ogg": lambda: recording("ogg", "libopus"),
    "wav": lambda: recording("wav", "pcm_s16le"),
    "aac": lambda: recording("adts", "aac"),
    "heic": lambda: heic(quarters()),
    "heic in tiles": lambda: heic(quarters(600, 500), tile_size=256),
    "avif": lambda: encoded(quarters(), "AVIF"),
    "tiff": lambda: encoded(noise(90, 60), "TIFF"),
    "packed tiff": lambda: encoded(noise(90, 60), "TIFF", compression="tiff_lzw"),
    "animated png": lambda: encoded(
        quarters(), "PNG", save_all=True, append_images=[noise(96, 64)]
    ),
    "webp": lambda: encoded(noise(90, 60), "WEBP"),
    "mpo": lambda: encoded(quarters(), "MPO", save_all=True, append_images=[noise(96, 64)]),
}


@pytest.mark.parametrize("eighths", [(1, 4, 7), pytest.param((2, 3, 5, 6), marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", WHOLE)
def test_a_file_cut_anywhere_has_an_answer(name: str, eighths: tuple[int, ...]) -> None:
    whole = WHOLE[name]()
    for eighth in eighths:
        rendering = rendered(whole[: len(whole) * eighth // 8])

        assert rendering.outcome is not Outcome.KILLED, rendering.reason
        assert rendering.reason or rendering.outcome is Outcome.OK


@pytest.mark.parametrize("name", WHOLE)
def test_flipped_bytes_have_an_answer(name: str) -> None:
    whole = WHOLE[name]()
    for step in range(12):
        data = bytearray(whole)
        for at in range(16 + step * 7, min(len(data), 4000), 211 + step):
            data[at] ^= 1 << step % 8
        rendering = rendered(bytes(data))

        assert rendering.outcome is not Outcome.KILLED, rendering.reason


def nested(names: list[bytes], depth: int) -> bytes:
    data = b""
    for level in range(depth):
        data = box(names[level % len(names)], data)
    return data


def nested_elements(name: bytes, depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        data = element(name, data)
    return data


def replaced(data: bytes, name: bytes, offset: int, by: bytes) -> bytes:
    at = data.index(name) + offset
    return data[:at] + by + data[at + len(by) :]


def with_table(name: bytes, count: int) -> bytes:
    """A video one of whose tables says that it has so many entries."""
    skip = 12 if name == b"stsz" else 8
    return replaced(films.plain_mp4(), name, skip, count.to_bytes(4))


def vp8_that_says(width: int, height: int) -> bytes:
    data = film("webm", "libvpx")
    return data.replace(
        b"\x9d\x01\x2a\x60\0\x40\0", b"\x9d\x01\x2a" + struct.pack("<HH", width, height)
    )


def heic_of_items(count: int) -> bytes:
    """A HEIC with as many items as it likes, all the same."""
    entries = b"".join(
        box(b"infe", struct.pack(">IHH4s", 2 << 24, n + 1, 0, b"hvc1") + b"\0")
        for n in range(count)
    )
    places = b"".join(struct.pack(">HHHII", n + 1, 0, 1, 0, 8) for n in range(count))
    inside = (
        box(b"hdlr", bytes(8) + b"pict" + bytes(13))
        + box(b"pitm", struct.pack(">IH", 0, 1))
        + box(b"iinf", struct.pack(">IH", 0, count) + entries)
        + box(b"iloc", struct.pack(">IBBH", 0, 0x44, 0, count) + places)
    )
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(4) + inside)


def heic_of_a_grid(rows: int, columns: int, width: int, height: int) -> bytes:
    whole = heic(quarters(600, 500), tile_size=256)
    at = whole.index(b"\0\0\1\2" + struct.pack(">HH", 600, 500))
    grid = bytes([0, 0, rows, columns]) + struct.pack(">HH", width, height)
    whole = whole[:at] + grid + whole[at + 8 :]
    return whole.replace(
        b"ispe\0\0\0\0" + struct.pack(">II", 600, 500),
        b"ispe\0\0\0\0" + struct.pack(">II", width, height),
    )


def reference_movie(place: bytes) -> bytes:
    """A video whose frames are said to lie in another file."""
    return replaced(films.plain_mp4(), b"url \0\0\0\1", 4, b"\0\0\0\0") + box(
        b"moov",
        box(
            b"rmra",
            box(b"rmda", box(b"rdrf", bytes(4) + b"url " + struct.pack(">I", len(place)) + place)),
        ),
    )


def thousand_streams() -> bytes:
    track = element(
        b"\xae", element(b"\xd7", b"\1") + element(b"\x83", b"\1") + element(b"\x86", b"V_VP9")
    )
    return EBML + element(b"\x18\x53\x80\x67", element(b"\x16\x54\xae\x6b", track * 5_000))


BOMBS: dict[str, Callable[[], bytes]] = {
    # boxes
    "moov of a GiB": lambda: FTYP + box(b"moov", bytes(100), size=GIB),
    "box of no size": lambda: FTYP + box(b"moov", bytes(100), size=0),
    "box of one byte": lambda: FTYP + box(b"moov", bytes(100), size=3),
    "box of 2^62 bytes": lambda: FTYP + struct.pack(">I4sQ", 1, b"moov", 1 << 62) + bytes(100),
    # Of a million, FFmpeg alone takes the two seconds on a slow machine.
    "half a million boxes": lambda: FTYP + box(b"free") * 500_000,
    "a million boxes in moov": lambda: FTYP + box(b"moov", box(b"trak") * 1_000_000),
    "boxes 20,000 deep": lambda: FTYP + nested([b"moov", b"trak", b"mdia", b"minf"], 20_000),
    "metadata 20,000 deep": lambda: (
        FTYP + box(b"moov", nested([b"udta", b"meta", b"ilst"], 20_000))
    ),
    "moov in itself without end": lambda: FTYP + box(b"moov", size=100) * 200_000,
    "4 billion sizes": lambda: with_table(b"stsz", (1 << 32) - 1),
    "4 billion times": lambda: with_table(b"stts", (1 << 32) - 1),
    "4 billion chunks": lambda: with_table(b"stsc", (1 << 32) - 1),
    "4 billion offsets": lambda: with_table(b"stco", (1 << 32) - 1),
    "100 million entries of one kind": lambda: with_table(b"stsd", 100_000_000),
    "a film of an age": lambda: replaced(films.plain_mp4(), b"mvhd", 20, b"\xff\xff\xff\xff"),
    "no time base": lambda: replaced(films.plain_mp4(), b"mdhd", 16, bytes(4)),
    "frames in another file": lambda: reference_movie(b"file:///etc/passwd\0"),
    "frames on a server": lambda: reference_movie(b"http://127.0.0.1:9/x.mov\0"),
    "packed moov": lambda: (
        FTYP
        + box(
            b"moov",
            box(
                b"cmov",
                box(b"dcom", b"zlib")
                + box(b"cmvd", struct.pack(">I", GIB) + zlib.compress(bytes(50_000_000))),
            ),
        )
    ),
    "text without end": lambda: (
        FTYP + box(b"moov", box(b"udta", box(b"\xa9nam", bytes(20_000_000))))
    ),
    # elements
    "EBML of no size": lambda: EBML + element(b"\x18\x53\x80\x67", bytes(100), size=(1 << 56) - 1),
    "EBML of 2^55 bytes": lambda: EBML + element(b"\x18\x53\x80\x67", bytes(100), size=1 << 55),
    "EBML header of a GiB": lambda: EBML[:4] + b"\x08\x3f\xff\xff\xff" + EBML[12:] + bytes(100),
    "EBML 20,000 deep": lambda: EBML + nested_elements(b"\x18\x53\x80\x67", 20_000),
    "a million voids": lambda: EBML + element(b"\x18\x53\x80\x67", b"\xec\x80" * 1_000_000),
    "a thousand streams": thousand_streams,
    "a codec's data of a GiB": lambda: (
        EBML
        + element(
            b"\x18\x53\x80\x67",
            element(
                b"\x16\x54\xae\x6b", element(b"\xae", element(b"\x63\xa2", bytes(64), size=GIB))
            ),
        )
    ),
    # pictures in motion
    "VP8 of 16,383 squared": lambda: vp8_that_says(16_383, 16_383),
    "VP8 that is thin": lambda: vp8_that_says(1, 16_383),
    "MJPEG of 60,000 squared": lambda: film("mov", "mjpeg", pix_fmt="yuvj420p").replace(
        struct.pack(">HH", 64, 96), struct.pack(">HH", 60_000, 60_000)
    ),
    "H.264 of 30,000 squared by its container": lambda: films.plain_mp4().replace(
        struct.pack(">HH", 96, 64) + b"\0\x48", struct.pack(">HH", 30_000, 30_000) + b"\0\x48"
    ),
    "pixels of 1:30,000": lambda: film(pixel=Fraction(30_000, 1)),
    # covers
    "cover that is a flood": lambda: films.with_id3_cover(
        films.mp3(), png(60_000, 60_000, pixels=zlib.compress(bytes(1000))), b"image/png"
    ),
    "cover of text": lambda: films.with_id3_cover(
        films.mp3(), png(8, 8, *[png_text()] * 40), b"image/png"
    ),
    "cover that is a page": lambda: films.with_id3_cover(films.mp3(), PAYLOAD, b"text/html"),
    "cover that is a drawing": lambda: films.with_id3_cover(
        films.mp3(), b"<svg/>", b"image/svg+xml"
    ),
    "cover that is nothing": lambda: films.with_id3_cover(films.mp3(), b""),
    "cover that is a film": lambda: films.with_id3_cover(films.mp3(), films.plain_mp4()),
    "cover of a FLAC that is a flood": lambda: films.with_flac_cover(
        recording("flac", "flac"), png(60_000, 60_000, pixels=b"x")
    ),
    "cover of an M4A that is a flood": lambda: films.with_m4a_cover(
        recording("ipod", "aac"), png(60_000, 60_000, pixels=b"x")
    ),
    "attachment that is a page": lambda: films.with_mkv_cover(PAYLOAD),
    "ID3 of 256 MB": lambda: b"ID3\3\0\0\x7f\x7f\x7f\x7f" + films.mp3(),
    "ten thousand ID3": lambda: b"ID3\3\0\0\0\0\0\0" * 10_000 + films.mp3(),
    "WAV of 4 GB": lambda: (
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0" + bytes(16) + b"data\xff\xff\xff\xff"
    ),
    "WAV of 300,000 chunks": lambda: b"RIFF\xff\xff\xff\xffWAVE" + b"JUNK\0\0\0\0" * 300_000,
    "OGG of a million pages": lambda: (b"OggS\0\2" + bytes(20) + b"\0") * 500_000,
    "OGG cover that is a flood": lambda: recording(
        "ogg", "libopus", METADATA_BLOCK_PICTURE=picture()
    ),
    "FLAC of a million blocks": lambda: b"fLaC\0\0\0\x22" + bytes(34) + b"\1\0\0\0" * 1_000_000,
    "AAC that is noise": lambda: b"\xff\xf1" + noise(900, 900).tobytes(),
    "MP3 that is noise": lambda: b"\xff\xfb" + noise(900, 900).tobytes(),
    "AVI of lists in lists": lambda: (
        b"RIFF\xff\xff\xff\x7fAVI " + b"LIST\xff\xff\xff\x7fhdrl" * 100_000
    ),
    # texts under a film's first bytes
    "playlist behind a box": lambda: FTYP + b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "script behind a box": lambda: FTYP + b"ffconcat version 1.0\nfile /etc/passwd\n",
    # pictures
    "HEIC of 5,000 items": lambda: heic_of_items(5_000),
    "HEIC of 60,000 items": lambda: heic_of_items(60_000),
    "HEIC of a huge grid": lambda: heic_of_a_grid(256 - 1, 256 - 1, 65_000, 65_000),
    "HEIC of a grid without tiles": lambda: heic_of_a_grid(200, 200, 7_000, 7_000),
    "HEIC smaller than it says": lambda: resized(heic(quarters()), 6_000, 8_000),
    "HEIC larger than it says": lambda: resized(heic(quarters(3000, 2000)), 96, 64),
    "HEIC 20,000 boxes deep": lambda: (
        box(b"ftyp", b"heic\0\0\0\0mif1heic") + nested([b"meta", b"iprp", b"ipco"], 20_000)
    ),
    "AVIF of a GiB": lambda: (
        box(b"ftyp", b"avif\0\0\0\0mif1avif") + box(b"meta", bytes(40), size=GIB)
    ),
    "TIFF whose directory is itself": lambda: tiff(8, 8, (34665, 4, 1, 8), (34853, 4, 1, 8)),
    "TIFF of 4 billion strips": lambda: tiff(
        8, 8, (273, 4, (1 << 32) - 1, 8), (279, 4, (1 << 32) - 1, 8)
    ),
    "TIFF with its directory outside": lambda: tiff(8, 8)[:4] + b"\xff\xff\xff\xff",
    "TIFF of strips that are far away": lambda: tiff(
        9_000,
        9_000,
        (258, 3, 1, 8),
        (273, 4, 1, 1 << 31),
        (278, 4, 1, 9_000),
        (279, 4, 1, 81_000_000),
    ),
    "TIFF of one tile": lambda: tiff(
        100,
        100,
        (258, 3, 1, 8),
        (322, 4, 1, 1 << 30),
        (323, 4, 1, 1 << 30),
        (324, 4, 1, 8),
        (325, 4, 1, 8),
    ),
    "TIFF of deflated nothing": lambda: encoded(
        Image.new("L", (9_900, 9_900)), "TIFF", compression="tiff_adobe_deflate"
    ),
    "TIFF of 65,535 samples": lambda: tiff(
        3_000, 3_000, (258, 3, 1, 8), (277, 3, 1, 65_535), (273, 4, 1, 8)
    ),
    "BigTIFF of nowhere": lambda: b"II+\0\x08\0\0\0" + b"\xff" * 8 + bytes(100),
}


def png_text() -> bytes:
    return png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(500_000)))


def picture() -> str:
    flood = png(60_000, 60_000, pixels=b"x")
    head = (
        struct.pack(">II", 3, 9) + b"image/png" + struct.pack(">IIIIII", 0, 1, 1, 24, 0, len(flood))
    )
    return base64.b64encode(head + flood).decode()


def resized(data: bytes, width: int, height: int) -> bytes:
    return replaced(data, b"ispe", 8, struct.pack(">II", width, height))


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_has_an_answer_in_two_seconds_and_a_gib(name: str) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(BOMBS[name]())
        file.flush()
        answer = jailed(
            lambda: develop(file.fileno(), SIZES, 0),
            keep=[file.fileno()],
            cpu=2,
            memory=GIB,
        )

    assert not answer.killed, answer.killed
    assert not any(b"root:" in frame or PAYLOAD[:8] in frame for frame in answer.frames)


LIES = {
    "page": b"<!DOCTYPE html><html><body>" + PAYLOAD,
    "script": PAYLOAD,
    "drawing": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd",
    "master playlist": b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://127.0.0.1:9/x.m3u8",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "DASH": b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'/>",
    "SDP": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 9 RTP/AVP 96\n",
    "subtitles": b"1\n00:00:00,000 --> 00:00:01,000\n<script>\n",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "PDF": b"%PDF-1.7\n",
    "MVG": b"push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'https://example.com/x'",
    "MPEG-TS": (b"G" + bytes(187)) * 20,
    "FLV": b"FLV\1\5\0\0\0\x09" + bytes(100),
    "IFF": b"FORM\0\0\1\0ILBM" + bytes(100),
    "XWM of zeros": bytes(4096),
}


@pytest.mark.parametrize("name", LIES)
def test_lie_is_given_to_no_reader(name: str) -> None:
    assert rendered(LIES[name]).outcome is Outcome.UNSUPPORTED


def test_video_of_too_many_pixels_is_not_decoded() -> None:
    data, much = film("mov", "mjpeg", pix_fmt="yuvj420p"), struct.pack(">HH", 30_000, 30_000)
    for sides in (struct.pack(">HH", 96, 64), struct.pack(">HH", 64, 96)):
        data = data.replace(sides, much)
    rendering = rendered(data)

    assert rendering.outcome is Outcome.UNSUPPORTED
    assert rendering.reason.startswith("No picture of this video can be shown.")


@pytest.mark.parametrize("name", ["mp4", "mp3", "webm"])
def test_film_that_takes_too_long_is_given_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_reader, "PATIENCE", -1.0)
    rendering = rendered(WHOLE[name]())

    assert rendering.outcome is Outcome.TOO_BIG
    assert rendering.reason == "This file is made of more parts than we have time to read."


def test_a_film_of_20_gb_is_read_where_it_matters() -> None:
    """A file with a hole of that size between its first box and the rest."""
    data = films.plain_mp4()
    with tempfile.TemporaryFile() as file:
        hole = 20_000_000_000
        file.write(FTYP + struct.pack(">I4sQ", 1, b"free", hole + 16))
        file.seek(len(FTYP) + 16 + hole)
        file.write(with_long_offsets(data, hole + len(FTYP) + 16))
        file.flush()
        answer = jailed(
            lambda: develop(file.fileno(), SIZES, 0), keep=[file.fileno()], cpu=2, memory=GIB
        )

    assert not answer.killed
    assert b'"outcome": "ok"' in b"".join(answer.frames[:4])


def with_long_offsets(data: bytes, by: int) -> bytes:
    """The boxes with tables of offsets of 64 bits, so that the frames can lie anywhere."""
    out, at = b"", 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + size]
        if name in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
            body = with_long_offsets(body, by)
        if name == b"stco":
            offsets = struct.iter_unpack(">I", body[8:])
            name, body = b"co64", body[:8] + b"".join(struct.pack(">Q", o + by) for (o,) in offsets)
        out += box(name, body)
        at += size
    return out


@pytest.mark.parametrize("kind", ["mp4", "webm", "motion photo", "mpo", "jpeg", "heic", "tiff"])
def test_no_place_is_in_any_preview(kind: str) -> None:
    place = Image.Exif()
    place[0x010E] = "<script>SECRET</script>"
    place.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    other = noise(96, 64)
    other.info["exif"] = place.tobytes()
    data = {
        "mp4": lambda: films.plain_mp4(),
        "webm": lambda: film("webm", "libvpx", metadata={"location": "+52.5200+013.4050/"}),
        "motion photo": lambda: encoded(quarters(), exif=place) + films.plain_mp4(),
        "mpo": lambda: encoded(quarters(), "MPO", save_all=True, append_images=[other], exif=place),
        "jpeg": lambda: encoded(quarters(), exif=place, xmp=b"<x exif:GPSLatitude='52,31N'/>"),
        "heic": lambda: heic(quarters(), exif=place.tobytes(), xmp=b"<x exif:GPSLatitude='5'/>"),
        "tiff": lambda: encoded(quarters(), "TIFF", exif=place),
    }[kind]()
    rendering = rendered(data, SIZES)

    assert rendering.outcome is Outcome.OK
    assert corners(opened(rendering, "h240")) == "RGBY"
    for name, preview in rendering.previews.items():
        assert not opened(rendering, name).getexif()
        for secret in (b"+52.52", b"GPS", b"SECRET", b"Exif", b"moov", b"http:"):
            assert secret not in preview.data
