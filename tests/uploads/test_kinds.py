"""What bytes are, with real encoders' bytes where there is an encoder."""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import time
import wave
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from gallery.uploads import ALL, Spool, UploadNotAllowed, kinds, same_kind, sniff
from gallery.uploads.extensions import IMAGES, MODERN_IMAGES, VIDEO

from .support import listing, make_set, upload


def picture(format: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, format)
    return file.getvalue()


def sound() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 8000, 0, "NONE", ""))
        writer.writeframes(bytes(100))
    return file.getvalue()


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as writer:
        writer.writestr("a.txt", "text")
    return file.getvalue()


def tape() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as writer:
        writer.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


def boxes(brand: str, *compatible: str) -> bytes:
    body = b"ftyp" + brand.encode() + bytes(4) + "".join(compatible).encode()
    return (len(body) + 4).to_bytes(4, "big") + body + b"\0\0\0\x08mdat"


def as_id(value: object) -> str:
    """Some encoders write the date, and each process must name the cases alike."""
    return "bytes" if isinstance(value, bytes) else str(value)


ENCODED = {
    "jpg": lambda: picture("JPEG"),
    "png": lambda: picture("PNG"),
    "gif": lambda: picture("GIF"),
    "webp": lambda: picture("WEBP"),
    "bmp": lambda: picture("BMP"),
    "tif": lambda: picture("TIFF"),
    "avif": lambda: picture("AVIF"),
    "pdf": lambda: picture("PDF"),
    "wav": sound,
    "zip": archive,
    "tar": tape,
    "gz": lambda: gzip.compress(b"text"),
    "bz2": lambda: bz2.compress(b"text"),
    "xz": lambda: lzma.compress(b"text"),
    "so": lambda: Path(sys.executable).read_bytes()[:4096],
}

