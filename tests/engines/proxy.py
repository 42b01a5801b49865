"""A wire to an S3 server that counts the requests, and breaks where a test says so."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

XML = "<Error><Code>{}</Code><Message>As the test says.</Message></Error>"

Fault = Callable[["Exchange"], None]


class Proxy(ThreadingHTTPServer):
    """The wire; its address is ``url``, and ``seen`` has each request: method and bytes of body."""

    daemon_threads = True

    def __init__(self, server_url: str) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.server_at = urlsplit(server_url).netloc
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.seen: list[tuple[str, int]] = []
        self.faults: dict[str, deque[Fault]] = {}
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def next(self, method: str, *faults: Fault) -> None:
        """Break the next requests of a method, one by one; those behind them pass."""
        self.faults[method] = deque(faults)

    def bodies(self, method: str) -> list[int]:
        return [size for seen, size in self.seen if seen == method]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"
    server: Proxy

    def do(self) -> None:
        faults = self.server.faults.get(self.command)
        fault = faults.popleft() if faults else None
        self.length = int(self.headers.get("Content-Length", 0))
        if fault is None:
            self.answer(*self.forwarded())
        else:
            fault(self)

    do_GET = do_HEAD = do_PUT = do_DELETE = do

    def received(self, size: int | None = None) -> bytes:
        body = self.rfile.read(self.length if size is None else size)
        self.server.seen.append((self.command, len(body)))
        return body

    def forwarded(self) -> tuple[int, dict[str, str], bytes]:
        body = self.received()
        headers = {name: value for name, value in self.headers.items() if name != "Expect"}
        with contextlib.closing(http.client.HTTPConnection(self.server.server_at)) as server:
            server.request(self.command, self.path, body or None, headers)
            answer = server.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def answering(status: int, code: str = "InternalError") -> Fault:
    """The server is never asked: this is the answer."""

    def fault(exchange: Exchange) -> None:
        exchange.received()
        body = b"" if exchange.command == "HEAD" else XML.format(code).encode()
        exchange.answer(status, {}, body)

    return fault


def cutting_the_body(exchange: Exchange) -> None:
    """The connection ends when half of the request is through."""
    exchange.received(exchange.length // 2)
    exchange.cut()


def losing_the_answer(exchange: Exchange) -> None:
    """The server does it, and nobody hears of it."""
    exchange.forwarded()
    exchange.cut()


def cutting_the_answer(exchange: Exchange) -> None:
    """The connection ends when half of the answer is through."""
    status, headers, body = exchange.forwarded()
    exchange.answer(status, headers, body[: len(body) // 2])
    exchange.cut()


def overwriting(exchange: Exchange) -> None:
    """What the server refuses as taken counts as done."""
    status, headers, body = exchange.forwarded()
    exchange.answer(*((200, {}, b"") if status == 412 else (status, headers, body)))
