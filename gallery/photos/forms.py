"""The forms of who sees a photo, and of what its owner says of it."""

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length, Optional, ValidationError

from ..albums.audience import WORDS
from ..errors import NotPossible
from ..extensions import now
from ..fields import NumberField
from ..form import Form
from .coordinates import Coordinates, coordinates_in
from .models import Offer, Visibility
from .moments import FIRST_YEAR, FURTHEST_EAST, FURTHEST_WEST, NOON
from .tags import LONGEST, words_in
from .tending import MOST_STARS
from .wording import zone_in_words

WHO = WORDS | {Visibility.PRIVATE: _l("Only you, and whoever sees an album it is in")}
WHAT = {
    Offer.PICTURE: _l("The picture"),
    Offer.PLACE: _l("The picture, and where it was taken"),
    Offer.ORIGINAL: _l("The file itself, with everything that the camera wrote into it"),
}
STARS = (_l("No stars"), _l("1 star"), _l("2 stars"), _l("3 stars"), _l("4 stars"), _l("5 stars"))
# What clocks on walls show besides whole hours, in minutes east of Greenwich.
ODD_ZONES = (-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765)
ZONES = sorted({*range(FURTHEST_WEST, FURTHEST_EAST + 1, 60), *ODD_ZONES})


class AudienceForm(Form):
    visibility = RadioField(
        _l("Who sees it"), choices=[SelectChoice(each.value, w) for each, w in WHO.items()]
    )
    offer = RadioField(
        _l("What they get"), choices=[SelectChoice(each.value, w) for each, w in WHAT.items()]
    )


class CaptionForm(Form):
    caption = TextAreaField(
        _l("Caption"),
        [Length(max=10_000, message=_l("10,000 characters are the most."))],
        filters=[lambda text: text and text.replace("\r\n", "\n")],
    )


class RatingForm(Form):
    rating = RadioField(
        _l("Rating"),
        [
            AnyOf(
                [str(n) for n in range(MOST_STARS + 1)], _l("A rating goes from no stars to five.")
            )
        ],
        choices=[SelectChoice(str(n), words) for n, words in enumerate(STARS)],
        validate_choice=False,
    )


class TagsForm(Form):
    """Words to be added, beside those that are there."""

    tags = StringField(_l("Tags"))

    @property
    def words(self) -> list[str]:
        return words_in(self.tags.data or "")

    def validate_tags(self, field: StringField) -> None:
        if any(len(word) > LONGEST for word in self.words):
            raise ValidationError(_("A tag has %(number)s characters at most.", number=LONGEST))


class MomentForm(Form):
    """What a clock on the wall showed."""

    day = StringField(_l("Day"))
    time = StringField(_l("Time"))
    zone = SelectField(
        _l("Time zone"),
        choices=[
            SelectChoice("", _l("Not known")),
            *(SelectChoice(str(n), zone_in_words(n)) for n in ZONES),
        ],
        validate_choice=False,
    )

    # What the zone says, once it is valid.
    offset: int | None = None

    def validate_zone(self, field: SelectField) -> None:
        try:
            self.offset = int(field.data) if field.data else None
        except ValueError as error:
            raise ValidationError(_("Choose a zone of the list.")) from error
        if not FURTHEST_WEST <= (self.offset or 0) <= FURTHEST_EAST:
            raise ValidationError(_("Zones go from GMT−12 to GMT+14."))

    def validate_time(self, field: StringField) -> None:
        if field.data and not self.day.data:
            raise ValidationError(_("A time needs its day."))
        try:
            dt.time.fromisoformat(field.data or "12:00")
        except ValueError as error:
            raise ValidationError(_("Write a time as 14:30 or 14:30:05.")) from error

    def validate_day(self, field: StringField) -> None:
        if not field.data:
            return
        try:
            day = dt.date.fromisoformat(field.data)
        except ValueError as error:
            raise ValidationError(_("Write a day as 2024-07-31.")) from error
        tomorrow = (now() + dt.timedelta(days=1)).date()
        if day.year < FIRST_YEAR or day > tomorrow:
            raise ValidationError(
                _("Photographs are of %(year)s and later, up to today.", year=FIRST_YEAR)
            )

    def moment(self) -> dt.datetime | None:
        """Return what the clock on the wall showed, at noon where only its day is known."""
        if not self.day.data:
            return None
        time = dt.time.fromisoformat(self.time.data) if self.time.data else NOON
        day = dt.date.fromisoformat(self.day.data)
        return dt.datetime.combine(day, time.replace(tzinfo=None))


class PlaceForm(Form):
    """Where that is, in degrees."""

    place = StringField(_l("Place"))
    is_forgotten = BooleanField(_l("Remove the place"))

    # What the place says, once it is valid.
    coordinates: Coordinates | None = None

    def validate_place(self, field: StringField) -> None:
        if field.data and field.data.strip():
            try:
                self.coordinates = coordinates_in(field.data)
            except NotPossible as error:
                raise ValidationError(error.description) from error


class EditForm(CaptionForm, RatingForm, TagsForm, MomentForm, PlaceForm):
    """All that its owner says of a photo."""

    is_date_of_file = BooleanField(_l("As the file says it"))
    is_place_of_file = BooleanField(_l("As the file says it"))
    is_favourite = BooleanField(_l("Favourite"))
    is_archived = BooleanField(_l("Archived: out of the timeline, still in albums and in search"))


class ByForm(Form):
    """By how much a clock was wrong."""

    way: RadioField
    days = NumberField(_l("Days"), most=36_500, default=0)
    hours = NumberField(_l("Hours"), most=23, default=0)
    minutes = NumberField(_l("Minutes"), most=59, default=0)

    @property
    def by(self) -> dt.timedelta:
        by = dt.timedelta(
            days=self.days.data or 0, hours=self.hours.data or 0, minutes=self.minutes.data or 0
        )
        return -by if self.way.data == "earlier" else by


class ShiftForm(ByForm):
    """Whose clock was wrong, on which days, and by how much."""

    camera = SelectField(_l("Camera"))
    first = DateField(_l("From"), [Optional()])
    last = DateField(_l("Until"), [Optional()])
    way = RadioField(
        _l("It was really"),
        choices=[SelectChoice("later", _l("Later")), SelectChoice("earlier", _l("Earlier"))],
        default="later",
    )
    zone = SelectField(
        _l("Time zone"),
        choices=[
            SelectChoice("", _l("As it is")),
            *(SelectChoice(str(n), zone_in_words(n)) for n in ZONES),
        ],
        default="",
    )

    def validate_last(self, field: DateField) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("That is before the first day."))

    def validate_minutes(self, field: NumberField) -> None:
        if not self.by and not self.zone.data:
            raise ValidationError(_("Say by how much, or in which time zone."))
