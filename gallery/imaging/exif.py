"""Reads from an EXIF block when, where and how a photo was taken, and which way up."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import exifread

from .alarm import within
from .clocks import UNKNOWN, Clock, exif_clock
from .gps import place_and_instant
from .tags import Tags

# The moment of the shutter first; the date of the file's last change is better than none.
_MOMENTS = [
    ("EXIF DateTimeOriginal", "EXIF SubSecTimeOriginal", "EXIF OffsetTimeOriginal"),
    ("EXIF DateTimeDigitized", "EXIF SubSecTimeDigitized", "EXIF OffsetTimeDigitized"),
    ("Image DateTime", "EXIF SubSecTime", "EXIF OffsetTime"),
]
# What a company adds to its name; "LEICA CAMERA AG" is LEICA to whoever bought one.
_COMPANY = re.compile(
    r"[ ,]+((camera|computer|electric|imaging|optical)[ ,]+)?"
    r"(ag|co\.?,? ?ltd\.?|company|corp\.?|corporation|gmbh|inc\.?|ltd\.?)$",
    re.IGNORECASE,
)
_SEE_ELSEWHERE = 65535  # an ISO that two bytes can't hold


@dataclass(frozen=True)
class Exif:
    """What we read of a block.

    :param orientation: 1 to 8, as EXIF counts; 1 when it is not said.
    :param clock: the camera's clock.
    :param facts: what is known of camera, exposure and place, under the names of `Facts`.
    :param caption: what stands in it for one, junk and all.
    :param keywords: likewise.
    :param rating: stars.
    """

    orientation: int = 1
    clock: Clock = UNKNOWN
    facts: Mapping[str, object] = field(default_factory=dict)
    caption: str = ""
    keywords: tuple[str, ...] = ()
    rating: float | None = None


def read(block: bytes) -> Exif:
    """Read an EXIF block. Whatever it holds, this returns, and soon."""
    return within(lambda: _exif(block.removeprefix(b"Exif\0\0")), Exif()) if block else Exif()


def _exif(block: bytes) -> Exif:
    tags = Tags(exifread.process_file(io.BytesIO(block), details=False, extract_thumbnail=False))
    orientation = tags.number("Image Orientation", least=1, most=8)
    return Exif(
        orientation=int(orientation or 1),
        clock=_clock(tags),
        facts=_exposure(tags) | place_and_instant(tags),
        caption=tags.windows("XPTitle") or tags.text("Image ImageDescription"),
        keywords=tuple(tags.windows("XPKeywords").split(";")),
        rating=tags.number("Image Rating", least=0, most=5),
    )


def _clock(tags: Tags) -> Clock:
    for names in _MOMENTS:
        clock = exif_clock(*map(tags.text, names))
        if clock.taken is not None:
            return clock
    return UNKNOWN


def _exposure(tags: Tags) -> dict[str, object]:
    iso = tags.number("EXIF ISOSpeedRatings", least=1, most=10_000_000)
    if iso == _SEE_ELSEWHERE:
        iso = tags.number("EXIF RecommendedExposureIndex", least=1, most=10_000_000)
    lens = tags.text("EXIF LensModel")
    return {
        "camera": camera(tags.text("Image Make"), tags.text("Image Model")),
        "lens": lens if re.search(r"[A-Za-z1-9]", lens) else "",
        "exposure": tags.number("EXIF ExposureTime", least=1e-9, most=86_400),
        "aperture": tags.number("EXIF FNumber", least=0.1, most=1_000),
        "iso": iso and round(iso),
        "focal_length": tags.number("EXIF FocalLength", least=0.1, most=20_000),
    }


def camera(make: str, model: str) -> str:
    """Its make and model, the make said once and without the kind of company it is."""
    make, model = " ".join(make.split()), " ".join(model.split())
    first = model.partition(" ")[0].lower()
    if first and first in make.lower().split():  # NIKON CORPORATION, NIKON D90
        return model
    make = _COMPANY.sub("", make)
    if model.lower().startswith(make.lower()):
        return model or make
    return f"{make.capitalize() if make.islower() else make} {model}".strip()
