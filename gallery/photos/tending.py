"""Tends a photo: what its owner says of it counts from then on; the original stays as it came."""

import datetime as dt
from collections.abc import Iterator

from ..extensions import db, now
from . import moments
from .counts import count_archived, count_moved
from .models import Photo, Source, State
from .places import name_of_place
from .timeline import moment_of

MOST_STARS = 5


def caption(photo: Photo, text: str) -> None:
    photo.caption = text.strip()
    db.session.flush()


def rate(photo: Photo, stars: int) -> None:
    """Give a photo as many stars as that, from none to five."""
    photo.rating = max(0, min(MOST_STARS, stars))
    db.session.flush()


def favour(photo: Photo, is_favourite: bool) -> None:
    photo.is_favourite = is_favourite
    db.session.flush()


def archive(photo: Photo) -> None:
    """Take a photo out of the timeline; albums keep it, and a search finds it."""
    if photo.archived_at is None:
        count_archived(photo, -1)
        photo.archived_at = now()
        db.session.flush()


def unarchive(photo: Photo) -> None:
    """Bring a photo back into the timeline."""
    if photo.archived_at is not None:
        photo.archived_at = None
        count_archived(photo, 1)
        db.session.flush()


def date(photo: Photo, clock: dt.datetime, offset: int | None) -> None:
    """Say what the clock on the wall showed, and its zone in minutes; None where nobody knows."""
    for half in halves(photo):
        from_day = half.local_day
        set_clock(half, clock, offset)
        db.session.flush()
        count_moved(half, from_day=from_day)


def set_clock(photo: Photo, clock: dt.datetime, offset: int | None) -> None:
    """Give one row its moment by its owner's word; flushing and counting are the caller's."""
    instant = clock.replace(tzinfo=dt.UTC) - dt.timedelta(minutes=offset or 0)
    photo.taken_at, photo.taken_offset, photo.taken_source = instant, offset, Source.OWNER
    photo.place(instant, offset)


def shift(photo: Photo, by: dt.timedelta) -> None:
    """Set a photo's clock forward, or back; one without a date of its own stays where it is."""
    if photo.taken_at is not None:
        date(photo, moment_of(photo) + by, photo.taken_offset)


def date_of_file(photo: Photo) -> None:
    """Let the file say again when it was taken; the rest of that at the next derive."""
    for half in halves(photo):
        from_day = half.local_day
        half.taken_source = Source.UPLOAD
        moments.decide(half)
        _read_again(half)
        count_moved(half, from_day=from_day)


def put(photo: Photo, latitude: float, longitude: float) -> None:
    """Put a photo where it was taken, in degrees north and east."""
    for half in halves(photo):
        _place(half, latitude, longitude)
        half.is_placed_by_hand = True
    db.session.flush()


def forget_place(photo: Photo) -> None:
    """Take a photo's place away, of a live photo from both halves; its file keeps what it says."""
    for half in halves(photo):
        _place(half, None, None)
        half.is_placed_by_hand = True
    db.session.flush()


def place_of_file(photo: Photo) -> None:
    """Let the file say again where it was taken; it does so at the next derive."""
    for half in halves(photo):
        _place(half, None, None)
        half.is_placed_by_hand = False
        _read_again(half)


def halves(photo: Photo) -> Iterator[Photo]:
    """The photo, and what moves of a live one."""
    yield photo
    if photo.motion is not None:
        yield photo.motion


def _place(photo: Photo, latitude: float | None, longitude: float | None) -> None:
    photo.latitude, photo.longitude, photo.altitude = latitude, longitude, None
    photo.place_name = name_of_place(latitude, longitude)


def _read_again(photo: Photo) -> None:
    """Mark a photo to be derived, which reads its file; the door tells the queue."""
    photo.state, photo.reason = State.PENDING, ""
    db.session.flush()
