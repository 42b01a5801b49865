"""Goals 8, 12, 16 and 17: what the gallery's own pages, pictures and answers cost.

Run it as ``python -m tests.bench.web [part …]`` (Linux: it reads /proc). Medians of interleaved
rounds; processor time, where nothing else is said.
"""

import contextlib
import datetime as dt
import http.client
import os
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import event

from gallery import assets
from gallery.extensions import db, public_id
from gallery.factory import create_app
from gallery.folders import natural
from gallery.photos.timeline import PAGE
from tests.bench import servers
from tests.bench.kills import Prepared, family_of, prepared
from tests.bench.kills import running as running_gallery
from tests.bench.photographs import photograph
from tests.bench.servers import row
from tests.faults.person import FORM, Person, form
from tests.postbox import postbox, settings
from tests.programs import Program

ROUNDS = 9
FEW, MANY = 500, 50_000
PICTURE = 30 * 1024
COLOURS = ("#7d8a94", "#a39c8b", "#40544f")
UNLIMITED = {
    "GALLERY_LOGIN_LIMIT": "999999 per minute",
    "GALLERY_LOGIN_EMAIL_LIMIT": "999999 per minute",
}


def main() -> None:
    """Print the parts asked for by their names, or all."""
    assets.build()
    wanted = [word for word in sys.argv[1:] if word in PARTS] or list(PARTS)
    with tempfile.TemporaryDirectory() as folder:
        gallery = prepared(Path(folder) / "prepared")
        for name in wanted:
            PARTS[name](gallery)


# The start, and what the processes take.


def start(gallery: Prepared) -> None:
    """The second start of a gallery, and its memory when it has answered once."""
    seconds, web, worker = [], [], []
    for _ in range(5):
        begin = time.monotonic()
        with running_gallery(gallery.instance) as program:
            seconds.append(time.monotonic() - begin)
            time.sleep(1)
            web.append(memory_of(program.children()[0]))
            worker.append(memory_of(program.children()[1]))
    show("second start to first answer (goal 3 s)", statistics.median(seconds), "s")
    show("web, idle: master and server", statistics.median(web), "MB")
    show("worker, idle: consumer and its processes", statistics.median(worker), "MB")


def memory_of(pid: int) -> float:
    """Megabytes of a family of processes, shared pages counted in proportion."""
    rollups = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in family_of(pid)]
    return sum(int(rollup.split("\nPss:")[1].split()[0]) for rollup in rollups) / 1024


# An upload.


def upload(gallery: Prepared) -> None:
    """How long people wait: for the answer to a photo, and for its picture."""
    photo = photograph(3480, 2620)
    answers, pictures = [], []
    with running_gallery(gallery.instance) as program:
        person = Person(program.url, gallery.cookie)
        for n in range(ROUNDS + 1):
            body = form(("photo.jpg", photo + os.urandom(16)))
            seconds, receipt = time_of_answer(person, body)
            begin = time.monotonic()
            while "/i/" not in person.get(receipt).text:
                assert time.monotonic() < begin + 60, "There is no preview."
                time.sleep(0.05)
            if n:  # the first warms the caches
                answers.append(seconds)
                pictures.append(seconds + time.monotonic() - begin)
    size = f"{len(photo) / 1e6:.1f} MB"
    show(
        f"answer after the last byte of {size} (goal 150 ms)",
        statistics.median(answers) * 1e3,
        "ms",
    )
    show("  slowest of them", max(answers) * 1e3, "ms")
    show("its preview after that byte (goal 2 s)", statistics.median(pictures), "s")
    show("  slowest of them", max(pictures), "s")


def time_of_answer(person: Person, body: bytes) -> tuple[float, str]:
    """Return the seconds from the last byte to the answer, and where the receipt is."""
    connection = http.client.HTTPConnection(urlsplit(person.url).netloc, timeout=30)
    connection.putrequest("POST", "/photos")
    for name, value in {**person.headers(), **FORM, "Content-Length": str(len(body))}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body)
    begin = time.monotonic()
    with contextlib.closing(connection):
        answer = connection.getresponse()
        seconds = time.monotonic() - begin
        assert answer.status == 303, answer.status
        return seconds, urlsplit(answer.headers["Location"]).path


# A page of few photos, and of many.


