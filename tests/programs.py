"""The gallery as people start it: a program with a folder and a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """`python wsgi.py`, and what it says."""

    def __init__(self, instance: Path, **settings: str) -> None:
        self.instance = instance
        self.port = int(settings.get("GALLERY_PORT", free_port()))
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "GALLERY_INSTANCE_PATH": str(instance),
            "GALLERY_PORT": str(self.port),
            **settings,
        }
        self.process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_up(self) -> str:
        """Return what it printed until it gave its address."""
        said = ""
        while "(Ctrl-C ends it)" not in said:
            line = self.process.stdout.readline()
            assert line, f"It ended: {said}"
            said += line
        return said

    def read(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def flask(self, *arguments: str, typed: str = "") -> str:
        """Run `flask --app wsgi gallery …` against the same folder."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "gallery", *arguments],
            cwd=ROOT,
            env=self.env,
            input=typed,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()]

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        if self.process.poll() is None:
            self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=30)
        return self.process.returncode, rest
