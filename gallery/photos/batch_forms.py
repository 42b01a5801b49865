"""The forms of what is done with many photos."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from .forms import ByForm, CaptionForm, MomentForm, PlaceForm, TagsForm
from .tags import MOST, words_in

__all__ = ["CaptionForm", "MovingForm", "PuttingForm", "WordsForm"]


class WordsForm(TagsForm):
    """Words to put on, and words to take away."""

    without = StringField(_l("Take away"))

    @property
    def gone(self) -> list[str]:
        return words_in(self.without.data or "")

    def validate_tags(self, field: StringField) -> None:
        super().validate_tags(field)
        if len(self.words) > MOST:
            raise ValidationError(_("A photo has %(number)s tags at most.", number=MOST))

    def validate_without(self, field: StringField) -> None:
        if not (self.words or self.gone):
            raise ValidationError(_("Write at least one tag."))


class MovingForm(MomentForm, ByForm):
    """One moment for all, or by how much later or earlier."""

    way = RadioField(
        _l("How"),
        choices=[
            SelectChoice("later", _l("Later by")),
            SelectChoice("earlier", _l("Earlier by")),
            SelectChoice("set", _l("All at the same time")),
        ],
        default="later",
    )
    camera = SelectField(_l("Only what this camera took"), default="")

    def validate_way(self, field: RadioField) -> None:
        if field.data == "set" and not self.day.data:
            raise ValidationError(_("Write the day."))
        if field.data in ("later", "earlier") and not self.by:
            raise ValidationError(_("Say by how much."))


class PuttingForm(PlaceForm):
    """Where photos were taken; or that nobody is to know."""

    def validate_is_forgotten(self, field: BooleanField) -> None:
        if not field.data and not (self.place.data or "").strip():
            raise ValidationError(_("Write where, or have the place taken away."))
