"""What the worker's photos cost in a long run beside one alone, and the memory it takes (Linux).

Run it as ``python -m tests.bench.previews [photos] [megapixels] [processes] [megabytes]``; by
default 1,000 of 12 MP with 2 processes. The photos are a few encodings, each with another
trailer, so that each is a file of its own.
"""

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.photographs import VARIANTS, photograph, say
from tests.make import PASSWORD
from tests.programs import ROOT

SIZES = {12: (4032, 3024), 24: (6000, 4000)}
ENCODINGS = 3
OWNER = "ada@example.org"
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
# A process as the worker's, which renders the file of its first argument eight times.
ALONE = """
import json, resource, sys, time
import gallery.worker
from gallery.imaging import Variant, render
variants = {name: Variant(**values) for name, values in json.loads(sys.argv[2]).items()}
def used():
    both = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
for _ in range(8):
    begin, cpu = time.monotonic(), used()
    with open(sys.argv[1], "rb") as file:
        render(file.fileno(), variants=variants)
    print(time.monotonic() - begin, used() - cpu)
"""


@dataclass
class Run:
    """What the worker did, in which time by the clock and of computing, in which memory."""

    made: int
    seconds: float
    computing: float
    megabytes: list[float]


def main() -> None:
    """Print the rate, what it is beside a single rendering, and the memory over time."""
    photos, megapixels, processes, megabytes = [
        *map(int, sys.argv[1:]),
        *(1000, 12, 2, 0)[len(sys.argv) - 1 :],
    ]
    with tempfile.TemporaryDirectory() as folder:
        card = Path(folder) / "card"
        fill(card, photos, SIZES[megapixels])
        wall, computing = alone(card)
        say(f"one of {megapixels} MP alone: {in_ms(wall)}, {in_ms(computing)} of computing")
        run = derive(Path(folder) / "instance", card, workers=processes, megabytes=megabytes)
    each, cost = run.seconds * processes / run.made, run.computing / run.made
    say(
        f"{run.made:,} with {processes} processes in {run.seconds:.0f} s, each {in_ms(each)} of a"
        f" core by the clock: {each / wall:.2f} × one alone, to be at most 1.3"
    )
    say(f"of computing {in_ms(cost)}: {cost / computing:.2f} ×, database and disk included")
    tenth = max(1, len(run.megabytes) // 10)
    parts = [run.megabytes[n : n + tenth] for n in range(0, len(run.megabytes), tenth)]
    medians = " ".join(f"{statistics.median(part):.0f}" for part in parts)
    say(f"MB of worker and children, each tenth's median: {medians}; most {max(run.megabytes):.0f}")


def fill(card: Path, photos: int, size: tuple[int, int]) -> None:
    card.mkdir()
    encodings = [photograph(*size) for _ in range(min(photos, ENCODINGS))]
    for number in range(photos):
        data = encodings[number % len(encodings)]
        (card / f"IMG_{number:05}.jpg").write_bytes(data + number.to_bytes(8, "big"))


def alone(card: Path) -> tuple[float, float]:
    """Seconds that one rendering takes, by the clock and of computing."""
    variants = json.dumps({name: vars(variant) for name, variant in VARIANTS.items()})
    command = [sys.executable, "-c", ALONE, str(card / "IMG_00000.jpg"), variants]
    said = subprocess.check_output(command, cwd=ROOT, text=True).splitlines()[1:]
    walls, computing = zip(*(map(float, line.split()) for line in said), strict=True)
    return statistics.median(walls), statistics.median(computing)


def derive(instance: Path, card: Path, *, workers: int, megabytes: int = 0) -> Run:
    """Import a folder, then let the real worker make all its previews."""
    env = {**os.environ, "GALLERY_INSTANCE_PATH": str(instance), "GALLERY_WORKERS": str(workers)}
    env |= {"GALLERY_WORKER_MEMORY": str(megabytes * 1_000_000)} if megabytes else {}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "gallery"]
    options = {"cwd": ROOT, "env": env, "check": True, "capture_output": True, "text": True}
    subprocess.run([*flask, "user", "add", OWNER], input=f"{PASSWORD}\n", **options)
    subprocess.run([*flask, "import", str(card), "--user", OWNER], **options)
    worker = subprocess.Popen([sys.executable, "-m", "gallery.worker"], cwd=ROOT, env=env)
    samples: list[float] = []
    over = threading.Event()
    watch = threading.Thread(target=sample, args=(worker.pid, samples, over))
    watch.start()
    while not (before := count(instance, "state != 'queued'")):
        time.sleep(0.01)
    begin, computed = time.monotonic(), computing(worker.pid)
    while count(instance, "state IN ('queued', 'running')"):
        time.sleep(0.1)
    seconds, computed = time.monotonic() - begin, computing(worker.pid) - computed
    over.set()
    watch.join()
    worker.terminate()
    worker.wait(30)
    return Run(count(instance, "state = 'done'") - before, seconds, computed, samples)


def count(instance: Path, condition: str) -> int:
    with closing(sqlite3.connect(instance / "gallery.sqlite", timeout=30)) as database:
        (number,) = database.execute(f"SELECT count(*) FROM jobs WHERE {condition}").fetchone()
    return number


def sample(pid: int, samples: list[float], over: threading.Event) -> None:
    """Note the resident memory of a program and of all it started, pages they share each time."""
    while not over.wait(0.02):
        pages = 0
        for member in family(pid):
            with suppress(OSError):
                pages += int(Path(f"/proc/{member}/statm").read_text().split()[1])
        samples.append(pages * PAGE / 1e6)


def family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in family(int(child)))]


def computing(pid: int) -> float:
    """Seconds of processor time of the program, its processes, and the children they had."""
    ticks = 0
    for member in family(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS


def in_ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


if __name__ == "__main__":
    main()
