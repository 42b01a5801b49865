"""The program as people run it, and a line that counts what it sends."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen

from tests.faults.person import Person
from tests.programs import ROOT
from tests.uploads.line import Line


class Meter(Line):
    """Passes everything on, counts what goes to the server, and may hold it up.

    :param pause: seconds to wait after each piece of 16 KB.
    """

    def __init__(self, server: int, pause: float = 0) -> None:
        self.sent, self.pause = 0, pause
        self.cuts, self.is_deaf = 0, False
        super().__init__(server, breaks=0, span=1, seed=0)
        self.url = f"http://127.0.0.1:{self.port}"

    def _copy(self, source: socket.socket, target: socket.socket, left: float) -> None:
        with contextlib.suppress(OSError):
            is_up = target.getpeername()[1] == self.server
            while data := source.recv(16384):
                if is_up:
                    if self.cuts:
                        self.cuts -= 1
                        return self._break(source, target)
                    self.sent += len(data)
                    time.sleep(self.pause)
                elif self.is_deaf:  # the answer gets lost
                    continue
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def cut_at(self, sent: int) -> None:
        """Break the connection that has brought so many bytes."""
        self.wait_for(sent)
        self.cuts += 1

    def wait_for(self, sent: int) -> None:
        for _ in range(3000):
            if self.sent >= sent:
                return
            time.sleep(0.01)
        raise AssertionError(f"Only {self.sent} of {sent} bytes came.")


class Sender:
    """A person with a token, and a machine without a database."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home
        self.person = Person(url).register()
        page = self.person.submit("/settings/tokens", name="tests").text
        self.token = re.search(r'value="(gal_[^"]+)"', page)[1]

    def start(self, *paths: Path, url: str = "", token: str = "") -> "Popen[str]":
        command = [sys.executable, "-m", "gallery.upload", *map(str, paths)]
        env = {**os.environ, "GALLERY_TOKEN": token or self.token}
        env |= {"GALLERY_INSTANCE_PATH": str(self.home / "instance")}
        env |= {"XDG_CACHE_HOME": str(self.home / "cache")}
        command += ["--server", url or self.url]
        return Popen(command, cwd=ROOT, env=env, stdout=PIPE, stderr=PIPE, text=True)

    def send(self, *paths: Path, **options: str) -> "subprocess.CompletedProcess[str]":
        return ended(self.start(*paths, **options))

    def counts(self, done: "subprocess.CompletedProcess[str]") -> str:
        """Return what the receipt says that a run has printed the address of."""
        path = re.search(r"/upload/\w+", done.stdout)[0]
        heading = re.search(r"<h1>(.*?)</h1>", self.person.get(path).text, re.DOTALL)[1]
        return " ".join(re.sub(r"<[^>]*>", "", heading).split())

    def wait_for_photo(self) -> None:
        for _ in range(300):
            if "/p/" in self.person.get("/photos").text:
                return
            time.sleep(0.1)
        raise AssertionError("No photo came.")

    def left_behind(self) -> list[str]:
        """Return the files that the program has made on its machine."""
        return [str(path) for path in self.home.rglob("*") if path.is_file()]


def ended(running: "Popen[str]") -> "subprocess.CompletedProcess[str]":
    said, errors = running.communicate(timeout=60)
    return subprocess.CompletedProcess(running.args, running.returncode, said, errors)
