"""Goal 8's ground, and why gunicorn runs with a worker of ours: three web servers side by side.

Run it as ``python -m tests.bench.servers`` (Linux: it reads /proc; some three minutes).
granian takes part where it is installed.
"""

import http.client
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

import gallery  # noqa: F401  # each server loads it, since the worker of ours cannot do without

THREADS = 256
ROUNDS = 7
CONNECTIONS = 8
PATIENCE = 20  # seconds to wait for a page
SILENCE = 40  # seconds to wait for a server to end a silent upload
LOADS = {
    "a page of 20 KB": ("/page", 1600),
    "30 KB by send_from_directory": ("/files/30k", 1600),
    "5 MB by send_from_directory": ("/files/5m", 160),
}
GUNICORN = (
    *("-m", "gunicorn", "--bind=127.0.0.1:{port}", "--workers=1", f"--threads={THREADS}"),
    *("--keep-alive=15", "--no-control-socket", "--log-level=critical"),
)
SERVERS = {
    "ours": (*GUNICORN, "--worker-class=gallery.server.Worker", "tests.bench.servers:make_app()"),
    "gthread": (*GUNICORN, "--worker-class=gthread", "tests.bench.servers:make_app()"),
    "granian": (
        *("-m", "granian", "--host=127.0.0.1", "--port={port}", "--interface=wsgi", "--http=1"),
        *(f"--blocking-threads={THREADS}", "--workers=1", "--workers-kill-timeout=2", "--no-log"),
        *("--factory", "tests.bench.servers:make_app"),
    ),
}


def make_app() -> Flask:
    """What the servers run: a page, files, and a door that reads a body."""
    app = Flask(__name__)
    page = ("<p>" + "x" * 92 + "</p>\n") * 200

    @app.get("/page")
    def show() -> str:
        return page

    @app.get("/files/<name>")
    def file(name: str) -> Response:
        return send_from_directory(os.environ["BENCH_FILES"], name)

    @app.post("/upload")
    def create() -> str:
        return f"{len(request.stream.read())} bytes\n"

    return app


def main() -> None:
    """Print what requests cost, what the processes take, and what slow clients can do."""
    if importlib.util.find_spec("granian") is None:
        say("granian is not installed and is left out (pip install granian).")
        del SERVERS["granian"]
    with ExitStack() as stack:
        files = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (files / "30k").write_bytes(os.urandom(30 * 1024))
        (files / "5m").write_bytes(os.urandom(5 * 1024 * 1024))
        servers = [stack.enter_context(running(name, files)) for name in SERVERS]
        row("", [server.name for server in servers])
        row("start to first answer, s", [f"{server.start:.2f}" for server in servers])
        row("memory idle, MB", [f"{server.memory():.0f}" for server in servers])
        for what, (path, count) in LOADS.items():
            costs(what, servers, path, count)
        for what, trouble in TROUBLES.items():
            row(f"a page beside {what}, s", [trouble(server) for server in servers])
        row("memory after that, MB", [f"{server.memory():.0f}" for server in servers])
        with ThreadPoolExecutor() as pool:
            row("a silent upload is ended after, s", list(pool.map(silent_upload, servers)))


class Server:
    """One of the servers, running."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], port: int) -> None:
        self.name, self.process, self.port = name, process, port
        begin = time.monotonic()
        while self.answer_time("/page") == "none":
            if process.poll() is not None or time.monotonic() - begin > PATIENCE:
                raise SystemExit(f"{name} does not start.")
            time.sleep(0.01)
        self.start = time.monotonic() - begin

    def connect(self, sent: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.sendall(sent)
        return connection

    def answer_time(self, path: str) -> str:
        """Seconds until the whole answer is here, or "none"."""
        begin = time.monotonic()
        try:
            get(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE), path)
        except OSError:
            return "none"
        return f"{time.monotonic() - begin:.2f}"

    def cpu(self) -> float:
        """Seconds of processor time its processes have taken."""
        ticks = sum(int(fields[11]) + int(fields[12]) for _, fields in self._processes())
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Megabytes of its processes, shared pages counted in proportion."""
        rollups = [(path / "smaps_rollup").read_text() for path, _ in self._processes()]
        return sum(int(rollup.split("\nPss:")[1].split()[0]) for rollup in rollups) / 1024

    def _processes(self) -> Iterator[tuple[Path, list[str]]]:
        for path in Path("/proc").glob("[0-9]*"):
            try:
                fields = (path / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if int(fields[2]) == self.process.pid:  # its process group
                yield path, fields


@contextmanager
def running(name: str, files: Path) -> Iterator[Server]:
    """Start a server in a process group of its own, and end the group."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, *(word.format(port=port) for word in SERVERS[name])]
    environment = os.environ | {"BENCH_FILES": str(files)}
    process = subprocess.Popen(command, env=environment, process_group=0, stderr=subprocess.DEVNULL)
    try:
        yield Server(name, process, port)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


def costs(what: str, servers: list[Server], path: str, count: int) -> None:
    """Print the processor time of a request, and its ratio to the first server's."""
    rounds = []
    for n in range(ROUNDS + 1):
        turn = servers[n % len(servers) :] + servers[: n % len(servers)]  # nobody is always first
        cost = {server.name: cost_of(server, path, count) for server in turn}
        rounds.append([cost[server.name] for server in servers])
    rounds = rounds[1:]  # the first warms the caches
    medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
    row(f"{what}, CPU µs", [f"{median * 1e6:.0f}" for median in medians])
    ratios = [[cost / pair[0] for cost in pair] for pair in rounds]
    row("  beside ours", [f"{statistics.median(c):.2f}" for c in zip(*ratios, strict=True)])


def cost_of(server: Server, path: str, count: int) -> float:
    def client(_: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        for _ in range(count // CONNECTIONS):
            get(connection, path)
        connection.close()

    before = server.cpu()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(client, range(CONNECTIONS)))
    return (server.cpu() - before) / count


def get(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {answer.reason}")


def beside(count: int, sent: bytes, dripped: bytes = b"") -> Callable[[Server], str]:
    """How long a page takes while so many clients have sent this and stay."""

    def measure(server: Server) -> str:
        clients = [server.connect(sent) for _ in range(count)]
        for _ in range(3):
            time.sleep(0.5)
            for client in clients if dripped else ():
                client.send(dripped)
        seconds = server.answer_time("/page")
        for client in clients:
            client.close()
        time.sleep(1)
        return seconds

    return measure


UPLOAD = b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
TROUBLES = {
    "200 slow uploads": beside(200, UPLOAD, b"x"),
    "10 clients that never hang up": beside(10, b"GET /page HTTP/1.0\r\n\r\n"),
    "300 half headers": beside(300, b"GET /page HTTP/1.1\r\nHo"),
}


def silent_upload(server: Server) -> str:
    """Seconds until an upload that stands still gets any answer, or "never" for long enough."""
    begin = time.monotonic()
    with server.connect(UPLOAD + b"x") as client:
        client.settimeout(SILENCE)
        try:
            client.recv(1)
        except TimeoutError:
            return f"not in {SILENCE}"
    return f"{time.monotonic() - begin:.0f}"


def row(what: str, cells: list[str]) -> None:
    say(f"{what:45}" + "".join(f"{cell:>12}" for cell in cells))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
