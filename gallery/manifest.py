"""What a browser needs to install the gallery, and to offer it where a phone shares pictures."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from .accounts.guard import everyone
from .upload_sets import ACCEPTED

bp = Blueprint("manifest", __name__)


@bp.get("/manifest.webmanifest")
@everyone
def show() -> ResponseReturnValue:
    text = render_template(
        "manifest.json",
        accepted=ACCEPTED.split(","),
        # Here, since the messages of templates are read from .html only.
        description=_("Your photos, in order and in your own hands."),
    )
    return text, {"Content-Type": "application/manifest+json"}
