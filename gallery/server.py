"""gunicorn's threaded worker, for a server that strangers reach without a proxy before it.

As it comes, gthread waits for a silent body for ever, and ten clients that leave their
side of a connection open stop everybody for 18 seconds: tests/bench/servers.py shows it.
"""

import socket
from contextlib import suppress
from errno import ECONNRESET
from functools import partial
from selectors import EVENT_READ
from time import monotonic
from typing import TYPE_CHECKING

from gunicorn.http.message import Request
from gunicorn.workers.gthread import TConn, ThreadWorker

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SILENCE = 30  # seconds a body, or an answer, may stand still
HEADERS = 15  # seconds for all headers together
LINGER = 5  # seconds to let a client finish sending what nobody reads


class Line(socket.socket):
    """A client's connection, on which no wait is endless."""

    due: float | None = None  # when all of what is being read must be here

    def setblocking(self, flag: bool) -> None:
        self.settimeout(SILENCE if flag else 0)

    def recv(self, size: int, flags: int = 0) -> bytes:
        if self.due is not None:
            # Zero would mean "do not wait", not "too late".
            self.settimeout(max(self.due - monotonic(), 0.001))
        try:
            return super().recv(size, flags)
        except TimeoutError as error:
            raise ConnectionResetError(ECONNRESET, "The other side fell silent") from error

    def sendall(self, data: "ReadableBuffer", flags: int = 0, /) -> None:
        # The standard one gives all of the data together a single time-out.
        rest = memoryview(data)
        while rest:
            rest = rest[self.send(rest, flags) :]


class Worker(ThreadWorker):
    """Threads that wait for nobody: not for a first byte, not for headers, not at the close."""

    def enqueue_req(self, conn: TConn) -> None:
        if isinstance(conn.sock, Line):
            super().enqueue_req(conn)
            return
        # gunicorn would let a connection that says nothing hold a thread for five seconds.
        conn.sock = Line(fileno=conn.sock.detach())
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> object:
        conn.sock.due = monotonic() + HEADERS
        kept = super().handle(conn)
        if not kept:  # here, because gunicorn's main thread would keep everybody waiting
            linger(conn.sock)
        return kept

    def handle_request(self, req: Request, conn: TConn) -> object:
        conn.sock.due = None
        conn.sock.setblocking(True)
        return super().handle_request(req, conn)


def linger(line: Line) -> None:
    """Read on for a while: closing on a client that still sends would throw the answer away."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        line.due = end = monotonic() + LINGER
        while monotonic() < end and line.recv(1 << 16):
            pass
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
