"""Turns errors into a page with one sentence and one way on."""

import errno
import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from .errors import GalleryError
from .languages import said
from .uploads import UploadError

log = logging.getLogger("gallery")

PAGES = {
    400: (
        _l("This did not arrive whole"),
        _l("Something was missing from what was sent. Please try again."),
    ),
    401: (_l("Not signed in"), _l("Sign in, or send a token that holds.")),
    403: (_l("Not accepted"), _l("This was sent from another site, so it was not accepted.")),
    404: (_l("Nothing here"), _l("There is no such page, or it is not yours to see.")),
    405: (_l("Not this way"), _l("This address does not take what was sent.")),
    410: (_l("Gone"), _l("This was here, and is no more.")),
    413: (
        _l("Too large"),
        _l("This is larger than one upload may be. Send fewer files at a time."),
    ),
    415: (
        _l("Not this kind of file"),
        _l("This is not a photo, a video or a recording that we can read."),
    ),
    429: (_l("Too many tries"), _l("Wait a minute, then try again.")),
    503: (_l("Busy"), _l("The gallery is busy. Try again in a moment.")),
    507: (_l("The disk is full"), _l("Nothing more can be stored just now. What is here is safe.")),
}
OTHERS = (_l("That did not work"), _l("Please go back and try again."))
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(GalleryError, _expected)
    app.register_error_handler(UploadError, _expected)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(InternalServerError, _unexpected)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if error.code == 503:
        return _busy()
    ours = error.description if error.description != type(error).description else None
    response = _page(error.code, ours if error.code in (400, 403) or _is_for_program() else None)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _strange_host(error: SecurityError) -> ResponseReturnValue:
    """Without a name that is ours there are no addresses, so no page to show."""
    sentence = _("This gallery does not answer to that name.")
    return f"{sentence}\n", 400, {"Content-Type": "text/plain"}


def _expected(error: GalleryError | UploadError) -> ResponseReturnValue:
    sentence = error.sentence if isinstance(error, UploadError) else error.description
    values = error.values if isinstance(error, UploadError) else {}
    return _page(error.code, said(sentence) % values if values else said(sentence))


def _database(error: OperationalError | PoolTimeout) -> ResponseReturnValue:
    log.error("Request %s: %s", g.get("request_id"), error)
    if "disk is full" in str(error):  # SQLite's word for it
        return _page(507, None)
    return _busy()


def _busy() -> Response:
    if _is_for_program():
        response = _problem(503, *map(str, PAGES[503]))
    else:
        response = make_response(render_template("errors/503.html"), 503)
    response.headers["Retry-After"] = "5"
    return response


def _system(error: OSError) -> ResponseReturnValue:
    if error.errno in FULL:
        log.error("Request %s: %s", g.get("request_id"), error)
        return _page(507, None)
    raise error


def _unexpected(error: InternalServerError) -> ResponseReturnValue:
    log.error("Request %s failed, see above.", g.get("request_id"))  # Flask wrote the traceback
    if _is_for_program():
        return _problem(500, "Something went wrong", "This is our fault, and was noted.")
    return render_template("errors/500.html"), 500


def _page(code: int, sentence: str | None) -> Response:
    title, usual = map(str, PAGES.get(code, OTHERS))
    if _is_for_program():
        return _problem(code, title, sentence or usual)
    page = render_template(
        "errors/error.html",
        code=code,
        title=title,
        sentence=sentence or usual,
        action=(url_for("accounts.home"), _("Back to photos")),
    )
    return make_response(page, code)


def _is_for_program() -> bool:
    return request.path.startswith("/api/") or request.path.endswith(".json")


def _problem(code: int, title: str, sentence: str) -> Response:
    """RFC 9457."""
    response = jsonify(status=code, title=title, detail=sentence, request=g.get("request_id"))
    response.status_code, response.mimetype = code, "application/problem+json"
    return response
