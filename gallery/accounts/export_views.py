"""The door of what people take away: everything of theirs, made ready and sent as one zip."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ..exports import making
from ..exports.models import Export
from ..exports.showing import card
from ..extensions import begin_writing, db, queue
from ..photos.attachments import attachment
from .forms import SureForm
from .guard import signed_in, user
from .settings_views import tries

bp = Blueprint("exports", __name__, url_prefix="/settings/export")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    return _page(SureForm(user(), formdata=None))


@bp.post("")
@signed_in
@tries
def create() -> ResponseReturnValue:
    """Have it made ready by the worker."""
    form = SureForm(user())
    if not form.validate():
        return _page(form), 422
    begin_writing()
    making.begin(user())
    db.session.commit()
    making.sweep()
    queue.wake()
    return redirect(url_for(".show"), 303)


@bp.post("/delete")
@signed_in
def delete() -> ResponseReturnValue:
    begin_writing()
    making.delete(user())
    db.session.commit()
    making.sweep()
    flash(_("Deleted. Your photos are where they were."))
    return redirect(url_for(".show"), 303)


@bp.get("/<public_id>.zip")
@signed_in
def download(public_id: str) -> ResponseReturnValue:
    ready = Export.ready_of(user()).where(Export.public_id == public_id)
    made = making.zipped(db.one_or_404(ready))
    db.session.commit()  # nothing of the database is held while it goes out
    name = _("Everything of %(name)s", name=" ".join(user().name.split()))
    return attachment(request, made.file, f"{name}.zip", tag=made.tag, type="application/zip")


def _page(form: SureForm) -> str:
    return render_template("accounts/export.html", form=form, export=card(user()))
