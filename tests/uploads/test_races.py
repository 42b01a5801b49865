"""Many at once, in threads and in processes; and the one that is killed in the middle."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from .support import listing

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}

SAVER = """
import hashlib, io, os, sys, threading
from gallery.uploads import IMAGES, UploadConfiguration, UploadSet
from werkzeug.datastructures import FileStorage

photos = UploadSet("photos", IMAGES)
photos._config = UploadConfiguration(sys.argv[1])
sys.stdin.readline()

def save():
    for number in range(25):
        body = os.urandom(1000 if number % 5 else 300_000)
        name = photos.save(FileStorage(io.BytesIO(body), "cat.jpg"))
        print(name + " " + hashlib.sha256(body).hexdigest() + "\\n", end="", flush=True)

threads = [threading.Thread(target=save) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""

KILLED = """
import io, sys, time
from gallery.uploads import ALL, UploadConfiguration, UploadSet
from werkzeug.datastructures import FileStorage

class Slow(io.BytesIO):
    def read(self, size=-1):
        if self.tell() > 2_000_000:
            print("half", flush=True)
            time.sleep(60)
        return super().read(size)

files = UploadSet("files", ALL)
files._config = UploadConfiguration(sys.argv[1])
files.save(FileStorage(Slow(bytes(9_000_000)), "film.mp4"), folder="ada")
"""


def start(program: str, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def test_three_processes_of_four_threads_lose_and_tear_nothing(tmp_path):
    savers = [start(SAVER, tmp_path) for _ in range(3)]
    for saver in savers:
        saver.stdin.write("go\n")
        saver.stdin.flush()
    saved = [line.split() for saver in savers for line in saver.communicate()[0].splitlines()]

    assert len(saved) == 300 == len({name for name, _ in saved})
    for name, digest in saved:
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    assert sorted(name for name, _ in saved) == listing(tmp_path)


def test_a_process_killed_in_the_middle_of_a_save_leaves_nothing(tmp_path):
    with start(KILLED, tmp_path) as saver:
        assert saver.stdout.readline() == "half\n"
        saver.send_signal(signal.SIGKILL)

    assert listing(tmp_path) == []
