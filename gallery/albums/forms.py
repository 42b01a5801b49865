"""The forms of albums, and of who is in them."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from .audience import WORDS
from .choosing import LONGEST_TITLE
from .models import Order, Role

TITLE = [
    InputRequired("Give the album a title."),
    Regexp(r"\s*\S", message="Give the album a title."),
    Length(max=LONGEST_TITLE, message=f"{LONGEST_TITLE} characters are enough for a title."),
]
ORDERS = {
    Order.OLDEST: "Oldest first",
    Order.NEWEST: "Newest first",
    Order.NAME: "By name",
    Order.HAND: "By hand",
}
ROLES = {
    Role.VIEW: "can view",
    Role.ADD: "can add photos",
    Role.EDIT: "can add and edit",
}


class NewAlbumForm(FlaskForm):
    title = StringField("Title", TITLE)


class AlbumForm(NewAlbumForm):
    description = TextAreaField(
        "Description", [Length(max=2000, message="2,000 characters are the most.")]
    )
    order = SelectField(
        "Order", choices=[SelectChoice(each.value, word) for each, word in ORDERS.items()]
    )
    parent = SelectField("In the album", validate_choice=True)


class VisibilityForm(FlaskForm):
    visibility = RadioField(
        "Who can see it", choices=[SelectChoice(each.value, word) for each, word in WORDS.items()]
    )


class InviteForm(FlaskForm):
    email = EmailField("Email", [InputRequired("Whose email?")])
    role = SelectField(
        "They", choices=[SelectChoice(each.value, word) for each, word in ROLES.items()]
    )


class LeaveForm(FlaskForm):
    with_photos = BooleanField("Take the photos I added with me", default=True)
