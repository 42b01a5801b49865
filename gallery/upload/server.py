"""Asks a gallery, and waits where waiting helps."""

import json
import random
import time
from collections.abc import Mapping
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

# The same request may go better in a while.
BUSY = frozenset({408, 423, 425, 429, 502, 503, 504})
TRIES = 10  # without a byte of progress: about four minutes
LONGEST = 60
TIMEOUT = urllib3.Timeout(connect=10, read=120)

Answer = urllib3.BaseHTTPResponse


class Stop(Exception):
    """Nothing more can be sent; the sentence says why."""


class Trouble(Exception):
    """This went wrong, and may go better after so many seconds."""

    def __init__(self, sentence: str, after: float = 0) -> None:
        super().__init__(sentence)
        self.after = after


class Refused(Exception):
    """The gallery does not take this file; `is_final` when it never will."""

    def __init__(self, sentence: str, *, is_final: bool = False) -> None:
        super().__init__(sentence)
        self.is_final = is_final


class Patience:
    """Waits longer each time, and ends when nothing has come of it for long."""

    def __init__(self) -> None:
        self.tries = 0

    def wait(self, trouble: Trouble) -> None:
        """:raises Stop: at last."""
        self.tries += 1
        if self.tries == TRIES:
            raise Stop(str(trouble)) from trouble
        # A crowd that was sent away at once should not come back at once.
        pause = min(LONGEST, 2**self.tries) * random.uniform(0.5, 1)
        time.sleep(max(trouble.after, pause))


class Server:
    """A gallery, and the token that says who asks."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
        self._http = urllib3.PoolManager(headers=headers, timeout=TIMEOUT, retries=False)

    def try_once(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask, whatever the answer is; `path` may be a whole address.

        :raises Trouble: when it cannot be reached, or is busy.
        :raises Stop: when it does not know the token.
        """
        url = path if "://" in path else self.url + path
        headers = {**self._http.headers, **(headers or {})}
        try:
            answer = self._http.request(method, url, body=body, headers=headers)
        except HTTPError as error:
            raise Trouble(f"The gallery at {self.url} cannot be reached.") from error
        if answer.status == 401:
            raise Stop(f"The gallery at {self.url} does not know this token.")
        if answer.status in BUSY:
            raise Trouble(sentence_of(answer), seconds_of(answer))
        return answer

    def greet(self) -> int:
        """Return how many bytes one request should carry.

        :raises Stop: when no gallery is there, or it does not know the token.
        """
        try:
            answer = self.try_once("GET", "/limits.json")
        except Trouble as trouble:
            raise Stop(str(trouble)) from trouble
        part = self._read(answer).get("part") if answer.status != 404 else None
        if not isinstance(part, int):
            raise self._strange()
        return part

    def ask(self, path: str, question: object) -> dict[str, Any]:
        """Return what it says in JSON; a batch that it does not know is {}.

        :raises Stop: when it cannot be asked.
        """
        patience = Patience()
        body, headers = json.dumps(question).encode(), {"Content-Type": "application/json"}
        while True:
            try:
                answer = self.try_once("POST", path, body, headers)
            except Trouble as trouble:
                patience.wait(trouble)
            else:
                return {} if answer.status == 404 else self._read(answer)

    def _read(self, answer: Answer) -> dict[str, Any]:
        try:
            found = json.loads(answer.data)
        except ValueError as error:
            raise self._strange() from error
        if not isinstance(found, dict):
            raise self._strange()
        if answer.status >= 300:
            raise Stop(sentence_of(answer))
        return found

    def _strange(self) -> Stop:
        return Stop(f"What answers at {self.url} is no gallery that takes uploads.")


def sentence_of(answer: Answer) -> str:
    """Return the sentence of a refusal: plain, or in the JSON of a problem."""
    text = answer.data.decode("utf-8", "replace").strip()
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        is_plain = answer.headers.get("Content-Type", "").startswith("text/plain")
        return text if text and is_plain else f"The gallery answered {answer.status}."


def seconds_of(answer: Answer) -> float:
    after = answer.headers.get("Retry-After", "")
    return float(after) if after.isdecimal() else 0
