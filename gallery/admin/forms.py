"""The forms of those who run the place."""

import json
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from ..accounts.models import User, normal_email
from ..fields import GB, MB, NumberField
from ..form import Form
from ..photos.limits import PART
from ..settings import NAMES, Value
from .settings import LABELS, UNITS, WHO

ROLES = [SelectChoice("user", _l("User")), SelectChoice("admin", _l("Admin"))]


MOST_GB = 1_000_000


def quota_field(label: str) -> NumberField:
    return NumberField(label, unit=GB, most=MOST_GB)


class PersonForm(Form):
    role = SelectField(_l("Role"), choices=ROLES)
    quota = quota_field(_l("Storage, in GB"))
    # What the page showed: of two admins, neither takes back what the other did meanwhile.
    role_seen = HiddenField()
    quota_seen = HiddenField()

    @classmethod
    def of(cls, person: User) -> "PersonForm":
        form = cls(formdata=None, role=_role_of(person), quota=person.quota)
        form.role_seen.data, form.quota_seen.data = form.role.data, form.quota._value()
        return form

    @property
    def has_role(self) -> bool:
        """Tell whether its sender chose another role."""
        return bool(self.role.data != self.role_seen.data)

    @property
    def has_quota(self) -> bool:
        return bool(self.quota._value() != self.quota_seen.data)


def _role_of(person: User) -> str:
    return "admin" if person.is_admin else "user"


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


def setting_field(name: str, *, most: int, least: int = 1) -> NumberField:
    return NumberField(LABELS[name], unit=UNITS.get(name, 1), least=least, most=most)


def _one_line(text: str | None) -> str:
    """Return what can be read of a text, without what would turn it round or break it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


class SettingsForm(Form):
    """What is set; a field in which nothing stands leaves it as it is configured."""

    name = StringField(
        LABELS["name"],
        [Length(max=60, message=_l("60 characters are enough for a name here."))],
        filters=[_one_line],
    )
    registration_open = RadioField(
        LABELS["registration_open"],
        choices=[
            SelectChoice("", _l("As configured")),
            SelectChoice("open", WHO[True]),
            SelectChoice("closed", WHO[False]),
        ],
        default="",
    )
    default_quota = setting_field("default_quota", least=0, most=MOST_GB)
    has_no_quota = BooleanField(_l("No limit: as much as the disk holds"))
    trash_days = setting_field("trash_days", most=3650)
    quarantine_days = setting_field("quarantine_days", most=3650)
    photo_max_size = setting_field("photo_max_size", most=10_000)
    media_max_size = setting_field("media_max_size", most=10_000)
    # Files come in parts, each of which is a body of its own.
    max_content_length = setting_field("max_content_length", least=2 * PART // MB, most=1_000_000)
    # What was set when it was shown, so that two admins take nothing from each other.
    seen = HiddenField()

    @classmethod
    def of(cls, values: dict[str, Value], *, seen: dict[str, Value]) -> "SettingsForm":
        shown: dict[str, Any] = {**values, "seen": json.dumps(seen)}
        if "registration_open" in values:
            shown["registration_open"] = "open" if values["registration_open"] else "closed"
        shown["has_no_quota"] = values.get("default_quota", 0) is None
        return cls(formdata=None, **shown)

    def validate_default_quota(self, field: NumberField) -> None:
        if field.data is not None and self.has_no_quota.data:
            raise ValidationError(_("Write a number or choose no limit, not both."))

    @property
    def values(self) -> dict[str, Value]:
        """What it sets."""
        typed = {name: self[name].data for name in NAMES}
        values = {name: value for name, value in typed.items() if value not in (None, "")}
        if "registration_open" in values:
            values["registration_open"] = values["registration_open"] == "open"
        if self.has_no_quota.data:
            values["default_quota"] = None
        return values

    @property
    def seen_values(self) -> dict[str, Value]:
        try:
            return dict(json.loads(self.seen.data or "{}"))
        except (TypeError, ValueError):  # written by no page of ours
            return {}
