"""What is known of a photo, line by line, in the words of the details panel."""

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _

from ..languages import N_, grouped, said
from .models import Offer, Photo, Source
from .timeline import moment_of
from .wording import (
    decimal,
    exposure_in_words,
    length_in_words,
    place_in_words,
    size_in_words,
    stars,
    weekday_in_words,
    zone_in_words,
)

BY_WHOM = {
    Source.OWNER: N_("set by hand."),
    Source.ZONE: N_("as recorded by the camera."),
    Source.GPS: N_("by the camera’s clock; the zone from GPS."),
    Source.CONTAINER: N_("as recorded in the file."),
    Source.CLOCK: N_("By the camera’s clock; no zone in the file."),
    Source.NAME: N_("From the file’s name."),
    Source.FILE: N_("From the file’s own date."),
    Source.UPLOAD: N_("The file has no date of its own: when it was added."),
}
# When nobody knows the zone; the first two say what they say in UTC.
WITHOUT_ZONE = {
    Source.GPS: N_("GMT, by the satellites."),
    Source.CONTAINER: N_("GMT, as recorded in the file."),
    Source.OWNER: N_("Set by hand; its zone is not known."),
}


class Detail(NamedTuple):
    """One line of the details: an icon, what it is, its value, a word on that; and said aloud."""

    icon: str
    label: str
    value: str
    extra: str = ""
    aloud: str = ""


def details_of(
    photo: Photo, *, is_private: bool = False, is_placed: bool | None = None
) -> list[Detail]:
    """Return what is known; with `is_private` what others may know who see the photo."""
    if is_private:
        if is_placed is None:
            is_placed = photo.offer is not Offer.PICTURE
        moment = _moment(photo)
        return [
            Detail("user", _("By"), photo.owner.name),
            # Its zone tells roughly where it was taken.
            moment if is_placed else moment._replace(extra=""),
            *_camera(photo),
            *(_place(photo) if is_placed else ()),
            *_shape(photo),
        ]
    return [
        *_note(photo),
        _moment(photo),
        *_camera(photo),
        *_place(photo),
        *_words(photo),
        *_file(photo),
    ]


def _note(photo: Photo) -> Iterator[Detail]:
    if photo.reason and photo.derivatives:
        yield Detail("circle-alert", _("Note"), said(photo.reason))


def _moment(photo: Photo) -> Detail:
    when = weekday_in_words(moment_of(photo))
    source, offset = photo.taken_source, photo.taken_offset
    if photo.taken_at is None:
        return Detail(
            "calendar", _("Added"), _("%(moment)s UTC", moment=when), _(BY_WHOM[Source.UPLOAD])
        )
    if offset is not None:
        return Detail("calendar", _("Taken"), when, _zoned(offset, source))
    if source is Source.FILE:
        when = _("%(moment)s UTC", moment=when)
    return Detail("calendar", _("Taken"), when, _(WITHOUT_ZONE.get(source, BY_WHOM[source])))


def _zoned(offset: int, source: Source) -> str:
    return str(_("%(zone)s, %(witness)s", zone=zone_in_words(offset), witness=_(BY_WHOM[source])))


def _camera(photo: Photo) -> Iterator[Detail]:
    exposure = exposure_in_words(photo.aperture, photo.exposure, photo.iso, photo.focal_length)
    first, *rest = [part for part in (photo.camera, photo.lens, exposure) if part] or [""]
    if first:
        yield Detail("camera", _("Camera"), first, " · ".join(rest))


def _place(photo: Photo) -> Iterator[Detail]:
    if photo.latitude is not None and photo.longitude is not None:
        place = place_in_words(photo.latitude, photo.longitude, photo.altitude)
        first, *rest = [photo.place_name, place] if photo.place_name else [place]
        yield Detail("map-pin", _("Place"), first, *rest)


def _words(photo: Photo) -> Iterator[Detail]:
    if photo.tags:
        yield Detail("tag", _("Tags"), ", ".join(tag.name for tag in photo.tags))
    if photo.rating:
        aloud = _("%(stars)s of 5 stars", stars=photo.rating)
        yield Detail("star", _("Rating"), stars(photo.rating), aloud=aloud)


def _shape(photo: Photo) -> Iterator[Detail]:
    if photo.width and photo.height:
        yield Detail("image", _("Size"), _pixels(photo))
    if photo.duration:
        yield Detail("clock", _("Length"), length_in_words(photo.duration))


def _pixels(photo: Photo) -> str:
    million = (photo.width or 0) * (photo.height or 0) / 1_000_000
    size = f"{grouped(photo.width or 0)} × {grouped(photo.height or 0)}"
    return str(_("%(size)s · %(million)s MP", size=size, million=decimal(million, 1)))


def _file(photo: Photo) -> Iterator[Detail]:
    size = size_in_words(photo.size)
    if photo.width and photo.height:
        size = f"{_pixels(photo)} · {size}"
    if photo.duration:
        yield Detail("clock", _("Length"), length_in_words(photo.duration))
    yield Detail("image", _("Original"), photo.client_name, size)
    yield Detail(
        "folder", _("Kept as"), photo.filename, _("In the set “%(name)s”", name=photo.set_name)
    )
    yield Detail(
        "fingerprint", _("SHA-256"), photo.sha256, _("Of the file as it came and is kept.")
    )
