"""The program as people run it."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen

from tests.faults.person import Person
from tests.programs import ROOT


class Sender:
    """A person with a token, and a machine without a database."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home
        self.person = Person(url).register()
        page = self.person.submit("/settings/tokens", name="tests").text
        self.token = re.search(r'value="(gal_[^"]+)"', page)[1]

    def start(self, *paths: Path, url: str = "", token: str = "", album: str = "") -> "Popen[str]":
        command = [sys.executable, "-m", "gallery.upload", *map(str, paths)]
        env = {**os.environ, "GALLERY_TOKEN": token or self.token}
        env |= {"GALLERY_INSTANCE_PATH": str(self.home / "instance")}
        env |= {"XDG_CACHE_HOME": str(self.home / "cache")}
        command += ["--server", url or self.url, *(["--album", album] if album else [])]
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