def pages(gallery: Prepared) -> None:
    """The timeline at its top and deep down, in this process and in the running program."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        few, many = (
            Library(stack, gallery, Path(folder) / str(number), number) for number in (FEW, MANY)
        )
        asked = [(few, "/photos"), (many, "/photos"), (many, many.deep)]
        for title, cost in (("in this process", Library.cost), ("running", Library.cost_running)):
            rounds = [[cost(library, path) for library, path in asked] for _ in range(ROUNDS + 1)]
            first, large, deep = (
                statistics.median(column) for column in zip(*rounds[1:], strict=True)
            )
            show(f"/photos at {FEW:,}, {title}", first * 1e3, "ms")
            show(
                f"  at {MANY:,}, to be at most 1.2 times that: {large / first:.2f}",
                large * 1e3,
                "ms",
            )
            show(f"  page {MANY * 9 // 10 // PAGE} of it: {deep / first:.2f}", deep * 1e3, "ms")
        counts = [library.statements(path) for library, path in asked]
        row("statements (goal 8)", [str(count) for count in counts])


class Library:
    """A gallery with so many photos, as an application here and as a program."""

    def __init__(
        self, stack: contextlib.ExitStack, gallery: Prepared, instance: Path, number: int
    ) -> None:
        instance.mkdir()
        for name in ("gallery.sqlite", "secret_key", "uploads"):
            copy(gallery.instance / name, instance / name)
        seed(instance / "gallery.sqlite", number)
        self.program = stack.enter_context(running_gallery(instance))
        self.person = Person(self.program.url, gallery.cookie)
        os.environ["GALLERY_INSTANCE_PATH"] = str(instance)
        self.app = create_app()
        self.client = self.app.test_client(use_cookies=False)
        deep = PAGE * (number * 9 // 10 // PAGE)
        with contextlib.closing(sqlite3.connect(instance / "gallery.sqlite")) as connection:
            taken, name = connection.execute(
                "SELECT taken_at, public_id FROM photos"
                " ORDER BY local_day DESC, sort_key DESC, id DESC LIMIT 1 OFFSET ?",
                (deep,),
            ).fetchone()
        self.deep = f"/photos?before={taken[:19].replace(' ', 'T')}Z_{name}"

    def read(self, path: str) -> None:
        answer = self.client.get(path, headers={"Cookie": self.person.cookie})
        assert answer.text.count('class="tile ') == PAGE, answer.text

    def cost(self, path: str) -> float:
        """Seconds of processor time of a page, by the test client."""
        begin = time.process_time()
        for _ in range(10):
            self.read(path)
        return (time.process_time() - begin) / 10

    def cost_running(self, path: str) -> float:
        """The same of the web process, by HTTP; the kernel counts in hundredths of a second."""
        before = cpu_of(self.program)
        for _ in range(40):
            self.person.get(path)
        return (cpu_of(self.program) - before) / 40

    def statements(self, path: str) -> int:
        count = [0]

        def counted(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            count[0] += not statement.startswith("BEGIN")

        with self.app.app_context():
            event.listen(db.engine, "before_cursor_execute", counted)
            self.read(path)
            event.remove(db.engine, "before_cursor_execute", counted)
        return count[0]


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir()
        for path in source.iterdir():
            copy(path, target / path.name)
    else:
        target.write_bytes(source.read_bytes())


def seed(database: Path, number: int) -> None:
    """Fill in photos with their previews and counters, as uploads over some years leave them."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        (owner, folder), *_ = connection.execute("SELECT id, folder FROM users").fetchall()
        begin, months = dt.datetime(2016, 1, 1, 9), {}
        for n in range(1, number + 1):
            taken = begin + dt.timedelta(minutes=n * 97)
            name, key = f"IMG_{n:05}.jpg", public_id()
            months[taken.date().replace(day=1)] = months.get(taken.date().replace(day=1), 0) + 1
            insert(
                connection,
                "photos",
                **{"id": n, "public_id": key, "owner_id": owner, "kind": "photo"},
                **{"set_name": "photos", "filename": f"{folder}/{name}", "client_name": name},
                **{"size": 3_000_000, "sha256": f"{n:064x}", "type": "image/jpeg"},
                **{"width": 4032, "height": 3024, "colour": COLOURS[n % 3], "taken_offset": 120},
                **{
                    "taken_at": f"{taken:%Y-%m-%d %H:%M:%S}.000000",
                    "local_day": f"{taken:%Y-%m-%d}",
                },
                **{"sort_key": f"{taken:%Y%m%dT%H%M%S.%f} {natural(name)}", "state": "ready"},
                **{"reason": "", "turns": 0, "created_at": f"{taken:%Y-%m-%d %H:%M:%S}.000000"},
            )
            for variant, width in {"w1920": 1920, "w1280": 1280, "h480": 640, "h240": 320}.items():
                digest = f"{n * 4 + width:012x}"
                extension = "jpg" if variant[0] == "w" else "webp"
                insert(
                    connection,
                    "derivatives",
                    **{"photo_id": n, "variant": variant, "set_name": "previews"},
                    filename=f"{folder}/{key}-{variant}-{digest}.{extension}",
                    **{"digest": digest, "width": width, "height": width * 3 // 4, "size": 30_000},
                )
        for month, photos in months.items():
            insert(connection, "month_counts", owner_id=owner, month=str(month), photos=photos)
        counted = "UPDATE users SET photo_count = ?, byte_count = ? WHERE id = ?"
        connection.execute(counted, (number, number * 3_000_000, owner))


def insert(connection: sqlite3.Connection, table: str, **values: object) -> None:
    places = ", ".join("?" * len(values))
    statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"
    connection.execute(statement, tuple(values.values()))


# A picture.


def picture(gallery: Prepared) -> None:
    """Goal 8: a preview that is asked for by whom it belongs to, beside the bare file."""
    with (
        tempfile.TemporaryDirectory() as files,
        running_gallery(gallery.instance) as program,
        servers.running("ours", Path(files)) as bare,
    ):
        (Path(files) / "30k").write_bytes(os.urandom(PICTURE))
        person = Person(program.url, gallery.cookie)
        path = preview_of(person, program.instance)
        guarded, plain = [], []
        for _ in range(ROUNDS + 1):
            guarded.append(cost_of_pictures(program.port, path, person, lambda: cpu_of(program)))
            plain.append(cost_of_pictures(bare.port, "/files/30k", person, bare.cpu))
        ratio = statistics.median(a / b for a, b in zip(guarded[1:], plain[1:], strict=True))
        show(
            "30 KB by send_from_directory, nothing asked", statistics.median(plain[1:]) * 1e6, "µs"
        )
        show(
            f"  a preview, to be at most 1.4 times that: {ratio:.2f}",
            statistics.median(guarded[1:]) * 1e6,
            "µs",
        )


def preview_of(person: Person, instance: Path) -> str:
    """Upload a photo, and return the address of a preview of just the size."""
    receipt = person.send(("photo.jpg", photograph(1200, 900))).place
    for _ in range(200):
        found = re.search(r'src="(/i/[^"]+/h240[^"]+)"', person.get(receipt).text)
        if found:
            break
        time.sleep(0.1)
    variant = found[1].rpartition("/")[2].replace(".", "-", 1)
    (path,) = (instance / "uploads" / "previews").rglob(f"*{variant}")
    path.write_bytes(os.urandom(PICTURE))
    return found[1]


def cost_of_pictures(port: int, path: str, person: Person, cpu: Callable[[], float]) -> float:
    """Seconds of processor time of one, of many that some connections ask for."""

    def client(_: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(100):
            connection.request("GET", path, headers={"Cookie": person.cookie})
            answer = connection.getresponse()
            assert (answer.status, len(answer.read())) == (200, PICTURE), answer.status
        connection.close()

    before = cpu()
    with ThreadPoolExecutor(servers.CONNECTIONS) as pool:
        list(pool.map(client, range(servers.CONNECTIONS)))
    return (cpu() - before) / (100 * servers.CONNECTIONS)


# Signing in.


def sign_in(gallery: Prepared) -> None:
    """Whether the time of an answer tells that an address has an account."""
    with contextlib.ExitStack() as stack:
        mail = settings(stack.enter_context(postbox()).port)
        program = stack.enter_context(running_gallery(gallery.instance, **UNLIMITED, **mail))
        person = Person(program.url)
        token = person.token()
        with contextlib.closing(sqlite3.connect(gallery.instance / "gallery.sqlite")) as users:
            ((known,),) = users.execute("SELECT email FROM users").fetchall()
        for what, path, status in (
            ("sign-in refused", "/login", 422),
            ("a link asked for", "/forgot", 303),
        ):
            taken: dict[str, list[float]] = {known: [], "nobody@example.org": []}
            for _ in range(200):
                # In any order: what one leaves to the worker is done beside the next.
                for email in random.sample(list(taken), 2):
                    begin = time.monotonic()
                    answer = person.submit(path, token, email=email, password="not this one")
                    taken[email].append(time.monotonic() - begin)
                    assert answer.status == status, answer.status
            first, second = (statistics.median(times) * 1e3 for times in taken.values())
            show(f"{what}, known address, wall", first, "ms")
            show(f"  unknown address, to be within 20 %: {second / first:.2f}", second, "ms")


# What is measured, and how it is said.


def cpu_of(program: Program) -> float:
    """Seconds of processor time that the web process and its master have taken."""
    ticks = 0
    for pid in family_of(program.children()[0]):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def show(what: str, number: float, unit: str) -> None:
    digits = 2 if number < 10 else 0
    row(what, [f"{number:,.{digits}f} {unit}"])


PARTS = {"start": start, "upload": upload, "pages": pages, "picture": picture, "sign-in": sign_in}

if __name__ == "__main__":
    main()
