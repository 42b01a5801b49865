"""The forms of share links."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from ..fields import GB, NumberField
from ..form import Form

DAYS = {"1": _l("In a day"), "7": _l("In a week"), "30": _l("In 30 days"), "365": _l("In a year")}
CHOICES = [SelectChoice("", _l("Never")), *(SelectChoice(*each) for each in DAYS.items())]


class LinkForm(Form):
    label = StringField(
        _l("For whom is it?"), [Length(max=80, message=_l("80 characters are enough here."))]
    )
    password = PasswordField(
        _l("Password"), [Length(max=1000, message=_l("1,000 characters are the most."))]
    )
    days = SelectField(_l("It ends"), choices=CHOICES, default="30")
    can_download = BooleanField(_l("The files may be downloaded"), default=True)
    hides_places = BooleanField(_l("Leave out where they were taken"), default=True)


class AlbumLinkForm(LinkForm):
    """The same, of an album: guests may add to it."""

    takes_files = BooleanField(_l("Guests may add photos"))
    is_drop_only = BooleanField(_l("They see nothing of the album, and only add to it"))
    asks_first = BooleanField(_l("I look at them before they are in the album"), default=True)
    files = NumberField(_l("At most so many files"), least=1, most=100_000, default=1000)
    room = NumberField(
        _l("At most so much in all, in GB"), unit=GB, least=1, most=10_000, default=10 * GB
    )
