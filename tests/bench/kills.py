"""Kills the gallery with -9 while people upload, starts it again, and counts what is left.

Run it as ``python -m tests.bench.kills [runs] [first seed]`` (Linux: it reads /proc; a quarter
of a minute for each of the 50 runs). Every tenth run waits for the lease of a killed job; before
the others the lease is ended by hand, as if its minute had passed.
"""

import contextlib
import datetime as dt
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from http.client import HTTPException
from itertools import islice
from pathlib import Path

from gallery import assets
from tests.faults.person import Person
from tests.make import jpeg
from tests.programs import Program

PHOTOS = 50
RUNS = 50
CLIENTS = 2
# Within these seconds of the first byte it happens: most are still sending then.
MOMENTS = (0.05, 2.5)
# A lease is a minute long, and who left it is looked for once a minute.
PATIENCE, PATIENCE_WITH_LEASE = 40, 150

Upload = tuple[tuple[str, bytes], ...]


@dataclass
class Report:
    """What a kill did; the first of these must be equal, and the last three empty."""

    seed: int
    whom: str
    moment: float
    acknowledged: int
    kept: int
    pending: int
    made: int
    seconds: float
    without_row: int
    half_written: list[str]
    lost: list[str]
    wrong: list[str]

    def __str__(self) -> str:
        cells = (len(value) if isinstance(value, list) else value for value in astuple(self))
        return "".join(
            f"{cell:>13.2f}" if isinstance(cell, float) else f"{cell:>13}" for cell in cells
        )


HEADINGS = (
    *("seed", "killed", "after s", "acknowledged", "kept", "pending", "made", "within s"),
    *("without row", "half-written", "lost", "wrong"),
)


def main() -> None:
    """Print a line for each kill, and end with 1 if anything was lost."""
    runs, first = [*map(int, sys.argv[1:]), *(RUNS, 0)[len(sys.argv) - 1 :]]
    assets.build()
    say("".join(f"{heading:>13}" for heading in HEADINGS))
    reports = []
    with tempfile.TemporaryDirectory() as folder:
        gallery = prepared(Path(folder) / "prepared")
        for seed in range(first, first + runs):
            instance = Path(folder) / f"run-{seed}"
            report = kill(gallery, instance, seed, is_lease_waited_for=seed % 10 == 9)
            say(str(report))
            for sentence in (*report.half_written, *report.lost, *report.wrong):
                say(f"    {sentence}")
            shutil.rmtree(instance)
            reports.append(report)
    bad = [report for report in reports if not is_good(report)]
    say(
        f"{len(reports)} kills, {sum(r.acknowledged for r in reports):,} files acknowledged before"
        f" them, {sum(len(r.lost) for r in reports)} lost, {len(bad)} kills with anything wrong."
    )
    sys.exit(1 if bad else 0)


def is_good(report: Report) -> bool:
    left = (*report.half_written, *report.lost, *report.wrong)
    return not left and report.kept == report.acknowledged and report.made == report.pending


@dataclass(frozen=True)
class Prepared:
    """A gallery with one account, to be copied for each run."""

    instance: Path
    cookie: str


def prepared(instance: Path) -> Prepared:
    program = Program(instance)
    try:
        program.wait_until_up()
        return Prepared(instance, Person(program.url).register().cookie)
    finally:
        program.end()


