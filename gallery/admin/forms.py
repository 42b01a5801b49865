"""The forms of those who run the place."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from ..fields import GB, NumberField

ROLES = [SelectChoice("user", _l("User")), SelectChoice("admin", _l("Admin"))]


def quota_field(label: str) -> NumberField:
    return NumberField(label, unit=GB, most=1_000_000)


class PersonForm(FlaskForm):
    role = SelectField(_l("Role"), choices=ROLES)
    quota = quota_field(_l("Storage, in GB"))


class InvitationForm(FlaskForm):
    label = StringField(
        _l("For whom is it?"), [Length(max=80, message=_l("80 characters are enough here."))]
    )
    role = SelectField(_l("They become"), choices=ROLES, default="user")
    quota = quota_field(_l("Storage for each, in GB"))
    places = NumberField(_l("How many accounts"), least=1, most=1000, is_needed=True, default=1)
    days = SelectField(
        _l("It ends"),
        choices=[
            SelectChoice("1", _l("In a day")),
            SelectChoice("7", _l("In a week")),
            SelectChoice("30", _l("In 30 days")),
        ],
        default="7",
    )
