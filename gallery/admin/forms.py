"""The forms of those who run the place."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from ..accounts.models import User, normal_email
from ..form import Form

GB = 1_000_000_000
MOST_GB = 1_000_000
ROLES = [SelectChoice("user", _l("User")), SelectChoice("admin", _l("Admin"))]


class QuotaField(StringField):
    """Bytes, written in GB; None, where nothing is written."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data) / GB:f}"

    def process_formdata(self, values: list[str]) -> None:
        text = values[0].strip().replace(",", ".") if values else ""
        if not text:
            self.data = None
            return
        try:
            number = Decimal(text)
            is_some = 0 <= number <= MOST_GB
        except InvalidOperation:  # also of what is no number by its name
            is_some = False
        if not is_some:
            raise ValueError(_("Write a number of GB, from 0 to 1,000,000, or nothing."))
        self.data = int(number * GB)


class PersonForm(Form):
    role = SelectField(_l("Role"), choices=ROLES)
    quota = QuotaField(_l("Storage, in GB"))


class RemovalForm(Form):
    email = EmailField(_l("Type the email of this account"), [InputRequired(_l("It is missing."))])

    def __init__(self, person: User, **options: Any) -> None:
        super().__init__(**options)
        self.person = person

    def validate_email(self, field: EmailField) -> None:
        if normal_email(field.data) != self.person.email:
            raise ValidationError(_("This is not the email of this account."))


class InvitationForm(Form):
    label = StringField(
        _l("For whom is it?"), [Length(max=80, message=_l("80 characters are enough here."))]
    )
    role = SelectField(_l("They become"), choices=ROLES, default="user")
    quota = QuotaField(_l("Storage for each, in GB"))
    places = IntegerField(
        _l("How many accounts"),
        [
            InputRequired(_l("Write a number from 1 to 1,000.")),
            NumberRange(1, 1000, _l("Write a number from 1 to 1,000.")),
        ],
        default=1,
    )
    days = SelectField(
        _l("It ends"),
        choices=[
            SelectChoice("1", _l("In a day")),
            SelectChoice("7", _l("In a week")),
            SelectChoice("30", _l("In 30 days")),
        ],
        default="7",
    )
