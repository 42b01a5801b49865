"""Clients that send slowly, nothing or too much stop nobody, and hear why they are refused."""

import socket
import statistics
import time
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.faults.conftest import Start
from tests.faults.person import FORM, Person, form
from tests.flows.steps import register
from tests.make import jpeg

BODIES = 200  # MAX_BODIES
MB = 1_000_000


class Dripping:
    """An upload whose head has been sent and whose body comes as one likes."""

    def __init__(self, person: Person, line: str = "POST /photos", **said: str) -> None:
        address = urlsplit(person.url)
        self.body = form(("slow.jpg", jpeg() + bytes(MB)))
        headers = {
            "Host": address.netloc,
            **person.headers(),
            **(said or FORM),
            "Content-Length": str(len(self.body)),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.socket = socket.create_connection((address.hostname, address.port), timeout=30)
        self.socket.sendall(f"{line} HTTP/1.1\r\n{lines}\r\n".encode())
        self.sent = 0

    def drip(self, number: int = 1) -> None:
        self.sent += self.socket.send(self.body[self.sent : self.sent + number])

    def answer(self) -> HTTPResponse:
        answer = HTTPResponse(self.socket)
        answer.begin()
        return answer

    def seconds_until_cut(self, act: Callable[["Dripping"], None], patience: float) -> float:
        """Act again and again; return when the other side had enough.

        :raises AssertionError: when it never had.
        """
        begin = time.monotonic()
        self.socket.settimeout(0.1)
        while (elapsed := time.monotonic() - begin) < patience:
            try:
                act(self)
                if not self.socket.recv(1 << 16):
                    return elapsed
            except TimeoutError:
                continue
            except ConnectionError:
                return elapsed
        raise AssertionError(f"Still open after {patience} seconds.")


TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}


def in_parts(person: Person) -> tuple[str, Dripping]:
    """A file that was begun, and its first part, which comes as one likes."""
    length = str(len(form(("slow.jpg", jpeg() + bytes(MB)))))
    place = person.ask("POST", "/api/uploads", **TUS, **{"Upload-Length": length}).place
    return place, Dripping(person, f"PATCH {place}", **PART)


def silence(client: Dripping) -> None:
    """Send nothing."""


def seconds(act: Callable[[], object]) -> float:
    begin = time.monotonic()
    act()
    return time.monotonic() - begin


def test_two_hundred_slow_uploads_leave_the_pages_quick(start: Start) -> None:
    person = Person(start().url).register()
    assert person.send(("cat.jpg", jpeg())).status == 303
    clients = [Dripping(person) for _ in range(BODIES - 50)]
    clients += [in_parts(person)[1] for _ in range(50)]
    answers = []

    for _ in range(5):
        for client in clients:
            client.drip()
        answers.append(seconds(lambda: person.get("/photos")))
        time.sleep(1)
    refused = person.send(("dog.jpg", jpeg((3000, 2000), seed=1)))

    assert statistics.median(answers) < 1, answers  # of five: the machine may be busy
    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) > 0
    for client in clients:
        client.socket.close()
    assert is_soon(lambda: person.send(("dog.jpg", jpeg(seed=1))).status == 303)


def is_soon(happens: Callable[[], bool], patience: float = 10) -> bool:
    end = time.monotonic() + patience
    while not happens():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


@pytest.mark.parametrize("act", [silence, Dripping.drip], ids=["silent", "slow"])
def test_a_body_that_stands_still_or_crawls_is_cut(start: Start, act) -> None:
    person = Person(start(BODY_GRACE_SECONDS=2).url).register()
    client = Dripping(person)
    client.drip(1000)

    assert 1 < client.seconds_until_cut(act, patience=15) < 8
    assert person.get("/photos").status == 200


def test_a_part_that_crawls_is_cut_and_goes_on_where_it_was(start: Start) -> None:
    person = Person(start(BODY_GRACE_SECONDS=2).url).register()
    place, client = in_parts(person)
    client.drip(300_000)

    client.seconds_until_cut(silence, patience=15)

    told = person.ask("HEAD", place, **TUS).headers
    assert told["Upload-Offset"] == "300000"
    rest = client.body[300_000:]
    answer = person.ask("PATCH", place, rest, **{**PART, "Upload-Offset": "300000"})
    assert answer.status == 415  # whole, and looked at: a form is no picture


def test_a_slow_body_that_keeps_the_pace_arrives(start: Start) -> None:
    person = Person(start(BODY_GRACE_SECONDS=1).url).register()
    client = Dripping(person)

    while client.sent < len(client.body):
        client.drip(len(client.body) // 20)
        time.sleep(0.15)

    assert client.answer().status == 303


@pytest.mark.slow
def test_the_usual_grace_of_a_silent_body_is_half_a_minute(start: Start) -> None:
    client = Dripping(Person(start().url).register())

    assert 25 < client.seconds_until_cut(silence, patience=50) < 40


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.jpg"
    path.write_bytes(jpeg() + bytes(50 * MB))
    return path


def test_a_form_over_the_limit_gets_a_page_and_not_a_reset(
    start: Start, browser: Browser, large: Path
) -> None:
    program = start(MAX_CONTENT_LENGTH=10 * MB)
    with browser.new_context(base_url=program.url, java_script_enabled=False) as context:
        page = context.new_page()
        register(page)
        page.goto("/upload")
        page.locator("[data-upload-input]").set_input_files(large)

        with page.expect_navigation() as sent:
            page.get_by_role("button", name="Upload", exact=True).click()

        assert sent.value.status == 413
        expect(page.get_by_role("heading", name="Too large")).to_be_visible()
