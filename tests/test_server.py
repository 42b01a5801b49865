"""What the web server hands to the application of a request's body."""

import io
import socket
from collections.abc import Iterator

import pytest
from gunicorn.http.unreader import SocketUnreader

from gallery.server import Body, Line

Pair = tuple[socket.socket, SocketUnreader]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A client, and what the server has read of it."""
    client, accepted = socket.socketpair()
    with client, Line(fileno=accepted.detach()) as line:
        yield client, SocketUnreader(line)


def body(unreader: SocketUnreader, length: int) -> io.BufferedReader:
    return io.BufferedReader(Body(unreader, length))


def test_what_came_with_the_headers_comes_first(pair: Pair) -> None:
    client, unreader = pair
    unreader.unread(b"a c")
    client.sendall(b"at")

    assert body(unreader, 5).read() == b"a cat"


def test_the_next_request_is_left_where_it_is(pair: Pair) -> None:
    client, unreader = pair
    unreader.unread(b"a catGET")
    client.sendall(b" / HTTP/1.1")

    assert body(unreader, 5).read() == b"a cat"
    assert unreader.read() + unreader.read() == b"GET / HTTP/1.1"


def test_it_never_waits_for_more_than_its_length(pair: Pair) -> None:
    client, unreader = pair
    client.sendall(b"a catGET")
    taken = bytearray(100)

    assert body(unreader, 5).readinto(taken) == 5
    assert unreader.read() == b"GET"


def test_it_has_lines(pair: Pair) -> None:
    client, unreader = pair
    client.sendall(b"a cat\na dog\n")

    assert list(body(unreader, 12)) == [b"a cat\n", b"a dog\n"]


def test_what_came_before_the_line_broke_is_read(pair: Pair) -> None:
    client, unreader = pair
    client.sendall(b"a c")
    client.close()
    taken = bytearray(5)

    assert body(unreader, 5).readinto(taken) == 3


def test_what_came_before_a_silence_is_read_and_then_it_is_over(pair: Pair) -> None:
    client, unreader = pair
    unreader.sock.settimeout(0.1)
    client.sendall(b"a c")
    stream = body(unreader, 5)

    assert stream.read(5) == b"a c"
    with pytest.raises(ConnectionResetError):
        stream.read(5)
