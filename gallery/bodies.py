"""Bounds how many bodies may be on their way in at once."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.exceptions import ServiceUnavailable

WSGIApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Bodies:
    """A WSGI layer that counts the bodies on their way in.

    A thread waits for each, and a server has only so many: past MAX_BODIES the answer
    is 503 at once, so that pages always find a thread. How long and how slow each may be
    is the server's to bound (see server.py), since an application cannot end a read.
    """

    def __init__(self, app: WSGIApp, config: Mapping[str, Any]) -> None:
        self.app = app
        self.places = threading.BoundedSemaphore(config["MAX_BODIES"])

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
            return self.app(environ, start_response)
        if not self.places.acquire(blocking=False):
            busy = ServiceUnavailable("Too many uploads at once. Try again in a moment.")
            busy.retry_after = 5
            return busy(environ, start_response)
        try:
            return self.app(environ, start_response)
        finally:
            self.places.release()
