"""Keeps a family of processes together."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask the kernel for a signal to this process when its parent is gone, however that ended.

    Only Linux can be asked; elsewhere a parent that is killed with -9 leaves children.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
