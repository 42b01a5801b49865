"""URLs that let whoever holds them have one file, for a while (UPLOADS_SIGNED)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Flask, abort, current_app, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from .serving import add_view, deliver, printable

if TYPE_CHECKING:
    from .sets import UploadSet

ENDPOINT = "_uploads.signed_file"
PATH = "/_uploads/signed-file/<token>/<name>"  # no set's name has a hyphen
EXPIRED = "This link has expired."


def signed_url(
    uset: UploadSet | str, filename: str, *, expires: int = 3600, download: bool = False
) -> str:
    """A URL of a saved file for whoever has it; UPLOADS_AUTHORISE is not asked.

    :param uset: its set, or the set's name.
    :param filename: what ``save`` returned; whether it exists is not looked up.
    :param expires: for how many seconds it works.
    :param download: have the file stored, even if it could be shown.
    :raises RuntimeError: if UPLOADS_SIGNED is off, or the application has no SECRET_KEY.

    >>> app = Flask("app")
    >>> app.config.update(UPLOADED_PHOTOS_DEST=folder, UPLOADS_SIGNED=True, SECRET_KEY="a")
    >>> configure_uploads(app, UploadSet("photos", IMAGES))
    >>> with app.test_request_context():
    ...     signed_url("photos", "ada/cat.jpg", expires=60)
    'http://localhost/_uploads/signed-file/.../cat.jpg'
    """
    if ENDPOINT not in current_app.view_functions:
        raise RuntimeError("Set UPLOADS_SIGNED before `configure_uploads`, to have signed URLs.")
    setname = uset if isinstance(uset, str) else uset.name
    token = serializer("file").dumps([setname, filename, expires, download])
    return url_for(ENDPOINT, token=token, name=_shown(filename), _external=True)


def signed_file(token: str, name: str) -> Response:
    """The file that a URL was signed for.

    :param token: tells which one.
    :param name: what a browser shows of the URL, as it was made.
    :raises werkzeug.exceptions.NotFound: if it was not signed here, or there is no such file.
    :raises werkzeug.exceptions.Gone: if the URL has expired.
    """
    try:
        facts, signed_at = serializer("file").loads(token, return_timestamp=True)
    except BadData:
        abort(404)
    setname, filename, expires, download = facts
    if name != _shown(filename):
        abort(404)
    if time.time() > signed_at.timestamp() + expires:
        abort(410, EXPIRED)
    return deliver(setname, filename, authorise=lambda *_: True, download=download)


def serializer(purpose: str) -> URLSafeTimedSerializer:
    """What signs with the application's SECRET_KEY; SECRET_KEY_FALLBACKS are still understood.

    :param purpose: what is signed for one is not valid for another.
    :raises RuntimeError: if the application has no SECRET_KEY.
    """
    if not current_app.secret_key:
        raise RuntimeError("Set SECRET_KEY, to have signed URLs.")
    keys = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or ()), current_app.secret_key]
    return URLSafeTimedSerializer(keys, salt=f"uploads.{purpose}")


def register(app: Flask) -> None:
    """Add the endpoint to an application that does not have it yet, even one that is serving.

    :param app: the application.
    """
    add_view(app, PATH, ENDPOINT, signed_file)


def _shown(filename: str) -> str:
    return printable(filename.rpartition("/")[2])
