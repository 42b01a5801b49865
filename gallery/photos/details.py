"""What is known of a photo, line by line, in the words of the details panel."""

from collections.abc import Iterator
from typing import NamedTuple

from .models import Offer, Photo, Source
from .timeline import moment_of
from .wording import (
    exposure_in_words,
    length_in_words,
    place_in_words,
    size_in_words,
    stars,
    weekday_in_words,
    zone_in_words,
)

BY_WHOM = {
    Source.OWNER: "set by hand.",
    Source.ZONE: "as recorded by the camera.",
    Source.GPS: "by the camera’s clock; the zone from GPS.",
    Source.CONTAINER: "as recorded in the file.",
    Source.CLOCK: "By the camera’s clock; no zone in the file.",
    Source.NAME: "From the file’s name.",
    Source.FILE: "From the file’s own date.",
    Source.UPLOAD: "The file has no date of its own: when it was added.",
}
# When nobody knows the zone; the first two say what they say in UTC.
WITHOUT_ZONE = {
    Source.GPS: "GMT, by the satellites.",
    Source.CONTAINER: "GMT, as recorded in the file.",
    Source.OWNER: "Set by hand; its zone is not known.",
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
            Detail("user", "By", photo.owner.name),
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
        yield Detail("circle-alert", "Note", photo.reason)


def _moment(photo: Photo) -> Detail:
    when = weekday_in_words(moment_of(photo))
    source, offset = photo.taken_source, photo.taken_offset
    if photo.taken_at is None:
        return Detail("calendar", "Added", f"{when} UTC", BY_WHOM[Source.UPLOAD])
    if offset is not None:
        return Detail("calendar", "Taken", when, f"{zone_in_words(offset)}, {BY_WHOM[source]}")
    if source is Source.FILE:
        when += " UTC"
    return Detail("calendar", "Taken", when, WITHOUT_ZONE.get(source, BY_WHOM[source]))


def _camera(photo: Photo) -> Iterator[Detail]:
    exposure = exposure_in_words(photo.aperture, photo.exposure, photo.iso, photo.focal_length)
    first, *rest = [part for part in (photo.camera, photo.lens, exposure) if part] or [""]
    if first:
        yield Detail("camera", "Camera", first, " · ".join(rest))


def _place(photo: Photo) -> Iterator[Detail]:
    if photo.latitude is not None and photo.longitude is not None:
        place = place_in_words(photo.latitude, photo.longitude, photo.altitude)
        first, *rest = [photo.place_name, place] if photo.place_name else [place]
        yield Detail("map-pin", "Place", first, *rest)


def _words(photo: Photo) -> Iterator[Detail]:
    if photo.tags:
        yield Detail("tag", "Tags", ", ".join(tag.name for tag in photo.tags))
    if photo.rating:
        aloud = f"{photo.rating} of 5 stars"
        yield Detail("star", "Rating", stars(photo.rating), aloud=aloud)


def _shape(photo: Photo) -> Iterator[Detail]:
    if photo.width and photo.height:
        yield Detail("image", "Size", _pixels(photo))
    if photo.duration:
        yield Detail("clock", "Length", length_in_words(photo.duration))


def _pixels(photo: Photo) -> str:
    million = (photo.width or 0) * (photo.height or 0) / 1_000_000
    return f"{photo.width:,} × {photo.height:,} · {million:.1f} MP"


def _file(photo: Photo) -> Iterator[Detail]:
    size = size_in_words(photo.size)
    if photo.width and photo.height:
        size = f"{_pixels(photo)} · {size}"
    if photo.duration:
        yield Detail("clock", "Length", length_in_words(photo.duration))
    yield Detail("image", "Original", photo.client_name, size)
    yield Detail("folder", "Kept as", photo.filename, f"In the set “{photo.set_name}”")
    yield Detail("fingerprint", "SHA-256", photo.sha256, "Of the file as it came and is kept.")
