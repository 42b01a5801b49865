"""The forms of albums, and of who is in them."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from ..form import Form
from .audience import WORDS
from .choosing import LONGEST_TITLE
from .models import Order, Role
from .people import ROLES

TITLE = [
    InputRequired(_l("Give the album a title.")),
    Regexp(r"\s*\S", message=_l("Give the album a title.")),
    Length(max=LONGEST_TITLE, message=_l("%(max)d characters are enough for a title.")),
]
ORDERS = {
    Order.OLDEST: _l("Oldest first"),
    Order.NEWEST: _l("Newest first"),
    Order.NAME: _l("By name"),
    Order.HAND: _l("By hand"),
}
# What is said of somebody who has got a role.
CAN_NOW = {
    Role.VIEW: _l("%(name)s can view now."),
    Role.ADD: _l("%(name)s can add photos now."),
    Role.EDIT: _l("%(name)s can add and edit now."),
}


class NewAlbumForm(Form):
    title = StringField(_l("Title"), TITLE)


class AlbumForm(NewAlbumForm):
    description = TextAreaField(
        _l("Description"), [Length(max=2000, message=_l("2,000 characters are the most."))]
    )
    order = SelectField(
        _l("Order"), choices=[SelectChoice(each.value, word) for each, word in ORDERS.items()]
    )
    parent = SelectField(_l("In the album"), validate_choice=True)


class VisibilityForm(Form):
    visibility = RadioField(
        _l("Who can see it"),
        choices=[SelectChoice(each.value, word) for each, word in WORDS.items()],
    )


class InviteForm(Form):
    email = EmailField(_l("Email"), [InputRequired(_l("Whose email?"))])
    role = SelectField(
        _l("They"), choices=[SelectChoice(each.value, word) for each, word in ROLES.items()]
    )


class LeaveForm(Form):
    with_photos = BooleanField(_l("Take the photos I added with me"), default=True)
