"""The doors of who sees a photo, and what of it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..accounts.guard import signed_in, user
from ..albums import audience
from ..extensions import begin_writing, db
from .forms import AudienceForm
from .models import Offer, Photo, Visibility
from .showing import show
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
    return _ask(form)


def _ask(form: AudienceForm) -> str:
    ids = _ids()
    return render_template(
        "photos/who_many.html", ids=ids, number=number_of(len(ids), "photo"), form=form
    )


@bp.post("/photos/audience")
@signed_in
def update() -> ResponseReturnValue:
    form, ids = AudienceForm(), _ids()
    if not form.validate():
        return _ask(form), 422
    begin_writing()
    visibility, offer = Visibility(form.visibility.data), Offer(form.offer.data)
    number = show(user(), ids, visibility=visibility, offer=offer)
    if not number:
        abort(404)
    db.session.commit()
    if len(ids) == 1:
        flash("Saved.")
        return redirect(url_for(".index", public_id=ids[0]), 303)
    flash(f"Saved for {number_of(number, 'photo')}.")
    return redirect(url_for("photos.index"), 303)


def _ids() -> list[str]:
    ids = request.form.getlist("id")
    if not ids:
        abort(400, "Choose at least one photo first.")
    return ids
