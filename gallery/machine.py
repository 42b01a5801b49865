"""What of this machine is given to us: cores and memory, by the system and by its cgroup."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CannotStart

MB = 1_000_000
# Measured as their sum of resident memory, pages that they share counted in each: the worker
# and its clock; a process that works and its child as it is born; what a picture takes.
FAMILY, PROCESS, PICTURE = 180 * MB, 200 * MB, 200 * MB

CGROUP = Path("/sys/fs/cgroup")
# The limit of the group that this process is in, as a container sees it: version 2, version 1.
MEMORY_FILES = ("memory.max", "memory/memory.limit_in_bytes")


@dataclass(frozen=True)
class Shares:
    """How many pictures are decoded at once, and how many bytes each of them may take."""

    processes: int
    picture: int


def shares(config: Mapping[str, Any]) -> Shares:
    """Divide what is given to the worker.

    :raises CannotStart: when its memory does not hold even one picture.
    """
    least = FAMILY + PROCESS + PICTURE
    given = config["WORKER_MEMORY"] or max(least, memory() // 2)
    if not isinstance(given, int) or given < least:
        raise CannotStart(f"WORKER_MEMORY must be {least:,} bytes or more, and is “{given}”.")
    held = (given - FAMILY) // (PROCESS + PICTURE)
    processes = min(config["WORKERS"] or cores(), held)
    return Shares(processes, (given - FAMILY) // processes - PROCESS)


def cores() -> int:
    """Return how many cores this process may use, and at least 1."""
    given = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    quota, period = _quota()
    return max(1, min(given or 1, quota // period if quota > 0 else given or 1))


def memory() -> int:
    """Return the bytes of memory that this process may use."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = (_words(name)[:1] for name in MEMORY_FILES)
    return min([there, *(int(word) for words in limits for word in words if word.isdigit())])


def _quota() -> tuple[int, int]:
    """The microseconds of processor time in each period; without a limit they are not positive."""
    words = _words("cpu.max") or [
        *_words("cpu/cpu.cfs_quota_us"),
        *_words("cpu/cpu.cfs_period_us"),
    ]
    numbers = [int(word) for word in words if word.isdigit()]
    return (numbers[0], numbers[1]) if len(numbers) == 2 and numbers[1] else (0, 1)


def _words(name: str) -> list[str]:
    try:
        return (CGROUP / name).read_text().split()
    except OSError:
        return []
