"""The doors of who sees a photo, and what of it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ..accounts.guard import signed_in, user
from ..albums import audience
from ..extensions import db
from . import worded_acts
from .batch_views import back_to, done
from .forms import AudienceForm
from .models import Offer, Photo, Visibility
from .picks import Picks, picked
from .wording import number_of

bp = Blueprint("audience", __name__)


@bp.get("/p/<public_id>/who")
@signed_in
def index(public_id: str) -> ResponseReturnValue:
    photo: Photo = db.one_or_404(Photo.owned_by(user()).where(Photo.public_id == public_id))
    who, within = audience.of_photo(photo)
    return render_template(
        "photos/who.html",
        photo=photo,
        sentence=who.sentence,
        within=within,
        form=AudienceForm(
            formdata=None, visibility=photo.visibility.value, offer=photo.offer.value
        ),
    )


@bp.post("/photos/who")
@signed_in
def choose() -> ResponseReturnValue:
    """Ask who is to see some photos."""
    form = AudienceForm(
        formdata=None, visibility=Visibility.PRIVATE.value, offer=Offer.PICTURE.value
    )
    return _ask(picked(request.form, user()), form)


def _ask(picks: Picks, form: AudienceForm) -> str:
    return render_template(
        "photos/who_many.html",
        number=number_of(picks.count(), "photo"),
        form=form,
        fields=picks.fields,
        back=back_to(picks),
    )


@bp.post("/photos/audience")
@signed_in
def update() -> ResponseReturnValue:
    form, picks = AudienceForm(), picked(request.form, user())
    if not form.validate():
        return _ask(picks, form), 422
    return done(
        picks, worded_acts.showing(Visibility(form.visibility.data), Offer(form.offer.data))
    )
