"""Sets right what the clock of a camera said, for all that it took on some days."""

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Row, Select

from ..accounts.models import User
from ..errors import NotPossible
from ..extensions import db, now
from .models import Photo, Source
from .moments import DAY, FIRST_YEAR
from .timeline import MOMENT, moment_of

# Who of these knows no zone knows the instant all the same.
KNOW_THE_INSTANT = (Source.GPS, Source.CONTAINER, Source.FILE)


@dataclass(frozen=True)
class Shift:
    """By how much a camera was wrong, and in which zone it was if that is to be said."""

    camera: str
    by: dt.timedelta
    zone: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None

    def photos_of(self, owner: User) -> Select[Photo]:
        """What it is about, in order: all of somebody's that has a date and is not in the trash."""
        photos = Photo.shown_of(owner).where(
            Photo.camera == self.camera, Photo.taken_at.is_not(None)
        )
        if self.first:
            photos = photos.where(Photo.local_day >= self.first)
        if self.last:
            photos = photos.where(Photo.local_day <= self.last)
        return photos.order_by(*MOMENT)

    def shifted(self, photo: Photo | Row) -> tuple[dt.datetime, int | None]:
        """Return what the clock on the wall really showed, and its zone."""
        clock, offset = moment_of(photo) + self.by, photo.taken_offset
        if self.zone is None:
            return clock, offset
        if offset is None and photo.taken_source in KNOW_THE_INSTANT:
            clock += dt.timedelta(minutes=self.zone)
        return clock, self.zone


def cameras_of(owner: User) -> dict[str, int]:
    """Return how many photos there are of each of somebody's cameras, by name."""
    counted = Photo.shown_of(owner).with_only_columns(Photo.camera, db.func.count())
    named = counted.where(Photo.camera != "").group_by(Photo.camera).order_by(Photo.camera)
    return {camera: number for camera, number in db.session.execute(named)}


def check(shift: Shift, owner: User) -> int:
    """Return how many photos a shift is about.

    :raises NotPossible: when there are none, or when one would leave the time of photography.
    """
    taken = Photo.taken_at
    extent = shift.photos_of(owner).order_by(None)
    number, first, last = db.session.execute(
        extent.with_only_columns(db.func.count(), db.func.min(taken), db.func.max(taken))
    ).one()
    if not number:
        raise NotPossible(_("That camera took nothing on those days."))
    if (first + shift.by).year < FIRST_YEAR or last + shift.by > now() + DAY:
        raise NotPossible(_("That would bring photos into the future, or before there were any."))
    return number
