"""The list of keys that the pages know, and the switch of those that are single letters."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from .accounts.guard import everyone

bp = Blueprint("keyboard", __name__)


@bp.get("/keys")
@everyone
def show() -> ResponseReturnValue:
    return render_template("keys.html")
