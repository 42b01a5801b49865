"""The doors of the trash: into it, back from it, and out of it for good."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from .. import settings
from ..accounts.guard import signed_in, user
from ..extensions import begin_writing, db, told_moment
from . import changes, lists, tending, trash
from .grids import grid_page
from .models import Photo
from .wording import number_of, size_in_words

bp = Blueprint("trash", __name__)


@bp.post("/p/<public_id>/trash")
@signed_in
def create(public_id: str) -> ResponseReturnValue:
    begin_writing()
    photo, kept = _mine(public_id), _list_arguments()
    photos = lists.of(kept.get("in", ""), user())
    back = redirect(photos.page() if photos else url_for("photos.index"), 303)
    if photo.trashed_at is not None:  # a change that changed nothing could not be undone
        return back
    halves = [half.id for half in tending.halves(photo)]
    columns = ("trashed_at", "still_id")
    change = changes.keep(user(), "trash", halves, columns)
    trash.discard(photo)
    db.session.flush()
    changes.seal(change, changes.said_by(halves, columns))
    db.session.commit()
    here = url_for("photos.show", public_id=public_id, **kept)
    undo = url_for("changes.undo", public_id=change.public_id, back=here)
    flash(_("Moved to the trash."), f"undo:{undo}")
    return back


@bp.post("/p/<public_id>/restore")
@signed_in
def restore(public_id: str) -> ResponseReturnValue:
    begin_writing()
    photo = _mine(public_id)
    trash.restore(photo)
    db.session.commit()
    flash(_("Back in your library."))
    return redirect(url_for("photos.show", public_id=public_id), 303)


@bp.get("/trash")
@signed_in
def index() -> ResponseReturnValue:
    return render_template(
        "photos/trash.html",
        grid=grid_page(lists.mine("trash", user()), request.args),
        days=settings.current().trash_days,
    )


@bp.get("/trash/empty")
@signed_in
def confirm_empty() -> ResponseReturnValue:
    photos = trash.trashed_by(user())
    newest = trash.newest(photos)
    if newest is None:
        return redirect(url_for(".index"), 303)
    number, size = trash.extent(trash.until(photos, newest))
    return render_template(
        "photos/empty_trash.html",
        count=number_of(number, "photo"),
        size=size_in_words(size),
        until=newest.isoformat(),
    )


@bp.post("/trash/empty")
@signed_in
def empty() -> ResponseReturnValue:
    """Delete what the page that asked has counted; what came since stays."""
    until = told_moment(request.form.get("until", ""))
    if until is None:
        return redirect(url_for(".confirm_empty"), 303)
    photos = trash.trashed_by(user())
    while gone := trash.delete_rows(trash.until(photos, until)):
        db.session.commit()
        trash.remove(gone)
    db.session.commit()
    is_empty = trash.newest(photos) is None
    flash(_("The trash is empty.") if is_empty else _("Deleted. What came since is still here."))
    return redirect(url_for(".index"), 303)


def _list_arguments() -> dict[str, Any]:
    """Say from which list the photo's page was opened, as its address does."""
    return {"in": request.args["in"]} if "in" in request.args else {}


def _mine(public_id: str) -> Photo:
    photo: Photo = db.one_or_404(Photo.owned_by(user()).where(Photo.public_id == public_id))
    return photo
