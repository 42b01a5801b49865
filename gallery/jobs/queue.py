"""Wakes the worker at once when there is work; what work, the rows say."""

import logging
import signal
import sqlite3
from collections.abc import Callable

from flask import Flask, current_app
from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from ..processes import bind_children

log = logging.getLogger("gallery.queue")

# More than these wake nobody else.
ENOUGH = 64
# Jobs end within seconds; those of a longer one are done again.
GRACE_SECONDS = 8


class Queue:
    """A bell between the web process and the worker, on Huey.

    A message names no job: whoever it wakes takes the row that is wanted most, so ten
    thousand messages of yesterday do not keep the one waiting that somebody looks at.
    """

    def init_app(self, app: Flask) -> None:
        """Make the bell of this application; its file is made when it first rings."""

        def work() -> None:
            app.extensions["work"]()

        huey = SqliteHuey("gallery", filename=app.config["QUEUE_FILE"], results=False)
        app.extensions["queue"] = huey.task()(work)

    def wake(self) -> None:
        """Have a worker look for work. Losing or doubling a message harms nobody."""
        self._ring(1, most=ENOUGH)

    def wake_all(self, workers: int) -> None:
        """Have so many look for work, those counted that are told already."""
        self._ring(workers, most=workers)

    def _ring(self, times: int, *, most: int) -> None:
        try:
            for _ in range(min(times, most - self.length())):
                current_app.extensions["queue"]()
        except sqlite3.Error:  # the rows are safe, and the next reminder reads them
            log.warning("The queue does not answer.", exc_info=True)

    def length(self) -> int:
        """Return how many messages wait, which says as well that the queue answers."""
        return int(current_app.extensions["queue"].huey.pending_count())

    def consumer(
        self,
        app: Flask,
        *,
        work: Callable[[], None],
        each_minute: Callable[[], None],
        workers: int,
    ) -> Consumer:
        """Return the program that calls `work` for each message, `workers` at once.

        Processes and not threads: each forks children that decode pictures, and the fork
        of a process with threads may inherit a lock that nobody will release.
        """
        huey = app.extensions["queue"].huey
        app.extensions["work"] = work
        # Before what waits, or a long line would keep it from its minute.
        huey.periodic_task(crontab(minute="*"), name="each_minute", priority=1)(each_minute)
        # However their parent ends, they end with it; their jobs are done again by the next.
        bind_children(signal.SIGKILL)
        return Consumer(
            huey,
            workers=workers,
            worker_type="process",
            initial_delay=0.05,
            max_delay=0.5,
            health_check_interval=1,
            # Told to end, they finish what they have: a restart is no kill.
            graceful_signal="TERM",
            shutdown_timeout=GRACE_SECONDS,
        )
