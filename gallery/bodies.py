"""Bounds what slow senders can hold: so many bodies at once, and each at a certain pace."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

from werkzeug.exceptions import RequestTimeout, ServiceUnavailable

WSGIApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Bodies:
    """A WSGI layer that counts the bodies on their way in.

    A thread waits for each, and a server has only so many: past MAX_BODIES the answer
    is 503 at once, so that pages always find a thread.
    """

    def __init__(self, app: WSGIApp, config: Mapping[str, Any]) -> None:
        self.app = app
        self.config = config
        self.places = threading.BoundedSemaphore(config["MAX_BODIES"])

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if (
            environ.get("CONTENT_LENGTH", "0") in ("", "0")
            and "HTTP_TRANSFER_ENCODING" not in environ
        ):
            return self.app(environ, start_response)
        if not self.places.acquire(blocking=False):
            busy = ServiceUnavailable("Too many uploads at once. Try again in a moment.")
            busy.retry_after = 5
            return busy(environ, start_response)
        try:
            environ["wsgi.input"] = PacedInput(environ["wsgi.input"], self.config)
            return self.app(environ, start_response)
        finally:
            self.places.release()


class PacedInput:
    """A request's body that may be slow, but not for ever.

    :raises RequestTimeout: from a read, once the grace is over and the mean rate too low.
    """

    def __init__(self, stream: IO[bytes], config: Mapping[str, Any]) -> None:
        self.stream = stream
        self.rate = config["MIN_BODY_RATE"]
        self.grace = config["BODY_GRACE_SECONDS"]
        self.began = time.monotonic()
        self.received = 0

    def read(self, size: int = -1) -> bytes:
        return self._paced(self.stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._paced(self.stream.readline(size))

    def _paced(self, chunk: bytes) -> bytes:
        self.received += len(chunk)
        elapsed = time.monotonic() - self.began
        if chunk and elapsed > self.grace and self.received < self.rate * elapsed:
            raise RequestTimeout("The upload was too slow to go on.")
        return chunk
