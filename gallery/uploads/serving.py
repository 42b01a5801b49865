"""Serves saved files: the blueprint behind UPLOADS_AUTOSERVE, and the answer it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, abort, current_app, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from .extensions import extension
from .kinds import BY_EXTENSION, MEDIA, PDF, named_type

if TYPE_CHECKING:
    from .configuration import UploadConfiguration

ENDPOINT = "_uploads.uploaded_file"

uploads_mod = Blueprint("_uploads", __name__, url_prefix="/_uploads")


@uploads_mod.get("/<setname>/<path:filename>")
def uploaded_file(setname: str, filename: str) -> Response:
    """The file of a set that has no URL of its own.

    :raises werkzeug.exceptions.NotFound: for other sets, and if there is no such file.
    """
    config = current_app.upload_set_config.get(setname)  # type: ignore[attr-defined]
    if config is None or config.base_url is not None:
        abort(404)
    return deliver(config, filename)


def deliver(config: UploadConfiguration, filename: str) -> Response:
    """Answer with a saved file: ranges, conditions, and shown in the page only if that is safe.

    :param config: the configuration of its set.
    :param filename: what ``save`` returned.
    :raises werkzeug.exceptions.NotFound: if there is no such file.
    :raises werkzeug.exceptions.RequestedRangeNotSatisfiable: for a range outside of it, or several.
    """
    facts = config.store.stat(filename)
    if facts is None:
        abort(404)
    try:
        file = config.store.open(filename)
    except FileNotFoundError:  # deleted meanwhile
        abort(404)
    response = send_file(
        file,
        named_type(filename),
        as_attachment=not is_inline(filename),
        download_name=filename.rpartition("/")[2],
        conditional=False,  # it cannot know the length of an open file
        etag=facts.etag,
        last_modified=facts.mtime,
    )
    response.content_length = facts.size
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not is_inline(filename):
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _conditional(response, facts.size)


def is_inline(filename: str) -> bool:
    """Whether a browser may show the file, instead of only storing it.

    :param filename: its name. Only kinds that cannot carry a script for our own site are shown.
    """
    ext = extension(filename).lower()
    kind = BY_EXTENSION.get(ext)
    return ext == "txt" or kind is PDF or (kind is not None and kind.family in MEDIA)


def _conditional(response: Response, size: int) -> Response:
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def register(app: Flask) -> None:
    """Add the endpoint to an application that does not have it yet, even one that is serving."""
    if ENDPOINT in app.view_functions:
        return
    try:
        app.register_blueprint(uploads_mod)
    except AssertionError:  # Flask takes no blueprints after the first request
        path = "/_uploads/<setname>/<path:filename>"
        app.url_map.add(app.url_rule_class(path, endpoint=ENDPOINT, methods=["GET"]))
        app.view_functions[ENDPOINT] = uploaded_file
