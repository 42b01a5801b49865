"""What a camera writes of itself, of the exposure and of the place."""

from datetime import datetime

import pytest
from PIL.TiffImagePlugin import IFDRational

from gallery.imaging import Facts
from gallery.imaging.exif import camera

from .blocks import IN_PARTS, exif_of, facts_of, jpeg_with

EXPOSURE = {
    0x829A: IFDRational(1, 250),
    0x829D: IFDRational(28, 10),
    0x8827: 400,
    0x920A: IFDRational(35, 1),
}
N_E = {1: "N", 3: "E"}


def test_camera_lens_and_exposure_are_read() -> None:
    facts = with_exif(
        {0x010F: "FUJIFILM", 0x0110: "X-T5"},
        {0xA434: "XF 23mm F1.4", **EXPOSURE},
    )

    assert (facts.camera, facts.lens) == ("FUJIFILM X-T5", "XF 23mm F1.4")
    assert facts.exposure == pytest.approx(1 / 250)
    assert (facts.aperture, facts.iso, facts.focal_length) == (pytest.approx(2.8), 400, 35)


@pytest.mark.parametrize(
    ("make", "model", "name"),
    [
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("OLYMPUS IMAGING CORP.  ", "u1020,S1020     ", "OLYMPUS u1020,S1020"),
        ("LEICA CAMERA AG", "LEICA T (Typ 701)", "LEICA T (Typ 701)"),
        ("EASTMAN KODAK COMPANY", "KODAK DX6490", "KODAK DX6490"),
        ("samsung", "SM-G935L", "Samsung SM-G935L"),
        ("SONY", "", "SONY"),
        ("", "X100", "X100"),
        ("", "", ""),
    ],
)
def test_make_is_said_once(make: str, model: str, name: str) -> None:
    assert camera(make, model) == name


@pytest.mark.parametrize("tag", [0x829A, 0x829D, 0x920A])
def test_division_by_zero_is_no_measure(tag: int) -> None:
    facts = with_exif(camera={tag: IFDRational(0, 0)})

    assert (facts.exposure, facts.aperture, facts.focal_length) == (None, None, None)


def test_iso_too_large_for_its_field_stands_in_another() -> None:
    assert with_exif(camera={0x8827: 65535, 0x8832: 102400}).iso == 102400


def test_text_that_is_not_utf8_is_read_as_old_cameras_wrote_it() -> None:
    block = exif_of({0x010F: "Make"}, {0xA434: "50 mm @toile"}).replace(b"@", b"\xe9")

    assert facts_of(jpeg_with(exif=block)).lens == "50 mm étoile"


def test_place_is_read_in_degrees() -> None:
    facts = with_exif(gps={**IN_PARTS, **N_E, 5: 0, 6: 35.0})

    assert facts.latitude == pytest.approx(48.8584)
    assert facts.longitude == pytest.approx(2.2945)
    assert facts.altitude == 35


def test_south_west_and_below_the_sea_are_negative() -> None:
    facts = with_exif(gps={**IN_PARTS, 1: "S", 3: "W", 5: b"\1", 6: 12.5})

    assert facts.latitude == pytest.approx(-48.8584)
    assert facts.longitude == pytest.approx(-2.2945)
    assert facts.altitude == -12.5


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {**IN_PARTS},
        {1: "N", 2: IN_PARTS[2]},
        {**N_E, 2: (0, 0, 0), 4: (0, 0, 0)},
        {**N_E, 2: (91, 0, 0), 4: (2, 0, 0)},
        {**N_E, 2: (48, 0, 0), 4: (180, 0, 1)},
        {**N_E, 2: (IFDRational(0, 0),) * 3, 4: (IFDRational(0, 0),) * 3},
    ],
    ids=["empty", "no sides", "half", "null island", "too far north", "too far east", "0/0"],
)
def test_what_is_no_place_gives_none(gps: dict[int, object]) -> None:
    facts = with_exif(gps=gps)

    assert (facts.latitude, facts.longitude, facts.altitude) == (None, None, None)


@pytest.mark.parametrize(
    ("date", "time", "instant"),
    [
        ("2017:02:09", (18, 51, 28.5), datetime(2017, 2, 9, 18, 51, 28, 500_000)),
        ("2017:02:30", (18, 51, 28), None),
        ("2017:02:09", (24, 0, 0), None),
        ("2017:02:09", (IFDRational(0, 0),) * 3, None),
        ("", (18, 51, 28), None),
    ],
    ids=["whole", "no such day", "no such hour", "0/0", "no date"],
)
def test_instant_by_satellite(date: str, time: tuple[float, ...], instant: datetime | None) -> None:
    assert with_exif(gps={29: date, 7: time}).instant == instant


def with_exif(
    image: dict[int, object] | None = None,
    camera: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
) -> Facts:
    return facts_of(jpeg_with(exif=exif_of({0x010F: "Make"} | (image or {}), camera, gps)))
