"""A wire between the browser and the gallery: it counts, slows down, breaks and is mended."""

import re
import socket
import threading
import time
from contextlib import suppress

PIECE = 16_384
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n")


class Wire:
    """Passes on what comes to its port.

    `sent` are the bytes from the browser to the gallery, `largest` those of the largest body.
    """

    def __init__(self, port: int) -> None:
        self.target = port
        self.sent = self.largest = 0
        self.rate: float | None = None
        self.is_cut = False
        self.open: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and let none begin."""
        self.is_cut = True
        for end in list(self.open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_cut = False

    def end(self) -> None:
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
        for ends in ((near, far, True), (far, near, False)):
            threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                target.sendall(piece)
                if counts:
                    self.sent += len(piece)
                    self.largest = max([self.largest, *map(int, LENGTH.findall(piece))])
                    if self.rate:
                        time.sleep(len(piece) / self.rate)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.open -= {source, target}
