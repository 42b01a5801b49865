"""Answers with files that are put together while they are sent."""

from io import BufferedReader

from flask import Request, Response
from werkzeug.wsgi import wrap_file

from .splicing import PIECE, Spliced


def attachment(request: Request, file: Spliced, name: str, *, tag: str, type: str) -> Response:
    """Return a download that can be taken up again at any byte, as long as its tag is the same."""
    body = wrap_file(request.environ, BufferedReader(file, PIECE), PIECE)
    answer = Response(body, mimetype=type, direct_passthrough=True)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    # Whatever the bytes pretend to be, no browser runs them in this site.
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.content_length = file.size
    answer.set_etag(tag)
    answer.make_conditional(request, accept_ranges=True, complete_length=file.size)
    return answer
