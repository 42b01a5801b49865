"""Servers of the benchmark, each a process group of its own, and what they take of the machine."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.bench import servers
from tests.programs import free_port

APP = "tests.bench.uploads.peers:make_app({})"
# The worker that any Flask application can have; the gallery's own costs all of them the same.
GUNICORN = (*servers.GUNICORN, "--worker-class=gthread", "--graceful-timeout=2")
COMMANDS = {
    "upstream": (*GUNICORN, APP.format("'upstream'")),
    "stock": (*GUNICORN, APP.format("'stock'")),
    "ours": (*GUNICORN, APP.format("'ours'")),
    "ours without digest": (*GUNICORN, APP.format("'ours', with_digest=False")),
    "raw copy": ("-m", "tests.bench.uploads.peers", "{port}", "{folder}"),
}


class Server(servers.Server):
    """One of the servers, running; ``folder`` has the files it was sent, and nothing else."""

    def __init__(
        self, name: str, process: subprocess.Popen[bytes], port: int, folder: Path
    ) -> None:
        super().__init__(name, process, port)
        self.folder = folder

    def cpu(self) -> float:
        """Seconds of processor time its processes have taken, user and system, to the µs."""
        # The kernel's number for the CPU clock of another process; /proc counts in 10 ms.
        return sum(time.clock_gettime(~pid << 3 | 2) for pid in self.pids())

    def written(self) -> int:
        """Bytes its processes have handed to write(2) and its kin; sockets are not counted."""
        return sum(int(fields(f"/proc/{pid}/io")["wchar"]) for pid in self.pids())

    def begin_peak(self) -> int:
        """Memory in bytes now; :meth:`peak` is counted from here."""
        for pid in self.pids():
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        return self.peak()

    def peak(self) -> int:
        """The most memory in bytes that its processes had since :meth:`begin_peak`."""
        peaks = (fields(f"/proc/{pid}/status")["VmHWM"] for pid in self.pids())
        return sum(int(peak.split()[0]) * 1024 for peak in peaks)

    def disk(self) -> int:
        """Bytes of disk its files take, those without a name and open ones too."""
        paths = [*self.folder.rglob("*")]
        for pid in self.pids():
            paths += Path(f"/proc/{pid}/fd").iterdir()
        sizes, device = {}, self.folder.stat().st_dev
        for path in paths:
            with suppress(FileNotFoundError):  # it was closed, or given another name, meanwhile
                facts = path.stat()
                if path.is_file() and facts.st_dev == device:
                    sizes[facts.st_ino] = facts.st_blocks * 512
        return sum(sizes.values())

    def pids(self) -> list[int]:
        """Its processes."""
        return [int(path.name) for path, _ in self._processes()]

    def clear(self) -> None:
        """Delete the files it was sent."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                path.unlink()


@contextmanager
def running(name: str, folder: Path) -> Iterator[Server]:
    """Start a server on a folder of its own, temporary files included, and end it."""
    folder.mkdir()
    port = free_port()
    words = [word.format(port=port, folder=folder) for word in COMMANDS[name]]
    environment = os.environ | {"BENCH_FILES": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen([sys.executable, *words], env=environment, process_group=0)
    try:
        yield Server(name, process, port, folder)
    finally:
        process.terminate()
        process.wait(servers.PATIENCE)


@contextmanager
def watched(server: Server) -> Iterator[list[int]]:
    """What its files take of the disk, first, some 200 times a second, and at the end."""
    taken, is_over = [server.disk()], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.005):
            taken.append(server.disk())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield taken
    finally:
        is_over.set()
        watching.join()
        taken.append(server.disk())


def fields(path: str) -> dict[str, str]:
    """The ``name: value`` lines of a file in /proc."""
    lines = (line.partition(":") for line in Path(path).read_text().splitlines())
    return {name: value.strip() for name, _, value in lines}
