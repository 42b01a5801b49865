"""What is learned of a picture beside its pixels."""

from datetime import datetime

import pytest
from PIL import Image

from gallery.imaging import Facts, exif
from gallery.imaging.jail import jailed

from .pictures import SMALL, encoded, quarters, rendered

ORIGINAL, DIGITIZED, CHANGED = 0x9003, 0x9004, 0x0132


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_moment_of_the_shutter_is_read(format: str) -> None:
    facts = facts_with({ORIGINAL: "2024:02:29 23:59:58", 0x9291: "12", 0x9011: "+05:30"}, format)

    assert facts.taken == datetime(2024, 2, 29, 23, 59, 58, 120_000)
    assert facts.offset == 330


def test_later_dates_stand_in() -> None:
    assert facts_with({DIGITIZED: "2001:01:01 01:01:01"}).taken == datetime(2001, 1, 1, 1, 1, 1)
    assert facts_with({CHANGED: "2002:02:02 02:02:02"}).taken == datetime(2002, 2, 2, 2, 2, 2)


def test_clock_that_was_never_set_says_nothing() -> None:
    for text in (
        "0000:00:00 00:00:00",
        "1970:01:01 00:00:00",
        "1980:01:01 00:00:00",
        "    :  :     :  :  ",
        "2024:13:01 00:00:00",
        "",
        "x" * 19,
    ):
        assert facts_with({ORIGINAL: text}).taken is None


def test_date_of_another_field_is_taken_with_its_own_offset() -> None:
    facts = facts_with(
        {ORIGINAL: "0000:00:00 00:00:00", 0x9011: "+05:30", CHANGED: "2002:02:02 02:02:02"}
    )

    assert (facts.taken, facts.offset) == (datetime(2002, 2, 2, 2, 2, 2), None)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Z", 0),
        ("-03:30", -210),
        ("+14:00", 840),
        ("+15:00", None),
        ("-99:99", None),
        ("east", None),
    ],
)
def test_offset(text: str, minutes: int | None) -> None:
    assert facts_with({ORIGINAL: "2024:02:29 23:59:58", 0x9011: text}).offset == minutes


def test_picture_without_a_date_has_none() -> None:
    assert rendered(encoded(quarters())).facts.taken is None


def test_hostile_block_is_read_no_longer_than_half_a_second() -> None:
    # 5,000 directories, each of which claims thousands of entries of a thousand numbers
    block = b"II*\0\x08\0\0\0" + b"\x88\x13\x0f\x00\x03\x00\xe0\x03\0\0\x10\0" * 5_400
    answer = jailed(lambda: [str(exif.read(block) == exif.Exif()).encode()], cpu=2)

    assert answer.frames == [b"True"]


def test_random_blocks_are_read_as_nothing() -> None:
    data = encoded(quarters(), exif=exif_of({ORIGINAL: "2024:02:29 23:59:58"}))
    start = data.index(b"Exif\0\0") + 6
    for n in range(40):
        broken = bytearray(data)
        broken[start + n] ^= 0xFF
        assert rendered(bytes(broken), SMALL).outcome.value == "ok"


def facts_with(tags: dict[int, str], format: str = "JPEG") -> Facts:
    return rendered(encoded(quarters(), format, exif=exif_of(tags)), {}).facts


def exif_of(tags: dict[int, str]) -> Image.Exif:
    block = Image.Exif()
    block[0x010F] = "Camera"
    for tag, text in tags.items():
        (block if tag == CHANGED else block.get_ifd(0x8769))[tag] = text
    return block
