"""The doors of what takes the room, for admins."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from ..accounts.guard import admins
from . import stored

bp = Blueprint("storage", __name__, url_prefix="/admin/storage")


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    shares = stored.shares()
    return render_template(
        "admin/storage.html",
        figures=stored.figures(shares),
        headings=stored.headings(),
        shares=shares[: stored.MOST_PEOPLE],
        left=len(shares[stored.MOST_PEOPLE :]),
        largest=stored.largest(),
    )


@bp.get("/storage.csv")
@admins
def table() -> ResponseReturnValue:
    named = {"Content-Disposition": "attachment; filename=storage.csv"}
    return Response(stored.as_csv(), mimetype="text/csv", headers=named)
