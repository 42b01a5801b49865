"""What a child gives up before it touches a stranger's bytes."""

from __future__ import annotations

import ctypes
import os
import pwd
import resource
import signal
import sys
from collections.abc import Callable, Iterable

MEMORY = 2 << 30  # bytes of address space, unless told otherwise
FILES = 32  # open descriptors

_libc = ctypes.CDLL(None, use_errno=True)

# <linux/prctl.h>, <linux/sched.h>, <linux/capability.h>
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_CAPABILITY_VERSION_3 = 0x20080522


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


# Looked up here because the child can no longer read /etc/passwd by the time it needs it.
NOBODY = _nobody()


def confine(parent: int, cpu: int, memory: int) -> list[str]:
    """Put every limit in force on this process, for good.

    :param parent: the process that waits for this one; when it is gone, so is this one.
    :param cpu: seconds of processor time.
    :param memory: bytes of address space.
    :returns: the limits that could not be put in force here, as phrases; on Linux none.
    """
    steps: list[tuple[str, Callable[[], bool]]] = [
        # while there still is a root to ask
        ("no network", _leave_the_network),
        ("an unprivileged user", _become_nobody),
        ("no new privileges", lambda: _prctl(_PR_SET_NO_NEW_PRIVS, 1)),
        # a change of user clears it, so it comes after
        ("an end with its parent", lambda: _die_with(parent)),
        (f"{memory >> 20} MiB of memory", lambda: _limit(resource.RLIMIT_AS, memory)),
        # the soft limit ends it with SIGXCPU, which says why; the hard one with SIGKILL
        (f"{cpu} seconds of processor time", lambda: _limit(resource.RLIMIT_CPU, cpu, cpu + 1)),
        ("no writing of files", lambda: _limit(resource.RLIMIT_FSIZE, 0)),
        ("no core dumps", lambda: _limit(resource.RLIMIT_CORE, 0)),
        (f"{FILES} open files", lambda: _limit(resource.RLIMIT_NOFILE, FILES)),
    ]
    return [name for name, step in steps if not step()]


def close_others(keep: Iterable[int]) -> None:
    """Close every descriptor but those in `keep`; 0, 1 and 2 become /dev/null."""
    kept = sorted(keep)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in {0, 1, 2}.difference(kept):
        os.dup2(null, standard)
    edge = 3
    for descriptor in [n for n in kept if n >= 3]:
        os.closerange(edge, descriptor)
        edge = descriptor + 1
    os.closerange(edge, os.sysconf("SC_OPEN_MAX"))


def _limit(which: int, soft: int, hard: int | None = None) -> bool:
    try:
        resource.setrlimit(which, (soft, soft if hard is None else hard))
    except (OSError, ValueError):  # macOS knows RLIMIT_AS by name only
        return False
    return True


def _become_nobody() -> bool:
    if os.getuid() != 0 and os.geteuid() != 0:
        return True
    try:
        os.setgroups([])
        os.setgid(NOBODY[1])
        os.setuid(NOBODY[0])
    except OSError:
        return False
    return True


def _leave_the_network() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    if _libc.unshare(_CLONE_NEWNET) == 0:
        return True
    # Without root it takes a user namespace, whose privileges are given back at once.
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    return bool(_libc.capset(header, (ctypes.c_uint32 * 6)()) == 0)


def _die_with(parent: int) -> bool:
    bound = _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)
    return bound


def _prctl(option: int, value: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    rest = [ctypes.c_ulong(argument) for argument in (value, 0, 0, 0)]
    return bool(_libc.prctl(option, *rest) == 0)
