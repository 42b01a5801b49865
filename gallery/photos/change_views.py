"""The door of taking a change back."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ..accounts.guard import own_page, signed_in, user
from ..extensions import begin_writing, db
from . import changes
from .wording import number_of

bp = Blueprint("changes", __name__, url_prefix="/changes")


@bp.post("/<public_id>/undo")
@signed_in
def undo(public_id: str) -> ResponseReturnValue:
    begin_writing()
    number = changes.undo(user(), public_id)
    db.session.commit()
    flash(f"Undone: {number_of(number, 'photo')} as before.")
    return redirect(own_page(request.args.get("back")) or url_for("photos.index"), 303)
