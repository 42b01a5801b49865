"""The forms of share links."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

DAYS = {"1": _l("In a day"), "7": _l("In a week"), "30": _l("In 30 days"), "365": _l("In a year")}
CHOICES = [SelectChoice("", _l("Never")), *(SelectChoice(*each) for each in DAYS.items())]


class LinkForm(FlaskForm):
    label = StringField(
        _l("For whom is it?"), [Length(max=80, message=_l("80 characters are enough here."))]
    )
    password = PasswordField(
        _l("Password"), [Length(max=1000, message=_l("1,000 characters are the most."))]
    )
    days = SelectField(_l("It ends"), choices=CHOICES, default="30")
    can_download = BooleanField(_l("The files may be downloaded"), default=True)
    hides_places = BooleanField(_l("Leave out where they were taken"), default=True)


class UnlockForm(FlaskForm):
    class Meta:
        csrf = False  # its token would be a cookie before the door is open; the guard asks Origin

    password = PasswordField(_l("Password"))
