"""The form of who sees a photo."""

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from ..albums.audience import WORDS
from .models import Offer, Visibility

WHO = WORDS | {Visibility.PRIVATE: "Only you, and whoever sees an album it is in"}
WHAT = {
    Offer.PICTURE: "The picture",
    Offer.PLACE: "The picture, and where it was taken",
    Offer.ORIGINAL: "The file itself, with everything that the camera wrote into it",
}


class AudienceForm(FlaskForm):
    visibility = RadioField(
        "Who sees it", choices=[SelectChoice(each.value, w) for each, w in WHO.items()]
    )
    offer = RadioField(
        "What they get", choices=[SelectChoice(each.value, w) for each, w in WHAT.items()]
    )
