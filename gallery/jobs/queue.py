"""Tells the worker at once that there is work; what work, the rows say."""

import logging
import os
import signal
import sqlite3
from collections.abc import Callable, Iterable
from functools import partial

from flask import Flask, current_app
from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from ..processes import die_with_parent

log = logging.getLogger("gallery.queue")


class Queue:
    """A line of job ids between the web process and the worker, on Huey."""

    def init_app(self, app: Flask) -> None:
        """Open the line of this application; its file is made with the first message."""

        def perform(job_id: int) -> None:
            app.extensions["perform"](job_id)

        huey = SqliteHuey("gallery", filename=app.config["QUEUE_FILE"], results=False)
        app.extensions["queue"] = huey.task()(perform)

    def tell(self, job_ids: Iterable[int]) -> None:
        """Say that these jobs wait. Losing or doubling a message harms nobody."""
        try:
            for job_id in job_ids:
                current_app.extensions["queue"](job_id)
        except sqlite3.Error:  # the rows are safe, and the next reminder reads them
            log.warning("The queue does not answer.", exc_info=True)

    def length(self) -> int:
        """Return how many messages wait, which says as well that the queue answers."""
        return int(current_app.extensions["queue"].huey.pending_count())

    def consumer(
        self,
        app: Flask,
        *,
        perform: Callable[[int], None],
        each_minute: Callable[[], None],
        workers: int,
    ) -> Consumer:
        """Return the program that calls `perform` with each job id, `workers` at once.

        Processes and not threads: each forks children that decode pictures, and the fork
        of a process with threads may inherit a lock that nobody will release.
        """
        huey = app.extensions["queue"].huey
        app.extensions["perform"] = perform
        huey.periodic_task(crontab(minute="*"), name="each_minute")(each_minute)
        # Huey's processes only make a note of SIGTERM; their jobs are done again by the next.
        os.register_at_fork(after_in_child=partial(die_with_parent, signal.SIGKILL))
        return Consumer(
            huey, workers=workers, worker_type="process", initial_delay=0.05, max_delay=0.5
        )
