"""A line to a server that breaks at random places."""

import contextlib
import random
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a close throws away what is still on its way


class Line:
    """Passes on what clients say to a server and breaks so many connections in the middle.

    Half of them break on the way to the server, the others when the answer comes.

    :param server: the port of the server.
    :param breaks: how many connections it breaks before it lets all pass.
    :param span: a connection breaks after fewer bytes than these.
    """

    def __init__(self, server: int, breaks: int, span: int, seed: int) -> None:
        self.server = server
        self.left = breaks
        self.broken = 0
        self._span = span
        self._random = random.Random(seed)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # it was closed
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.server)) as server,
        ):
            back = threading.Thread(target=self._copy, args=(server, client, self._place(0.5)))
            back.start()
            self._copy(client, server, self._place(1))
            back.join()
        client.close()

    def _place(self, share: float) -> float:
        """After how many bytes to break."""
        if self.left <= 0 or self._random.random() > share:
            return float("inf")
        return self._random.randrange(self._span) if share == 1 else 0

    def _copy(self, source: socket.socket, target: socket.socket, left: float) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(16384):
                if left < len(data):
                    target.sendall(data[: int(left)])
                    self._break(source, target)
                    return
                target.sendall(data)
                left -= len(data)
            target.shutdown(socket.SHUT_WR)

    def _break(self, *ends: socket.socket) -> None:
        self.left, self.broken = self.left - 1, self.broken + 1
        for end in ends:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
