"""A family of processes that ends together."""

import os
import signal
import time

from gallery.processes import die_with_parent


def test_a_child_whose_parent_is_gone_already_ends_too() -> None:
    here, there = os.pipe()
    parent = os.fork()
    if parent == 0:
        mine = os.getpid()
        if os.fork() == 0:
            os.close(here)
            while os.getppid() == mine:  # until its parent is gone
                time.sleep(0.01)
            die_with_parent(mine, signal.SIGKILL)
            os.write(there, b"alive")
        os._exit(0)
    os.waitpid(parent, 0)
    os.close(there)

    assert os.read(here, 5) == b""
    os.close(here)
