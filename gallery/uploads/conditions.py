"""What a client asks of a file: only if it is new, only if it is the same, only a part of it.

Werkzeug's own answers refuse ``If-Match: *`` and a last part longer than the file, overlook
``If-Unmodified-Since``, and take a weak tag or a later date for the file that was begun.
"""

from flask import abort, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response


def is_known(response: Response) -> bool:
    """Whether the client has this very file already: RFC 9110, section 13.2.2.

    :param response: what would be sent, with its tag and date.
    :raises werkzeug.exceptions.PreconditionFailed: if the client wants another file or none.
    """
    if request.method not in ("GET", "HEAD"):
        return False
    tag, date = response.get_etag()[0] or "", response.last_modified
    if request.if_match:
        if not request.if_match.contains(tag):
            abort(412)
    elif date and request.if_unmodified_since and date > request.if_unmodified_since:
        abort(412)
    if request.if_none_match:
        return request.if_none_match.contains_weak(tag)
    return bool(date and request.if_modified_since and date <= request.if_modified_since)


def asked_part(response: Response, size: int) -> tuple[int, int | None]:
    """The first byte that is asked for and the one after the last; (0, None) for the whole.

    :param response: what would be sent, with its tag and date.
    :param size: of the whole file.
    :raises werkzeug.exceptions.RequestedRangeNotSatisfiable: for a part outside of it, or several.
    """
    # Other units are to be overlooked, and an empty file has no part to send.
    is_asked = request.headers.get("Range", "").lower().startswith("bytes=")
    if request.method != "GET" or not size or not is_asked or not _is_begun(response):
        return 0, None
    ranges = request.range.ranges if request.range else ()
    if len(ranges) == 1:
        start, stop = ranges[0]
        start = max(0, start + size) if start < 0 else start  # below zero: the last so many
        stop = min(stop or size, size)
        if start < stop:
            return start, stop
    raise RequestedRangeNotSatisfiable(size)


def _is_begun(response: Response) -> bool:
    """Whether it is the file that the client has a part of, as far as it says."""
    told = response.headers.get("ETag"), response.headers.get("Last-Modified")
    return request.headers.get("If-Range") in (None, *told)
