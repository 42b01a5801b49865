"""What can be said of many photos: acts that somebody gives words to, a day, or a place."""

import datetime as dt
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import Select, true

from ..accounts.models import User
from ..errors import NotPossible
from ..extensions import db, now
from ..languages import N_, Plural
from . import changes, many, tags
from .acts import Act
from .many import ClockOf
from .models import Offer, Photo, Visibility, photo_tags
from .moments import DAY, FIRST_YEAR
from .timeline import moment_of
from .wording import clock_in_words

MOMENT = ("taken_at", "taken_offset", "taken_source", "local_day", "sort_key")
PLACE = ("latitude", "longitude", "altitude", "place_name", "is_placed_by_hand")
SHOWN = ("visibility", "offer")
SEEN_BY = {
    Visibility.PRIVATE: N_("Only you"),
    Visibility.MEMBERS: N_("Members"),
    Visibility.PUBLIC: N_("Everyone"),
}


def showing(visibility: Visibility, offer: Offer) -> Act:
    """Decide who sees photos, and what of them."""
    return Act(
        "visibility",
        button=Plural("Save for %(number)s photo", "Save for %(number)s photos"),
        done=Plural("Saved for %(number)s photo.", "Saved for %(number)s photos."),
        columns=SHOWN,
        do=lambda ids: many.show(ids, visibility, offer),
        before=lambda photo: _(SEEN_BY[photo.visibility]),
        after=lambda photo: _(SEEN_BY[visibility]),
        scope=true(),  # what moves has a page of its own, and so has what is in the trash
        is_of_halves=True,
    )


def captioned(text: str) -> Act:
    return Act(
        "caption",
        button=Plural("Write it under %(number)s photo", "Write it under %(number)s photos")
        if text
        else Plural(
            "Take the caption off %(number)s photo", "Take the caption off %(number)s photos"
        ),
        done=Plural("%(number)s photo captioned.", "%(number)s photos captioned.")
        if text
        else Plural(
            "%(number)s photo left without a caption.", "%(number)s photos left without a caption."
        ),
        columns=("caption",),
        do=lambda ids: many.caption(ids, text),
        before=lambda photo: photo.caption or _("No caption"),
        after=lambda photo: text or _("No caption"),
    )


def tagged(owner: User, put_on: Collection[str], take_off: Collection[str]) -> Act:
    """Put words on photos, and take others away."""
    gone = {word.casefold() for word in take_off} - {word.casefold() for word in put_on}

    def after(photo: Photo) -> str:
        kept = [tag.name for tag in photo.tags if tag.name.casefold() not in gone]
        have = {name.casefold() for name in kept}
        return ", ".join([*kept, *(word for word in put_on if word.casefold() not in have)])

    return Act(
        "tag",
        button=Plural("Tag %(number)s photo", "Tag %(number)s photos"),
        done=Plural("%(number)s photo tagged.", "%(number)s photos tagged."),
        columns=(changes.TAGS,),
        do=lambda ids: many.tag(ids, owner.id, put_on=put_on, take_off=gone),
        before=lambda photo: ", ".join(tag.name for tag in photo.tags) or _("No tags"),
        after=lambda photo: after(photo) or _("No tags"),
    )


def check_tags(
    owner: User, put_on: Collection[str], take_off: Collection[str], photos: Select[Photo]
) -> None:
    """Look whether photos can have these words beside those that stay.

    :raises NotPossible: when one of them would have too many.
    """
    others = [tag.id for tag in tags.known(owner.id, [*put_on, *take_off])]
    held = db.select(photo_tags.c.photo_id).where(
        photo_tags.c.photo_id.in_(photos.with_only_columns(Photo.id)),
        photo_tags.c.tag_id.not_in(others),
    )
    full = held.group_by(photo_tags.c.photo_id).having(db.func.count() > tags.MOST - len(put_on))
    if put_on and db.session.execute(full.limit(1)).first():
        raise NotPossible(_("One of them would have more than %(number)s tags.", number=tags.MOST))


def placed(latitude: float | None, longitude: float | None, words: str) -> Act:
    """Put photos where they were taken, which has a name in words; None takes the place away."""
    return Act(
        "place",
        button=Plural("Put %(number)s photo there", "Put %(number)s photos there")
        if words
        else Plural(
            "Take the place of %(number)s photo away", "Take the place of %(number)s photos away"
        ),
        done=Plural("%(number)s photo put there.", "%(number)s photos put there.")
        if words
        else Plural(
            "%(number)s photo left without a place.", "%(number)s photos left without a place."
        ),
        columns=PLACE,
        do=lambda ids: many.put(ids, latitude, longitude),
        before=lambda photo: _place(photo),
        after=lambda photo: words or _("No place"),
        is_of_halves=True,
    )


def _place(photo: Photo) -> str:
    if photo.latitude is None or photo.longitude is None:
        return _("No place")
    return photo.place_name or f"{photo.latitude:.4f}, {photo.longitude:.4f}"


def dated(clock: dt.datetime, offset: int | None, camera: str = "") -> Act:
    """Say when photos were taken, all at one moment."""
    return clocked(lambda photo: (clock, offset), camera=camera)


def shifted(by: dt.timedelta, camera: str = "") -> Act:
    """Set the clock of photos right, of one camera if told; what has no date keeps none."""
    return clocked(lambda photo: many.later(photo, by), camera=camera, is_dated=True)


def clocked(clock_of: ClockOf, *, camera: str = "", is_dated: bool = False) -> Act:
    """Give each photo the moment that its clock really showed."""
    scope = Photo.is_shown()
    if is_dated:
        scope &= Photo.taken_at.is_not(None)
    if camera:
        scope &= Photo.camera == camera
    return Act(
        "date",
        button=Plural("Move %(number)s photo in time", "Move %(number)s photos in time"),
        done=Plural(
            "%(number)s photo moved to when they were taken.",
            "%(number)s photos moved to when they were taken.",
        ),
        columns=MOMENT,
        do=lambda ids: many.date(ids, clock_of),
        before=lambda photo: clock_in_words(moment_of(photo), photo.taken_offset),
        after=lambda photo: clock_in_words(*clock_of(photo)),
        scope=scope,
        is_of_halves=True,
        is_counted=True,
    )


def check(by: dt.timedelta, photos: Select[Photo]) -> None:
    """Look whether photos can be moved in time.

    :raises NotPossible: when one would leave the time of photography.
    """
    ends = db.func.min(Photo.taken_at), db.func.max(Photo.taken_at)
    first, last = db.session.execute(photos.with_only_columns(*ends)).one()
    try:
        is_possible = (first + by).year >= FIRST_YEAR and last + by <= now() + DAY
    except OverflowError:
        is_possible = False
    if not is_possible:
        raise NotPossible(_("That would bring photos into the future, or before there were any."))