WRITTEN = [
    ("heic", boxes("heic", "mif1", "heic")),
    ("heic", boxes("mif1", "heic")),
    ("heic", boxes("heix", "mif1")),
    ("heic", boxes("msf1")),
    ("avif", boxes("mif1", "avif", "miaf")),
    ("mp4", boxes("isom", "iso2", "avc1", "mp41")),
    ("mp4", boxes("XXXX", "isom")),
    ("mov", boxes("qt  ")),
    ("mov", b"\0\0\x10\0moov" + bytes(20)),
    ("m4a", boxes("M4A ", "mp42", "isom")),
    ("jxl", b"\xff\x0a" + bytes(20)),
    ("jxl", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(20)),
    ("webm", b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"),
    ("mkv", b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska"),
    ("avi", b"RIFF\x24\0\0\0AVI LIST"),
    ("mp3", b"ID3\x04\0\0\0\0\0\0"),
    ("mp3", b"\xff\xfb\x90\x64"),
    ("aac", b"\xff\xf1\x50\x80"),
    ("ogg", b"OggS\0\x02" + bytes(22) + b"\x01vorbis"),
    ("ogv", b"OggS\0\x02" + bytes(22) + b"\x80theora"),
    ("flac", b"fLaC\0\0\0\x22"),
    ("7z", b"7z\xbc\xaf\x27\x1c\0\x04"),
    ("exe", b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0"),
    ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("svg", b"\xef\xbb\xbf <?xml version='1.0'?><!-- a --><!DOCTYPE svg [<!ENTITY a 'b'>]>\n<svg>"),
    ("html", b"<!doctype HTML><p>"),
    ("html", b"\n<!-- a --><SCRIPT>alert(1)</SCRIPT>"),
    ("xml", b"<?xml version='1.0'?><rss/>"),
]


@pytest.mark.parametrize("ext", ENCODED)
def test_what_an_encoder_wrote_is_recognised(ext):
    kind = sniff(ENCODED[ext]()[:4096])

    assert kind.extensions[0] == ext


@pytest.mark.parametrize(("ext", "head"), WRITTEN, ids=as_id)
def test_a_signature_is_recognised(ext, head):
    assert sniff(head).extensions[0] == ext


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a",
        b"BMW, MZ and PKW",
        b"the free market",
        b"a,b\n1,2\n",
        b"{}",
        b"<3",
        "写真".encode(),
    ],
)
def test_text_is_no_kind(text):
    assert sniff(text) is None


@pytest.mark.parametrize("ext", ENCODED)
def test_a_file_that_is_what_it_says_is_saved(tmp_path, ext):
    photos = make_set(tmp_path, ALL, checks=[same_kind])

    assert photos.save(upload(f"a.{ext}", ENCODED[ext]())) == f"a.{ext}"


LIES = [
    *[("a.jpg", body()) for ext, body in ENCODED.items() if ext != "jpg"],
    *[("a.jpg", head) for _, head in WRITTEN],
    ("a.jpg", b""),
    ("a.jpg", b"just text"),
    ("a.png", ENCODED["jpg"]()),
    ("a.svg", b"<html><svg>"),
    ("a.svg", ENCODED["png"]()),
    ("a.pdf", b"no pdf"),
    ("a.txt", ENCODED["png"]()),
    ("a.txt", b"text\0and zeros"),
    ("a.csv", b"\x7fELF\x02"),
    ("a.docx", ENCODED["pdf"]()),
]


@pytest.mark.parametrize(("name", "body"), LIES, ids=as_id)
def test_a_file_that_is_something_else_is_refused(tmp_path, name, body):
    with pytest.raises(UploadNotAllowed) as refusal:
        make_set(tmp_path, ALL, checks=[same_kind]).save(upload(name, body))

    assert (refusal.value.code, listing(tmp_path)) == (415, [])
    assert name.partition(".")[2] in refusal.value.description


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.txt", b"text"),
        ("a.txt", b"<html> is how a page begins"),
        ("a.txt", "写真".encode("utf-16")),
        ("a.csv", b""),
        ("a.xml", b"<svg/>"),
        ("a.plist", b"bplist00\xd1\0"),
        ("a.plist", b"<?xml version='1.0'?><plist/>"),
        ("a.docx", ENCODED["zip"]()),
        ("a.tgz", ENCODED["gz"]()),
        ("a.heif", boxes("heic")),
        ("a.jpeg", ENCODED["jpg"]()),
        ("a.unheard", ENCODED["pdf"]()),
    ],
    ids=as_id,
)
def test_what_does_not_contradict_is_saved(tmp_path, name, body):
    assert make_set(tmp_path, ALL, checks=[same_kind]).save(upload(name, body)) == name


def test_every_extension_of_the_picture_presets_has_a_kind():
    assert set(IMAGES + MODERN_IMAGES + VIDEO) <= set(kinds.BY_EXTENSION)


@pytest.mark.parametrize(
    "head", [b"<!-- -->" * 500, b"<?a?>" * 800, b" " * 4096, b"<!--" * 1000], ids=as_id
)
def test_no_head_takes_long_to_look_at(head):
    start = time.perf_counter()

    sniff(head)

    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize(
    ("name", "body", "type"),
    [
        ("a.jpg", ENCODED["jpg"](), "image/jpeg"),
        ("a.txt", b"text", "text/plain"),
        ("a.jpg", b"text", "application/octet-stream"),
        ("a.html", b"<html>", "text/html"),
        ("a.png", b"<html>", "text/html"),
        ("a.mov", boxes("qt  "), "video/quicktime"),
        ("a.unheard", b"?", "application/octet-stream"),
    ],
    ids=as_id,
)
def test_the_type_of_a_saved_file_is_that_of_its_bytes(tmp_path, name, body, type):
    assert make_set(tmp_path, ALL).save(upload(name, body)).type == type


def test_a_check_sees_the_spool_and_the_final_name(tmp_path):
    seen = []

    def check(spool: Spool, name: str) -> None:
        seen.append((spool.size, spool.read(), name))

    make_set(tmp_path, ALL, checks=[check]).save(upload("a.txt", b"text"), name="b/C.TXT")

    assert seen == [(4, b"text", "C.txt")]
