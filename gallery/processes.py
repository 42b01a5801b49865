"""Keeps a family of processes together."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, number: int = signal.SIGTERM) -> None:
    """Ask the kernel for a signal to this process when its parent is gone, however that ended.

    Only Linux can be asked; elsewhere a parent that is killed with -9 leaves children.

    :param parent: its id, noted before this process was forked: by now it may be gone already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def bind_children(number: int) -> None:
    """Have every process that is forked from now on, and theirs, end with its parent."""
    parents: list[int] = []

    def note() -> None:
        parents[:] = [os.getpid()]

    os.register_at_fork(before=note, after_in_child=lambda: die_with_parent(parents[0], number))
