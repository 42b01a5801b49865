"""Runs a piece of work in a child process that can hurt nobody, and waits for its answer."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from . import frames
from .confinement import close_others, confine
from .outcome import N_

WALL = 15.0  # seconds by the clock
CPU = 10  # seconds of processor time
FRAMES = 32

_OUT_OF_MEMORY = 3  # the child's exit status

_log = logging.getLogger(__name__)


@dataclass
class Answer:
    """What came out of the jail.

    :param frames: what the work yielded, in its order, as far as it came.
    :param missing: the limits that could not be put in force, as phrases.
    :param killed: empty when the work came to its end, else a sentence on why it did not.
    """

    frames: list[bytes] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    killed: str = ""


def jailed(
    work: Callable[[], Iterable[bytes]],
    seconds: float = WALL,
    *,
    cpu: int = CPU,
    memory: int | None = None,
    keep: Sequence[int] = (),
) -> Answer:
    """Run `work` in a jailed child and collect what it yields.

    :param work: called in the child; each item it yields is at most `frames.LARGEST` bytes.
    :param seconds: of wall time until it is killed.
    :param cpu: seconds of processor time until the system kills it.
    :param memory: bytes that it may take beyond what this process has mapped.
    :param keep: descriptors that stay open in the child.
    :raises OSError: there was no process or pipe to be had; the work is not to blame.

    Call it from a process with one thread that has run no libvips operation: neither libvips' nor
    anybody else's threads survive a fork. The child is gone when this returns.
    """
    reading, writing = os.pipe()
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if child == 0:
        _serve(work, writing, [*keep, writing], lambda: confine(parent, cpu, memory))
    answer, ending = Answer(), ""
    try:
        os.close(writing)
        _listen(answer, reading, time.monotonic() + seconds)
    except TimeoutError:
        ending = f"This file took longer than {seconds:g} seconds to read."
    except frames.Broken as why:
        ending = str(why)
    finally:
        os.close(reading)
        status = _end(child)
    answer.killed = ending and _sentence(ending, status, cpu)
    return answer


def missing_limits() -> list[str]:
    """Which of the jail's limits this platform cannot put in force, as phrases: on Linux none."""
    answer = jailed(lambda: ())
    return ["a jail at all"] if answer.killed else answer.missing


def _serve(
    work: Callable[[], Iterable[bytes]],
    pipe: int,
    keep: list[int],
    give_up: Callable[[], list[str]],
) -> NoReturn:
    """The whole life of the child."""
    status = 1
    try:
        os.setsid()  # a group of its own, so that what it forks dies with it
        _forget_the_parent()
        close_others(keep)
        frames.send(pipe, frames.LIMITS, "\n".join(give_up()).encode())
        for frame in work():
            frames.send(pipe, frames.WORK, frame)
        frames.send(pipe, frames.END, b"")
        status = 0
    except MemoryError:
        status = _OUT_OF_MEMORY
    except BaseException:  # the child has nobody to raise to, so it tells
        frames.send(pipe, frames.TRACE, traceback.format_exc()[-4096:].encode("utf-8", "replace"))
    finally:
        os._exit(status)  # never back into the parent's code, nor its atexit


def _forget_the_parent() -> None:
    signal.set_wakeup_fd(-1)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    logging.disable()  # its handlers write to files and sockets that are closed now


def _listen(answer: Answer, pipe: int, deadline: float) -> None:
    """Fill `answer` from the pipe until the child says that it is done."""
    for _ in range(FRAMES):
        tag, body = frames.receive(pipe, deadline)
        if tag == frames.END:
            return
        if tag == frames.WORK:
            answer.frames.append(body)
        elif tag == frames.LIMITS:
            answer.missing = body.decode("utf-8", "replace").splitlines()
        else:
            _log.warning("The work in the jail failed:\n%s", body.decode("utf-8", "replace"))
    raise frames.Broken(N_("This file made our reader give an answer that makes no sense."))


def _end(child: int) -> int:
    """Kill the child and its group, done or not, and take its status: it leaves no zombie."""
    for kill in (os.killpg, os.kill):  # it may not have got as far as a group of its own
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _sentence(ending: str, status: int, cpu: int) -> str:
    # It was dying before our own kill came, so the status still says of what.
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return f"This file took more than {cpu} seconds of computing to read."
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _OUT_OF_MEMORY:
        return N_("This file took more memory to read than we allow.")
    return ending
