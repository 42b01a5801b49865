"""The whole gallery as a server of the benchmark; what its web process takes is looked at."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.make import PASSWORD
from tests.programs import Program

from .running import Server


class Gallery(Server):
    """The gallery with one user, who has a token for programs."""

    def __init__(self, program: Program) -> None:
        # It is up already, and has no page to ask for it.
        self.name, self.process, self.port = "ours", program.process, program.port
        self.folder = program.instance / "uploads"
        program.flask("user", "add", "ada@example.org", typed=f"{PASSWORD}\n")
        said = program.flask("token", "add", "ada@example.org", "--scope", "upload")
        self.token = re.search(r"gal_\S+", said)[0]
        (self.web,) = (pid for pid in program.children() if b"gunicorn" in command(pid))

    def pids(self) -> list[int]:
        """The web server's processes, without the one that makes previews."""
        workers = Path(f"/proc/{self.web}/task/{self.web}/children").read_text().split()
        return [self.web, *map(int, workers)]

    def clear(self) -> None:
        """Empty the videos it was sent; their names stay taken, as their rows say."""
        for path in self.folder.rglob("*.mp4"):
            os.truncate(path, 0)


def command(pid: int) -> bytes:
    """What a process was started with."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@contextmanager
def gallery(folder: Path) -> Iterator[Gallery]:
    """Start it in a folder of its own, and end it."""
    program = Program(folder / "gallery")
    try:
        program.wait_until_up()
        yield Gallery(program)
    finally:
        program.end()
