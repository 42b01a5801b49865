"""What a camera writes into its files: when, where, with what, and which way up."""

import datetime as dt
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyvips

from .noise import Random


@dataclass(frozen=True)
class Camera:
    """A camera as its files describe it; `name` may hold {number} and the parts of a date."""

    make: str
    model: str
    lens: str
    name: str
    lengths: tuple[float, ...]
    apertures: tuple[float, float]

    def file_name(self, taken: dt.datetime, number: int) -> str:
        return taken.strftime(self.name.replace("{number}", f"{number % 10000:04}"))


@dataclass(frozen=True)
class Place:
    """Somewhere real; `zone` is hours ahead of UTC when the pictures were taken."""

    latitude: float
    longitude: float
    zone: int
    altitude: int = 0


CAMERAS = (
    Camera(
        "FUJIFILM", "X-T4", "XF16-55mmF2.8 R LM WR", "DSCF{number}.JPG", (16, 23, 55), (2.8, 11)
    ),
    Camera("Canon", "EOS R6", "RF24-105mm F4 L IS USM", "IMG_{number}.JPG", (24, 35, 70), (4, 13)),
    Camera("OLYMPUS", "E-M10MarkII", "M.12-40mm F2.8", "P%m%d{number}.JPG", (12, 17, 25), (2.8, 8)),
    Camera("SONY", "ILCE-7M3", "FE 28-60mm F4-5.6", "DSC0{number}.JPG", (28, 35, 50), (4, 11)),
    Camera("Google", "Pixel 7", "6.81mm f/1.85", "PXL_%Y%m%d_%H%M%S.jpg", (6.81,), (1.85, 1.85)),
    Camera("samsung", "SM-G991B", "5.4mm f/1.8", "%Y%m%d_%H%M%S.jpg", (5.4,), (1.8, 1.8)),
    Camera("Apple", "iPhone 14", "5.7mm f/1.5", "IMG_{number}.JPG", (5.7,), (1.5, 1.5)),
)

SPEEDS = [Fraction(1, n) for n in (4000, 2000, 1000, 500, 250, 125, 60, 30, 15, 4)]
SPEEDS += [Fraction(n) for n in (1, 4, 15, 20)]


def described(
    picture: pyvips.Image,
    camera: Camera,
    place: Place,
    taken: dt.datetime,
    sun: float,
    orientation: int,
    rng: Random,
) -> pyvips.Image:
    """The picture with its EXIF, turned as the sensor would have stored it; `sun` in degrees."""
    turns = {1: picture.copy, 3: picture.rot180, 6: picture.rot270, 8: picture.rot90}
    brightness = float(np.interp(sun, (-18, -12, -4, 0, 8, 25), (-4, 2, 7, 10, 12.5, 14.5)))
    aperture = camera.apertures[int(brightness > 11)]
    wanted = aperture**2 / 2**brightness * 100
    iso = next((iso for iso in (100, 200, 400, 800, 1600) if wanted / iso < 1 / 60), 3200)
    speed = min(SPEEDS, key=lambda speed: abs(math.log(float(speed) * iso / wanted)))
    offset = f"{'-' if place.zone < 0 else '+'}{abs(place.zone):02}:00"
    when = f"{taken:%Y:%m:%d %H:%M:%S}"
    tags = {
        "ifd0-Make": camera.make,
        "ifd0-Model": camera.model,
        "ifd0-DateTime": when,
        "ifd2-LensModel": camera.lens,
        "ifd2-DateTimeOriginal": when,
        "ifd2-DateTimeDigitized": when,
        "ifd2-OffsetTimeOriginal": offset,
        "ifd2-ExposureTime": f"{speed.numerator}/{speed.denominator}",
        "ifd2-FNumber": _ratio(aperture),
        "ifd2-ISOSpeedRatings": str(iso),
        "ifd2-FocalLength": _ratio(float(rng.choice(camera.lengths))),
        "ifd3-GPSLatitudeRef": "N" if place.latitude > 0 else "S",
        "ifd3-GPSLatitude": _degrees(place.latitude + rng.normal(0, 0.01)),
        "ifd3-GPSLongitudeRef": "E" if place.longitude > 0 else "W",
        "ifd3-GPSLongitude": _degrees(place.longitude + rng.normal(0, 0.01)),
        "ifd3-GPSAltitude": _ratio(place.altitude + rng.uniform(2, 60)),
    }
    stored = turns[orientation]().copy()
    stored.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    for name, value in tags.items():
        stored.set_type(pyvips.GValue.gstr_type, f"exif-{name}", value)
    return stored


def _ratio(value: float) -> str:
    return f"{round(value * 100)}/100"


def _degrees(value: float) -> str:
    minutes, seconds = divmod(round(abs(value) * 360000), 6000)
    return f"{minutes // 60}/1 {minutes % 60}/1 {seconds}/100"
