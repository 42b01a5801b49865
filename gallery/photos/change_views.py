"""The door of taking a change back."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ..accounts.guard import own_page, signed_in, user
from ..extensions import begin_writing, db, queue
from ..languages import Plural
from . import changes

bp = Blueprint("changes", __name__, url_prefix="/changes")
UNDONE = Plural("Undone: %(number)s photo as before.", "Undone: %(number)s photos as before.")
LEFT = Plural(
    "%(number)s was changed again since, and stays as it is.",
    "%(number)s were changed again since, and stay as they are.",
)


@bp.post("/<public_id>/undo")
@signed_in
def undo(public_id: str) -> ResponseReturnValue:
    begin_writing()
    undone = changes.undo(user(), public_id)
    db.session.commit()
    queue.wake()  # some may have to be read again
    flash(" ".join([UNDONE(undone.number), *([LEFT(undone.left)] if undone.left else [])]))
    return redirect(own_page(request.args.get("back")) or url_for("photos.index"), 303)
