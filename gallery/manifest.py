"""What a browser needs to install the gallery, and to offer it where a phone shares pictures."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from .accounts.guard import everyone
from .upload_sets import ACCEPTED

bp = Blueprint("manifest", __name__)


@bp.get("/manifest.webmanifest")
@everyone
def show() -> ResponseReturnValue:
    text = render_template("manifest.json", accepted=ACCEPTED.split(","))
    return text, {"Content-Type": "application/manifest+json"}
