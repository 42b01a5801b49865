"""Ends what takes too long: a hostile block makes any reader go on for ever."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TypeVar

SECONDS = 0.5  # a camera's block takes milliseconds

Answer = TypeVar("Answer")


class _Late(BaseException):
    """Not an Exception, so that nothing on the way swallows it."""


def within(read: Callable[[], Answer], otherwise: Answer) -> Answer:
    """What `read` returns; when it raises anything, or is not soon done, `otherwise`.

    Only for the main thread, and only in the jail: it takes the alarm for itself.
    """
    signal.signal(signal.SIGALRM, _stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        return read()
    except (Exception, _Late):  # a stranger's bytes make a reader raise anything at all
        return otherwise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _stop(*_: object) -> None:
    raise _Late
