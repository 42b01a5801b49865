"""The doors of setting right what a camera's clock said: first to look at, then to do."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from ..accounts.guard import signed_in, user
from ..errors import NotPossible
from ..extensions import begin_writing, db
from . import acts, shifting, worded_acts
from .forms import ShiftForm
from .models import Photo
from .preview import Before, examples
from .shifting import Shift
from .timeline import moment_of
from .wording import clock_in_words, number_of

bp = Blueprint("shift", __name__)


@bp.get("/photos/shift")
@signed_in
def new() -> ResponseReturnValue:
    form = _form(ShiftForm(request.args, meta={"csrf": False}))
    if "way" not in request.args:  # nothing was asked for yet
        return _page(form)
    shift = _asked(form)
    if shift is None:
        return _page(form), 422
    try:
        number = shifting.check(shift, user())
    except NotPossible as error:
        return _page(form, problem=error.description), 422

    def then(photo: Photo) -> str:
        return clock_in_words(*shift.shifted(photo))

    return _page(form, number=number, examples=examples(shift.photos_of(user()), _was, then))


@bp.post("/photos/shift")
@signed_in
def create() -> ResponseReturnValue:
    begin_writing()
    form = _form(ShiftForm())
    if not form.camera.choices:
        return redirect(url_for(".new"), 303)
    shift = _asked(form)
    if shift is None:
        return _page(form), 422
    try:
        shifting.check(shift, user())
    except NotPossible as error:
        return _page(form, problem=error.description), 422
    act = worded_acts.clocked(shift.shifted)
    number, change = acts.perform(act, user(), shift.photos_of(user()))
    db.session.commit()
    undo = url_for("changes.undo", public_id=change.public_id)
    flash(act.done(number), f"undo:{undo}")
    return redirect(url_for("photos.index"), 303)


def _was(photo: Photo) -> str:
    return clock_in_words(moment_of(photo), photo.taken_offset)


def _form(form: ShiftForm) -> ShiftForm:
    form.camera.choices = [
        SelectChoice(camera, f"{camera} · {number_of(number, 'photo')}")
        for camera, number in shifting.cameras_of(user()).items()
    ]
    return form


def _asked(form: ShiftForm) -> Shift | None:
    if not form.validate():
        return None
    return Shift(
        camera=form.camera.data,
        by=form.by,
        zone=int(form.zone.data) if form.zone.data else None,
        first=form.first.data,
        last=form.last.data,
    )


def _page(
    form: ShiftForm, *, number: int = 0, examples: list[Before] | None = None, problem: str = ""
) -> str:
    return render_template(
        "photos/shift.html",
        form=form,
        problem=problem,
        number=number_of(number, "photo") if number else "",
        examples=examples or [],
        asked=request.values.items(),
    )
