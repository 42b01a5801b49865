"""The forms of what is done with many photos."""

import datetime as dt

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from .forms import CaptionForm, MomentForm, PlaceForm, TagsForm, number_field
from .tags import words_in

__all__ = ["CaptionForm", "MovingForm", "PuttingForm", "WordsForm"]


class WordsForm(TagsForm):
    """Words to put on, and words to take away."""

    without = StringField("Take away")

    @property
    def gone(self) -> list[str]:
        return words_in(self.without.data or "")

    def validate_without(self, field: StringField) -> None:
        if not (self.words or self.gone):
            raise ValidationError("Write at least one tag.")


class MovingForm(MomentForm):
    """One moment for all, or by how much later or earlier."""

    way = RadioField(
        "How",
        choices=[
            SelectChoice("later", "Later by"),
            SelectChoice("earlier", "Earlier by"),
            SelectChoice("set", "All at the same time"),
        ],
        default="later",
    )
    days = number_field("Days", 36_500)
    hours = number_field("Hours", 23)
    minutes = number_field("Minutes", 59)
    camera = SelectField("Only what this camera took", default="")

    @property
    def by(self) -> dt.timedelta:
        by = dt.timedelta(
            days=self.days.data or 0, hours=self.hours.data or 0, minutes=self.minutes.data or 0
        )
        return -by if self.way.data == "earlier" else by

    def validate_way(self, field: RadioField) -> None:
        if field.data == "set" and not self.day.data:
            raise ValidationError("Write the day.")
        if field.data in ("later", "earlier") and not self.by:
            raise ValidationError("Say by how much.")


class PuttingForm(PlaceForm):
    """Where photos were taken; or that nobody is to know."""

    def validate_is_forgotten(self, field: BooleanField) -> None:
        if not field.data and not (self.place.data or "").strip():
            raise ValidationError("Write where, or have the place taken away.")
