"""The doors of what keeps the gallery from being lost, for admins."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..accounts.guard import admins, user
from ..accounts.models import AuditEntry
from ..extensions import begin_writing, db, queue
from ..keeping import checking
from .integrity import backup_card, check_card

bp = Blueprint("integrity", __name__, url_prefix="/admin/integrity")


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return render_template("admin/integrity.html", check=check_card(), backup=backup_card())


@bp.post("")
@admins
def create() -> ResponseReturnValue:
    """Have all of it checked by the worker."""
    begin_writing()
    checking.begin()
    AuditEntry.write("check begun", actor=user())
    db.session.commit()
    queue.wake()
    return redirect(url_for(".index"), 303)
