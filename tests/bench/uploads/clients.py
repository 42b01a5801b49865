"""The clients of the benchmark: they send bodies over plain sockets."""

import base64
import http.client
import os
import socket
from collections.abc import Iterator

MB = os.urandom(1_000_000)
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
PATIENCE = 60  # seconds for an answer
TUS = {"Tus-Resumable": "1.0.0"}
FORM = {"Content-Type": "multipart/form-data; boundary=----a-browsers-boundary"}


def send_form(port: int, files: int, megabytes: int) -> int:
    """Post a form with so many files of that size.

    :return: the bytes of its body.
    """
    pieces = list(form(files, megabytes))
    return send(port, "POST /form", FORM, pieces)


def send_raw(port: int, megabytes: int) -> int:
    """Put a body that is nothing but the file.

    :return: the bytes of it.
    """
    return send(port, "PUT /raw", {"Content-Type": "application/octet-stream"}, [MB] * megabytes)


def send_resumable(
    port: int, megabytes: int, at_once: int, path: str = "/tus", token: str = ""
) -> int:
    """Send a video by tus, so many megabytes in each request.

    :return: the bytes of it.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    name = base64.b64encode(b"video.mp4").decode()
    size, whose = megabytes * len(MB), {"Authorization": f"Bearer {token}"}
    announced = {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}", **whose}
    created = exchange(connection, "POST", path, announced)
    place = created["Location"].removeprefix(f"http://127.0.0.1:{port}")
    kind = {"Content-Type": "application/offset+octet-stream", **whose}
    head = MP4 + os.urandom(16)  # no two are the same
    piece = head + MB[len(head) :] + MB * (at_once - 1)
    for offset in range(0, size, len(piece)):
        exchange(connection, "PATCH", place, {"Upload-Offset": str(offset), **kind}, piece)
    connection.close()
    return size


def form(files: int, megabytes: int) -> Iterator[bytes]:
    """The body of a form as a browser makes it."""
    for number in range(files):
        yield (
            "------a-browsers-boundary\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{number}.bin"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        yield from [MB] * megabytes
        yield b"\r\n"
    yield b"------a-browsers-boundary--\r\n"


def send(port: int, line: str, headers: dict[str, str], pieces: list[bytes]) -> int:
    """Send a request and wait until the server has closed.

    :raises SystemExit: if the answer is not 200.
    """
    size = sum(map(len, pieces))
    headers = {"Host": "x", "Connection": "close", "Content-Length": str(size), **headers}
    lines = [f"{line} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        for piece in pieces:
            connection.sendall(piece)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    if b" 200 " not in answer[:20]:
        raise SystemExit(f"{line}: {answer.decode()}")
    return size


def exchange(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes = b"",
) -> http.client.HTTPMessage:
    """The headers of the answer.

    :raises SystemExit: if it is not 201 or 204.
    """
    connection.request(method, path, body, TUS | headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status not in (201, 204):
        raise SystemExit(f"{method} {path}: {answer.status} {text.decode()}")
    return answer.headers
