"""Many who sign in at once take neither the memory nor the pages of the others."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench.web import memory_of
from tests.faults.conftest import Start
from tests.faults.person import Person
from tests.make import PASSWORD

CROWD = 30  # MAX_SMALL_BODIES
MB_OF_A_HASH = 64


def test_a_crowd_that_signs_in_takes_no_more_memory_than_a_few(start: Start) -> None:
    program = start(LOGIN_LIMIT="9999 per minute", LOGIN_EMAIL_LIMIT="9999 per minute")
    person = Person(program.url)
    token = person.token()
    web = program.children()[0]
    before, peak, pages = memory_of(web), 0.0, []

    def sign_in(number: int) -> int:
        guest = Person(program.url, person.cookie)
        email = f"nobody-{number}@example.org"
        return guest.submit("/login", token, email=email, password=PASSWORD).status

    with ThreadPoolExecutor(CROWD) as crowd:
        signing_in = [crowd.submit(sign_in, number) for number in range(2 * CROWD)]
        while not all(each.done() for each in signing_in):
            peak = max(peak, memory_of(web))
            begin = time.monotonic()
            person.get("/login")
            pages.append(time.monotonic() - begin)

    assert {each.result() for each in signing_in} <= {422, 503}
    assert peak - before < 5 * MB_OF_A_HASH
    assert statistics.median(pages) < 1