def kill(
    gallery: Prepared,
    instance: Path,
    seed: int,
    *,
    photos: int = PHOTOS,
    is_lease_waited_for: bool = False,
) -> Report:
    """Upload, kill, start again, send the rest again, and compare all there is."""
    chance = random.Random(seed)
    whom = list(VICTIMS)[seed % len(VICTIMS)]
    shutil.copytree(gallery.instance, instance)
    uploads = forms(chance, photos)
    sent = {digest(data): name for upload in uploads for name, data in upload}
    senders = Senders(uploads, gallery.cookie)
    with running(instance) as program:
        begin = time.monotonic()
        senders.begin(program.url)
        time.sleep(max(0, begin + chance.uniform(*MOMENTS) - time.monotonic()))
        VICTIMS[whom](program, chance)
        moment = time.monotonic() - begin
        if whom == "web":  # it has a master that makes another
            wait_for_answer(Person(program.url, gallery.cookie))
        senders.end()
        if whom == "derive":  # let its master notice
            time.sleep(0.5)
        end_family(program)
    acknowledged = list(senders.acknowledged)
    database = instance / "gallery.sqlite"
    kept = sum(is_kept(instance, data) for upload in acknowledged for _, data in upload)
    half_written = [name for name, found in originals(instance).items() if found not in sent]
    if not is_lease_waited_for:
        end_leases(database)
    waiting = pending(database)
    with running(instance) as program:
        person = Person(program.url, gallery.cookie)
        begin = time.monotonic()
        patience = PATIENCE_WITH_LEASE if is_lease_waited_for else PATIENCE
        while pending(database) & waiting and time.monotonic() < begin + patience:
            time.sleep(0.1)
        seconds = time.monotonic() - begin
        made = len(waiting - pending(database))
        lost = [place for place in senders.receipts if person.get(place).status != 200]
        # Who got no receipt presses Upload again; nothing is stored twice.
        for upload in uploads:
            if upload not in acknowledged:
                person.send(*upload)
        begin = time.monotonic()
        while pending(database) and time.monotonic() < begin + patience:
            time.sleep(0.1)
        wrong = compare(program)
        end_family(program)
    lost += [sent[each] for each in sent.keys() - digests(database).keys()]
    wrong += shortcomings(database)
    return Report(
        seed=seed,
        whom=whom,
        moment=moment,
        acknowledged=sum(map(len, acknowledged)),
        kept=kept,
        pending=len(waiting),
        made=made,
        seconds=seconds,
        without_row=len(originals(instance)) - len(digests(database)),
        half_written=half_written,
        lost=lost,
        wrong=wrong,
    )


# What is sent.


def forms(chance: random.Random, photos: int) -> list[Upload]:
    """Photos of many sizes, one to four in a form."""
    names = iter(range(photos))
    uploads = []
    while batch := tuple(islice(names, chance.randint(1, 4))):
        uploads.append(tuple(picture(chance, number) for number in batch))
    return uploads


def picture(chance: random.Random, number: int) -> tuple[str, bytes]:
    size = chance.choice([(320, 240), (640, 480), (1600, 1067), (2400, 1600)])
    taken = dt.datetime(2020, 1, 1) + dt.timedelta(days=number * 17, seconds=chance.randrange(9999))
    # Some carry a trailer, as phones' moving pictures do, and are staged on disk.
    trailer = chance.randbytes(chance.choice([0, 0, 300_000, 900_000]))
    return f"IMG_{number:04}.jpg", jpeg(size, seed=number, taken=taken) + trailer


class Senders:
    """Clients who send their forms, each after the other's answer, and note their receipts."""

    def __init__(self, uploads: Sequence[Upload], cookie: str) -> None:
        self.uploads, self.cookie = list(uploads), cookie
        self.acknowledged: list[Upload] = []
        self.receipts: list[str] = []
        self.is_over = False

    def begin(self, url: str) -> None:
        self.threads = [
            threading.Thread(target=self._send, args=(url, self.uploads[first::CLIENTS]))
            for first in range(CLIENTS)
        ]
        for thread in self.threads:
            thread.start()

    def _send(self, url: str, uploads: Sequence[Upload]) -> None:
        person = Person(url, self.cookie)
        for upload in uploads:
            if self.is_over:
                return
            with contextlib.suppress(OSError, HTTPException):
                answer = person.send(*upload)
                if answer.status == 303:
                    self.acknowledged.append(upload)
                    self.receipts.append(answer.place)

    def end(self) -> None:
        self.is_over = True
        for thread in self.threads:
            thread.join()


# Who is killed.


