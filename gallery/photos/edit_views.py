"""The doors of tending one photo: what its owner says of it, all on a page, or each in place."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from ..accounts.guard import signed_in, user
from ..errors import NotPossible
from ..extensions import begin_writing, db, queue
from ..form import Form
from ..jobs.models import Job, Priority
from . import tending
from .forms import CaptionForm, EditForm, RatingForm, TagsForm
from .models import Photo, Source
from .pages import title_of
from .tags import at_hand, line_of, retag, words_in
from .timeline import moment_of
from .waiting import KIND

bp = Blueprint("edit", __name__, url_prefix="/p/<public_id>")

WAS = "was-"  # before the name of a field, it is what the page showed in it


@bp.get("/edit")
@signed_in
def edit(public_id: str) -> ResponseReturnValue:
    photo: Photo = db.one_or_404(Photo.owned_by(user()).where(Photo.public_id == public_id))
    said = _said(photo)
    return _page(photo, EditForm(formdata=None, data=said), said)


@bp.post("/edit")
@signed_in
def update(public_id: str) -> ResponseReturnValue:
    photo = _to_change(public_id)
    shown = _shown(photo)
    form = EditForm(data=shown)
    if not form.validate():
        return _page(photo, form, shown), 422
    try:
        _change(photo, form, shown)
    except NotPossible as error:
        form.tags.errors = [error.description]
        return _page(photo, form, shown), 422
    if form.is_date_of_file.data or form.is_place_of_file.data:
        for half in tending.halves(photo):
            Job.want(KIND, half.id, priority=Priority.LOOKING)
    answer = _saved(photo)
    queue.wake()
    return answer


@bp.post("/caption")
@signed_in
def caption(public_id: str) -> ResponseReturnValue:
    photo = _to_change(public_id)
    form = CaptionForm(data=_said(photo))
    if not form.validate():
        return _refused(photo, form)
    tending.caption(photo, form.caption.data)
    return _saved(photo)


@bp.post("/rating")
@signed_in
def rating(public_id: str) -> ResponseReturnValue:
    photo, form = _to_change(public_id), RatingForm()
    if not form.validate():
        return _refused(photo, form)
    stars = int(form.rating.data)
    tending.rate(photo, stars)
    return _saved(
        photo, ngettext("%(num)s star.", "%(num)s stars.", stars) if stars else _("No stars.")
    )


@bp.post("/tags")
@signed_in
def tags(public_id: str) -> ResponseReturnValue:
    """Put some words on a photo, or take some away."""
    photo, form = _to_change(public_id), TagsForm()
    if not form.validate():
        return _refused(photo, form)
    try:
        retag(photo, put_on=form.words, take_off=request.form.getlist("without"))
    except NotPossible as error:
        form.tags.errors = [error.description]
        return _refused(photo, form)
    return _saved(photo)


@bp.post("/favourite")
@signed_in
def favourite(public_id: str) -> ResponseReturnValue:
    photo = _to_change(public_id)
    tending.favour(photo, "is_favourite" in request.form)
    return _saved(photo)


@bp.post("/archive")
@signed_in
def archive(public_id: str) -> ResponseReturnValue:
    photo = _to_change(public_id)
    if "is_archived" in request.form:
        tending.archive(photo)
        return _saved(photo, _("Archived: out of the timeline, still in albums and in search."))
    tending.unarchive(photo)
    return _saved(photo, _("Back in the timeline."))


def _to_change(public_id: str) -> Photo:
    begin_writing()
    photo: Photo = db.one_or_404(Photo.owned_by(user()).where(Photo.public_id == public_id))
    return photo


def _said(photo: Photo) -> dict[str, Any]:
    """Return what the fields of the page hold, before anybody writes into them."""
    clock = moment_of(photo) if photo.taken_at else None
    is_placed = photo.latitude is not None and photo.longitude is not None
    return {
        "caption": photo.caption,
        "rating": str(photo.rating),
        "tags": line_of(each.name for each in photo.tags),
        "day": f"{clock:%Y-%m-%d}" if clock else "",
        "time": f"{clock:%H:%M:%S}" if clock else "",
        "zone": "" if photo.taken_offset is None else str(photo.taken_offset),
        "place": f"{photo.latitude:.6f}, {photo.longitude:.6f}" if is_placed else "",
        "is_favourite": photo.is_favourite,
        "is_archived": photo.archived_at is not None,
    }


def _shown(photo: Photo) -> dict[str, Any]:
    """Return what the page showed that a form comes from, by its own word.

    The worker or another tab may have said something else since, which is to stay. What a form
    does not tell is as it is now.
    """
    shown = _said(photo)
    for name, known in shown.items():
        told = request.form.get(WAS + name)
        if told is not None:
            shown[name] = bool(told) if isinstance(known, bool) else told.replace("\r\n", "\n")
    return shown


def _change(photo: Photo, form: EditForm, was: dict[str, Any]) -> None:
    """Take over what is not as it was; the rest stays by the word of whoever said it.

    :raises NotPossible: when it has too many tags, before anything is changed.
    """
    changed = {name for name, words in form.data.items() if words != was.get(name)}
    if "tags" in changed:
        had, said = dict.fromkeys(words_in(was["tags"])), dict.fromkeys(form.words)
        new = [word for word in said if word not in had]
        retag(photo, put_on=new, take_off=[word for word in had if word not in said])
    if "caption" in changed:
        tending.caption(photo, form.caption.data)
    if "rating" in changed:
        tending.rate(photo, int(form.rating.data))
    if "is_favourite" in changed:
        tending.favour(photo, form.is_favourite.data)
    if "is_archived" in changed:
        (tending.archive if form.is_archived.data else tending.unarchive)(photo)
    if form.is_date_of_file.data:
        tending.date_of_file(photo)
    elif (clock := form.moment()) and changed & {"day", "time", "zone"}:
        tending.date(photo, clock, form.offset)
    if form.is_place_of_file.data:
        tending.place_of_file(photo)
    elif form.is_forgotten.data or ("place" in changed and form.coordinates is None):
        tending.forget_place(photo)
    elif "place" in changed and form.coordinates is not None:
        tending.put(photo, *form.coordinates)


def _page(photo: Photo, form: EditForm, shown: dict[str, Any]) -> str:
    return render_template(
        "photos/edit.html",
        photo=photo,
        form=form,
        # True is written as a box is sent that is ticked.
        shown=[(WAS + name, "y" if said is True else said or "") for name, said in shown.items()],
        words=at_hand(photo.owner_id),
        back=_back(photo),
        title=title_of(photo),
        is_dated_by_hand=photo.taken_source is Source.OWNER,
        is_placed=photo.latitude is not None,
    )


def _saved(photo: Photo, sentence: str = "") -> ResponseReturnValue:
    sentence = sentence or _("Saved.")
    db.session.commit()
    if _is_in_place():
        return jsonify(
            said=sentence,
            title=title_of(photo),
            caption=photo.caption,
            rating=photo.rating,
            tags=[each.name for each in photo.tags],
            is_favourite=photo.is_favourite,
            is_archived=photo.archived_at is not None,
        )
    flash(sentence)
    return redirect(_back(photo), 303)


def _refused(photo: Photo, form: Form) -> ResponseReturnValue:
    """Say why, on the page of all fields, with what was written still in its own."""
    name, sentences = next((name, said) for name, said in form.errors.items() if said)
    if _is_in_place():
        return jsonify(said=str(sentences[0])), 422
    said = _said(photo)
    written = form[name].data
    if name == "tags":  # those that are there are not in the small form
        written = line_of([*words_in(said["tags"]), *words_in(written)])
    whole = EditForm(formdata=None, data=said | {name: written})
    whole[name].errors = sentences
    return _page(photo, whole, said), 422


def _is_in_place() -> bool:
    """Tell whether a script asks, which stays on its page."""
    accepted = request.accept_mimetypes
    return accepted.accept_json and not accepted.accept_html


def _back(photo: Photo) -> str:
    kept: dict[str, Any] = {"in": request.args["in"]} if "in" in request.args else {}
    return url_for("photos.show", public_id=photo.public_id, **kept)
