"""Tells whether a photo was taken near a place."""

import math

from sqlalchemy import ColumnElement, and_, func, true

from ..photos.models import Photo
from .grammar import Near

EARTH_KM = 6371.0088


def is_near(near: Near) -> ColumnElement[bool]:
    """Tell whether a photo was taken within a circle on the earth, by the haversine formula."""
    angle = near.km / EARTH_KM
    height = Photo.latitude.between(
        near.latitude - math.degrees(angle), near.latitude + math.degrees(angle)
    )
    half_up = func.sin((Photo.latitude - near.latitude) * math.radians(0.5))
    half_along = func.sin((Photo.longitude - near.longitude) * math.radians(0.5))
    shrunk = func.cos(Photo.latitude * math.radians(1)) * math.cos(math.radians(near.latitude))
    squared = half_up * half_up + shrunk * half_along * half_along
    # In this order: the exact formula is only for what is in the box.
    return and_(
        Photo.latitude.is_not(None),
        Photo.longitude.is_not(None),
        height,
        _is_beside(near, angle),
        squared <= math.sin(min(angle, math.pi) / 2) ** 2,
    )


def _is_beside(near: Near, angle: float) -> ColumnElement[bool]:
    """Tell whether a photo is as far east or west as a circle reaches, over the date line too."""
    latitude = math.radians(near.latitude)
    if abs(latitude) + angle >= math.pi / 2:  # a pole is within: there all ways lead on
        return true()
    reach = math.degrees(math.asin(math.sin(angle) / math.cos(latitude)))
    west, east = near.longitude - reach, near.longitude + reach
    if west < -180:
        return (Photo.longitude >= west + 360) | (Photo.longitude <= east)
    if east > 180:
        return (Photo.longitude >= west) | (Photo.longitude <= east - 360)
    return Photo.longitude.between(west, east)