def family_of(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(each for child in listed for each in family_of(int(child)))]


def shoot(*pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_family(program: Program, chance: random.Random) -> None:
    """As a power cut does, but for what the disk keeps."""
    shoot(*family_of(program.process.pid))


def kill_web(program: Program, chance: random.Random) -> None:
    """The process that answers; its master stays, and starts another."""
    shoot(family_of(program.children()[0])[1])


def kill_worker(program: Program, chance: random.Random) -> None:
    """The queue's consumer; the program ends itself then."""
    shoot(program.children()[1])


def kill_derive(program: Program, chance: random.Random) -> None:
    """One of the processes that make previews, or the jail in it."""
    master, *makers = family_of(program.children()[1])
    shoot(chance.choice(makers or [master]))  # it may not have begun


def kill_main(program: Program, chance: random.Random) -> None:
    """The program alone; the kernel tells its children."""
    shoot(program.process.pid)


VICTIMS: dict[str, Callable[[Program, random.Random], None]] = {
    "family": kill_family,
    "web": kill_web,
    "worker": kill_worker,
    "main": kill_main,
    "derive": kill_derive,
}


@contextlib.contextmanager
def running(instance: Path, **settings: str) -> Iterator[Program]:
    """Start the gallery, and leave nobody behind."""
    program = Program(instance, **settings)
    try:
        program.wait_until_up()
        wait_for_answer(Person(program.url))
        yield program
    finally:
        end_family(program)


def end_family(program: Program) -> None:
    """Leave nobody behind, however it came to its end."""
    shoot(*family_of(program.process.pid))
    # The pipe is open for as long as anybody of the family lives, orphans included.
    program.process.communicate(timeout=30)


def wait_for_answer(person: Person) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError, HTTPException):
            if person.get("/healthz").status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("It does not answer.")


# What is left.


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def originals(instance: Path) -> dict[str, str]:
    """Return the digest of every file of the photo set."""
    top = instance / "uploads" / "photos"
    files = (path for path in top.rglob("*") if path.is_file())
    return {str(path.relative_to(top)): digest(path.read_bytes()) for path in files}


def is_kept(instance: Path, data: bytes) -> bool:
    """Tell whether a row names a file with these bytes."""
    filename = digests(instance / "gallery.sqlite").get(digest(data))
    if filename is None:
        return False
    return (instance / "uploads" / "photos" / filename).read_bytes() == data


def ask(database: Path, sql: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        return connection.execute(sql).fetchall()


def digests(database: Path) -> dict[str, str]:
    return dict(ask(database, "SELECT sha256, filename FROM photos"))


def pending(database: Path) -> set[int]:
    return {number for (number,) in ask(database, "SELECT id FROM photos WHERE state = 'pending'")}


def end_leases(database: Path) -> None:
    ask(database, "UPDATE jobs SET lease_until = '2020-01-01' WHERE state = 'running'")


def compare(program: Program) -> list[str]:
    """Return what `gallery verify --deep` finds, but for files without a row."""
    try:
        said = program.flask("verify", "--deep").splitlines()
    except AssertionError as error:  # it ends with 1 when anything is wrong
        return str(error).splitlines()
    findings = [line for line in said if ": no row;" not in line]
    return [] if len(findings) == 1 and findings[0].endswith(" 0 wrong.") else findings


def shortcomings(database: Path) -> list[str]:
    """Return every photo without its four previews, and every job that did not end well."""
    photos = ask(
        database,
        "SELECT p.id, p.state, p.reason, count(d.id) FROM photos p"
        " LEFT JOIN derivatives d ON d.photo_id = p.id GROUP BY p.id",
    )
    jobs = ask(database, "SELECT id, state, tries, reason FROM jobs WHERE state != 'done'")
    return [
        *(f"photo {row[0]}: {row[1:]}" for row in photos if row[1:] != ("ready", "", 4)),
        *(f"job {row[0]}: {row[1:]}" for row in jobs),
    ]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
