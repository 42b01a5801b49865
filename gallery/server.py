"""gunicorn's threaded worker, made fit to meet strangers without a proxy before it.

As it comes, gthread waits for a silent body for ever, and ten clients that leave their
side of a connection open stop everybody for 18 seconds: tests/bench/servers.py shows it.
"""

import io
import socket
from collections.abc import Mapping
from contextlib import suppress
from errno import ECONNRESET
from functools import partial
from selectors import EVENT_READ
from threading import Semaphore
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http.body import LengthReader
from gunicorn.http.message import Request
from gunicorn.http.unreader import SocketUnreader
from gunicorn.http.wsgi import FileWrapper
from gunicorn.workers.gthread import TConn, ThreadWorker

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

UNSENT = 256 * 1024  # bytes of an answer the kernel may keep ready
HEADERS = 32 * 1024  # bytes looked through for the end of the headers
FAREWELL = 5  # seconds of silence after which a client that reads its last answer is left
farewells = Semaphore(32)  # threads that may be spent on such clients


class Line(socket.socket):
    """The connection to a client, on which no wait is endless."""

    patience = 30.0  # seconds the other side may neither send nor take anything
    rate = 1000  # bytes a second it must send on average, once it was waited for that long
    waited = 0.0
    received = seen = 0
    is_over = False  # the other side is gone, or was waited for long enough

    def setblocking(self, flag: bool) -> None:
        self.settimeout(self.patience if flag else 0)

    def recv(self, size: int, flags: int = 0) -> bytes:
        piece = bytearray(size)
        return bytes(memoryview(piece)[: self.recv_into(piece, size, flags)])

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        if self.is_over:
            raise ConnectionResetError(ECONNRESET, "The client is gone, silent or too slow")
        begin = monotonic()
        try:
            size = super().recv_into(buffer, nbytes, flags)
        except (TimeoutError, ConnectionError):
            return self._end()
        self.waited += monotonic() - begin
        self.received += size
        if self.waited > self.patience and self.received < self.rate * self.waited:
            return self._end()
        return size

    def _end(self) -> int:
        """End it once without an error, which would take along what was received before."""
        self.is_over = True
        return 0

    def sendall(self, data: "ReadableBuffer", flags: int = 0, /) -> None:
        # The standard one gives all of the data together a single time-out.
        rest = memoryview(data)
        while rest:
            rest = rest[self.send(rest, flags) :]

    def has_headers(self, ahead: bytes) -> bool:
        """Tell whether a thread could begin; if not, be readable again when more has come."""
        self.setblocking(False)
        try:
            here = super().recv(HEADERS, socket.MSG_PEEK)
        except BlockingIOError:
            return b"\r\n\r\n" in ahead
        except OSError:
            return True  # the thread will meet it too, and close
        # Readable, yet nothing new: the client has ended.
        ready = len(here) in (self.seen, HEADERS) or b"\r\n\r\n" in ahead + here
        self.seen = len(here)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1 if ready else len(here) + 1)
        return ready

    def see_off(self) -> None:
        """Read on for a while: closing on a client that still sends throws its answer away."""
        if farewells.acquire(blocking=False):
            with suppress(OSError):
                self.shutdown(socket.SHUT_WR)
                self.settimeout(FAREWELL)
                end = monotonic() + self.patience
                while monotonic() < end and super().recv(1 << 16):
                    pass
            farewells.release()
        with suppress(OSError):
            self.shutdown(socket.SHUT_RDWR)  # so that gunicorn's own farewell is short


class Body(io.RawIOBase):
    """A body of known length, received into the reader's own buffer: gunicorn copies it thrice."""

    def __init__(self, unreader: SocketUnreader, length: int) -> None:
        super().__init__()
        self._unreader = unreader
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")[: self._left]
        if ahead := self._unreader.take_buffered():  # it came with the headers
            size = min(len(ahead), len(view))
            view[:size] = ahead[:size]
            self._unreader.unread(ahead[size:])
        else:
            size = self._unreader.sock.recv_into(view)
        self._left -= size
        return size


class Pieces(FileWrapper):
    """A file that is sent piece by piece, and begun anywhere: gunicorn's cannot be sought in.

    Without that, all that stands before a range is read, and thrown away.
    """

    def seekable(self) -> bool:
        return bool(self.filelike.seekable())

    def seek(self, offset: int) -> None:
        self.filelike.seek(offset)

    def tell(self) -> int:
        return int(self.filelike.tell())


class Server(BaseApplication):
    """gunicorn around an application that is there already, with options by gunicorn's names."""

    def __init__(self, app: Flask, options: Mapping[str, object]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


class Worker(ThreadWorker):
    """Threads begin with whole headers, and the main loop waits for nobody."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        application = self.wsgi.wsgi_app

        def with_pieces(environ: dict[str, Any], start_response: Any) -> Any:
            environ["wsgi.file_wrapper"] = Pieces
            return application(environ, start_response)

        self.wsgi.wsgi_app = with_pieces

    def enqueue_req(self, conn: TConn) -> None:
        if not isinstance(conn.sock, Line):
            conn.sock = self._line(conn.sock)
        if conn.sock.has_headers(read_ahead(conn)):
            conn.data_ready = True
            super().enqueue_req(conn)
            return
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _line(self, accepted: socket.socket) -> Line:
        line = Line(fileno=accepted.detach())
        line.patience = self.wsgi.config.get("BODY_GRACE_SECONDS", line.patience)
        line.rate = self.wsgi.config.get("MIN_BODY_RATE", line.rate)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            # Else a slow download stands still for a third of a buffer of megabytes.
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        return line

    def on_pending_socket_readable(self, conn: TConn, client: Line) -> None:
        if client.has_headers(read_ahead(conn)):
            super().on_pending_socket_readable(conn, client)

    def handle(self, conn: TConn) -> object:
        conn.sock.waited = conn.sock.received = conn.sock.seen = 0
        kept = super().handle(conn)
        if not kept:  # in this thread: gunicorn does it in the main loop, where everybody waits
            conn.sock.see_off()
        return kept

    def handle_request(self, req: Request, conn: TConn) -> bool:
        if isinstance(req.body.reader, LengthReader):
            body = Body(conn.parser.unreader, req.body.reader.length)
            req.body = io.BufferedReader(body)
        return bool(super().handle_request(req, conn))


def read_ahead(conn: TConn) -> bytes:
    """Return what came with the last request and belongs to the next."""
    ahead: bytes = conn.parser.unreader.buf.getvalue() if conn.parser else b""
    return ahead
