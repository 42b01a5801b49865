"""Many at the same moment, each with an application context of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Barrier

from flask import Flask


def at_once(app: Flask, act: Callable[[int], object], times: int = 8) -> list[object]:
    """Do the act in so many threads that begin together, and return the results."""
    together = Barrier(times)

    def begin(number: int) -> object:
        with app.app_context():
            together.wait()
            return act(number)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(lambda number: Context().run(begin, number), range(times)))
