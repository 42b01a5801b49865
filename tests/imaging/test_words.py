"""What people wrote under a picture: in XMP, in IPTC, in EXIF, and in which order they count."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.imaging import exif, iptc, xmp
from gallery.imaging.alarm import SECONDS
from gallery.imaging.header import Header
from gallery.imaging.jail import jailed
from gallery.imaging.said import report

from .blocks import (
    alternatives,
    bag,
    exif_of,
    facts_of,
    gif_with,
    jpeg_with,
    png_with,
    record,
    resources,
    webp_with,
    xmp_of,
)

CAT = xmp_of(alternatives("dc:description", x_default="A cat"))
UTF8 = record(90, b"\x1b%G", group=1)
FACE = "<xmp:Face><rdf:Description><dc:title>x</dc:title></rdf:Description></xmp:Face>"
SHUTTER = datetime(2018, 10, 27, 13, 27, 23)
BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""


@pytest.mark.parametrize(
    "data",
    [
        jpeg_with(xmp=CAT),
        png_with(CAT),
        png_with(CAT, zipped=True),
        webp_with(CAT),
        gif_with(CAT),
    ],
    ids=["jpeg", "png", "png zipped", "webp", "gif"],
)
def test_xmp_is_found_in_every_format(data: bytes) -> None:
    assert facts_of(data).caption == "A cat"


@pytest.mark.parametrize(
    ("elements", "caption"),
    [
        (alternatives("dc:description", de="Katze", x_default="Cat"), "Cat"),
        (alternatives("dc:description", de="Katze", fr="Chat"), "Katze"),
        (alternatives("dc:title", x_default="Title"), "Title"),
        (alternatives("dc:description", de=" ") + alternatives("dc:title", de="T"), "T"),
        ("<dc:description>bare</dc:description>", "bare"),
        (FACE, ""),
    ],
    ids=["default", "first", "title", "blank", "bare", "of a part"],
)
def test_caption_of_xmp(elements: str, caption: str) -> None:
    assert xmp.read(xmp_of(elements)).caption == caption


@pytest.mark.parametrize(
    ("text", "stars"), [("4", 4), ("3.0", 3), ("-1", 0), ("0", 0), ("6", None), ("many", None)]
)
@pytest.mark.parametrize("as_attribute", [True, False])
def test_rating(text: str, stars: int | None, as_attribute: bool) -> None:
    packet = (
        xmp_of(attributes=f'xmp:Rating="{text}"')
        if as_attribute
        else xmp_of(f"<xmp:Rating>{text}</xmp:Rating>")
    )

    assert report(exif.Exif(), Header(xmp=packet))["rating"] == stars


def test_keywords_come_once_and_in_their_order() -> None:
    facts = facts_of(jpeg_with(xmp=xmp_of(bag("sea", " cat ", "sea", "null", "a\tb"))))

    assert facts.keywords == ("sea", "cat", "a b")


@pytest.mark.parametrize(
    ("attribute", "taken", "offset"),
    [
        (
            'photoshop:DateCreated="2018-10-27T13:27:23.53"',
            SHUTTER.replace(microsecond=530_000),
            None,
        ),
        ('exif:DateTimeOriginal="2018-10-27T13:27:23-05:00"', SHUTTER, -300),
        ('photoshop:DateCreated="2018-10-27"', datetime(2018, 10, 27, 12), None),
        ('photoshop:DateCreated="2018"', None, None),
    ],
    ids=["clock", "zone", "day", "year"],
)
def test_moment_of_xmp(attribute: str, taken: datetime | None, offset: int | None) -> None:
    facts = facts_of(jpeg_with(xmp=xmp_of(attributes=attribute)))

    assert (facts.taken, facts.offset) == (taken, offset)


def test_iptc_is_read() -> None:
    records = [UTF8, record(120, "Über uns".encode()), record(25, b"sea"), record(25, b"sky")]
    date = [record(55, b"20190302"), record(60, b"101112+0100")]
    facts = facts_of(jpeg_with(iptc=resources(*records, *date)))

    assert (facts.caption, facts.keywords) == ("Über uns", ("sea", "sky"))
    assert (facts.taken, facts.offset) == (datetime(2019, 3, 2, 10, 11, 12), 60)


@pytest.mark.parametrize(
    "text", ["Über uns".encode(), "Über uns".encode("latin-1")], ids=["utf-8", "latin-1"]
)
def test_iptc_that_does_not_name_its_characters_is_guessed(text: bytes) -> None:
    assert iptc.read(resources(record(120, text))).caption == "Über uns"


def test_bare_records_are_read_too() -> None:
    assert iptc.read(record(120, b"Scan")).caption == "Scan"


def test_xmp_goes_before_iptc_and_iptc_before_exif() -> None:
    old, oldest = resources(record(120, b"IPTC")), exif_of({0x010E: "EXIF"})

    assert facts_of(jpeg_with(exif=oldest, iptc=old, xmp=CAT)).caption == "A cat"
    assert facts_of(jpeg_with(exif=oldest, iptc=old)).caption == "IPTC"
    assert facts_of(jpeg_with(exif=oldest)).caption == "EXIF"


def test_words_that_windows_wrote() -> None:
    tags = {0x9C9B: "Été".encode("utf-16-le"), 0x9C9E: "sea;sky".encode("utf-16-le"), 0x4746: 4}
    facts = facts_of(jpeg_with(exif=exif_of(tags)))

    assert (facts.caption, facts.keywords, facts.rating) == ("Été", ("sea", "sky"), 4)


@pytest.mark.parametrize(
    "junk",
    [
        "OLYMPUS DIGITAL CAMERA         ",
        "DCIM\\100MEDIA\\DJI_0001.JPG",
        "SAMSUNG",
        "SONY DSC",
        "MINOLTA DIGITAL CAMERA",
        "KODAK Digital Still Camera",
        "<KENOX S760  / Samsung S760>",
        "null",
        "          ",
        "Created with GIMP",
    ],
)
def test_what_only_cameras_write_is_no_caption(junk: str) -> None:
    assert facts_of(jpeg_with(exif=exif_of({0x010E: junk}))).caption == ""


def test_caption_about_a_camera_stays() -> None:
    caption = "My Olympus digital camera on the kitchen table"

    assert facts_of(jpeg_with(exif=exif_of({0x010E: caption}))).caption == caption


def test_text_keeps_lines_and_families_and_loses_controls() -> None:
    text = "<b>1</b>\r\n2\r3\t4\0\x1b\u202e👨\u200d👩\u200d👧"
    facts = facts_of(jpeg_with(iptc=resources(UTF8, record(120, text.encode()))))

    assert facts.caption == "<b>1</b>\n2\n3 4👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    "packet",
    [
        BOMB + b"<x>&b;</x>",
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + CAT.partition(b"?>")[2],
        CAT[:-40],
        b"\xff\xfe\0\xd8" * 100,
        b"<a>" * 300_000,
        b"<a " + b" ".join(b'b%d="c"' % n for n in range(100_000)) + b"/>",
    ],
    ids=["entities", "system", "cut off", "surrogates", "deep", "wide"],
)
def test_hostile_packet_says_nothing_and_soon(packet: bytes) -> None:
    answer = jailed(lambda: [xmp.read(packet).caption.encode()], cpu=3)

    assert (answer.killed, answer.frames) == ("", [b""])


@given(data=st.binary(max_size=400), head=st.integers(0, 300))
@settings(max_examples=150, deadline=SECONDS * 2000)
def test_garbage_never_raises(data: bytes, head: int) -> None:
    block = exif_of({0x010E: "x"}, {0x829A: 0.1}, {1: "N", 2: (1, 2, 3)})[:head] + data
    packet = CAT[: len(CAT) - head] + data
    records = resources(record(120, b"x"))[:head] + data

    said = report(exif.read(block), Header(xmp=packet, iptc=records))

    assert set(said) >= {"taken", "caption", "keywords", "rating"}
