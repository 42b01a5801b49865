"""Somebody with an account who speaks HTTP without a browser, and sees what the wire says."""

import http.client
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.make import PASSWORD

BOUNDARY = "a0b1c2d3e4f5"


@dataclass(frozen=True)
class Answer:
    """A whole answer, and the headers that matter."""

    status: int
    headers: http.client.HTTPMessage
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode()

    @property
    def place(self) -> str:
        return urlsplit(self.headers.get("Location", "")).path


class Person:
    """A session of the running program. It stays good when the program is started again.

    :param agent: of the browser that is to have it afterwards: with another it would not be fresh.
    """

    def __init__(
        self, url: str, cookie: str = "", *, patience: float = 30, agent: str = "tests"
    ) -> None:
        self.url, self.cookie, self.patience, self.agent = url, cookie, patience, agent

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask on a connection of its own.

        :raises OSError, http.client.HTTPException: when no whole answer comes.
        """
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=self.patience)
        try:
            connection.request(method, path, body, {**self.headers(), **headers})
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            self.cookie = cookie.partition(";")[0]
        return Answer(answer.status, answer.headers, data)

    def headers(self) -> dict[str, str]:
        headers = {"Origin": self.url, "Cookie": self.cookie, "Connection": "close"}
        return {**headers, "User-Agent": self.agent}

    def submit(self, path: str, token: str = "", **fields: str) -> Answer:
        """Send a form, with a token of one's own unless there is one already."""
        body = urlencode({"csrf_token": token or self.token(), **fields}).encode()
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, body, **{"Content-Type": kind})

    def token(self) -> str:
        """Return the token that every form of this session carries."""
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/login").text)[1]

    def register(self) -> "Person":
        """Make an account of one's own."""
        email = f"ada-{secrets.token_hex(4)}@example.org"
        answer = self.submit("/register", name="Ada Moreau", email=email, password=PASSWORD)
        assert answer.status == 303, answer.text
        self.email = email
        return self

    def send(self, *files: tuple[str, bytes]) -> Answer:
        """Send files by the form, as a browser without scripts does."""
        return self.ask("POST", "/photos", form(*files), **FORM)


FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def form(*files: tuple[str, bytes]) -> bytes:
    """Return the body of an upload."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: image/jpeg\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
