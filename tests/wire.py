"""A wire between a client and the gallery: it counts, slows down, holds, falls silent, breaks."""

import random
import re
import socket
import struct
import threading
import time
from contextlib import suppress

PIECE = 16_384
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n")
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a close throws away what is still on its way


class Wire:
    """Passes on what comes to its port.

    `sent` are the bytes on the way to the server, `largest` those of the largest body.

    :param rate: bytes a second to the server, for each connection.
    :param breaks: how many connections break at random before all pass: each before so many
        bytes of the `span` have come, or else half of the time when the answer comes.
    """

    def __init__(
        self, port: int, *, rate: float | None = None, breaks: int = 0, span: int = 1, seed: int = 0
    ) -> None:
        self.target, self.rate = port, rate
        self.breaks, self.span, self.random = breaks, span, random.Random(seed)
        self.sent = self.largest = self.broken = 0
        self.is_cut = self.is_deaf = False
        self.held_at = float("inf")
        self.is_free = threading.Event()
        self.open: set[socket.socket] = set()
        self.silent: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        # Else all of a file is on the wire at once, however slow that is.
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PIECE)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and let none begin."""
        self.is_cut = True
        _reset(*self.open)

    def mend(self) -> None:
        self.is_cut = False

    def fall_silent(self) -> None:
        """Nothing passes any more over the connections that are, and neither end is told."""
        self.silent |= self.open

    def hold_at(self, sent: int) -> None:
        """Once so many bytes came, pass none on to the server before it is let go."""
        self.held_at = sent
        self.is_free.clear()

    def let_go(self) -> None:
        self.held_at = float("inf")
        self.is_free.set()

    def cut_at(self, sent: int) -> None:
        """Break every connection when so many bytes came; others may begin at once."""
        self.wait_for(sent)
        self.cut()
        self.mend()

    def wait_for(self, sent: int) -> None:
        for _ in range(3000):
            if self.sent >= sent:
                return
            time.sleep(0.01)
        raise AssertionError(f"Only {self.sent} of {sent} bytes came.")

    def close(self) -> None:
        self.let_go()
        self.cut()
        self.listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.is_cut:
                    near.close()
                else:
                    self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.target))
        except OSError:  # the gallery is away just now
            return near.close()
        self.open |= {near, far}
        up = down = float("inf")
        if self.breaks > self.broken:
            up = self.random.randrange(self.span)
            down = 0 if self.random.random() < 0.5 else down
        for ends in ((near, far, up, True), (far, near, down, False)):
            threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, left: float, is_up: bool) -> None:
        """Pass on what comes, until `left` bytes have."""
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if source in self.silent:
                    return
                if is_up:
                    self._count(piece)
                if len(piece) > left:
                    target.sendall(piece[: int(left)])
                    self.broken += 1
                    _reset(source, target)
                    break
                left -= len(piece)
                if is_up or not self.is_deaf:
                    target.sendall(piece)
        _end(source, target)
        self.open -= {source, target}

    def _count(self, piece: bytes) -> None:
        self.sent += len(piece)
        self.largest = max([self.largest, *map(int, LENGTH.findall(piece))])
        if self.sent >= self.held_at:
            self.is_free.wait()
        if self.rate:
            time.sleep(len(piece) / self.rate)


def _end(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _reset(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    _end(*ends)
