"""Many saves under one name, without any server: what is lost, what is asked, what it takes."""

import io
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from werkzeug.datastructures import FileStorage

from .peers import SAVES, Save

PROCESSES, THREADS = 5, 7
SIZE = 64_000  # four writes of a stock save: enough for two to mix
TURN = 100

Reported = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Losses:
    """What became of saves that were reported as done."""

    reported: int
    lost: int
    torn: int

    @property
    def bad(self) -> int:
        """How many of them are not what was uploaded."""
        return self.lost + self.torn


def race(saved_by: str, folder: Path, each: int) -> Losses:
    """Save one name from 35 threads in 5 processes, each so often, and read all of it again."""
    folder.mkdir()
    context = multiprocessing.get_context("spawn")
    begin = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, wait_from_now_on, (begin,)) as pool:
        work = [(saved_by, str(folder), process, each) for process in range(PROCESSES)]
        batches = pool.starmap(save_many, work, chunksize=1)
    return losses(folder, [saved for batch in batches for saved in batch])


def wait_from_now_on(begin: Barrier) -> None:
    """Let the processes begin together."""
    begin.wait()


def save_many(saved_by: str, folder: str, process: int, each: int) -> Reported:
    """The saves of one process: the reported names, and the stamp each body is made of."""
    save = SAVES[saved_by](folder)

    def run(thread: int) -> Reported:
        stamps = (b"%02d%02d%04d" % (process, thread, number) for number in range(each))
        return list(reported(save, stamps))

    with ThreadPoolExecutor(THREADS) as pool:
        return [saved for batch in pool.map(run, range(THREADS)) for saved in batch]


def reported(save: Save, stamps: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    """Those of the saves that came back with a name."""
    for stamp in stamps:
        try:
            yield save(upload(stamp * (SIZE // len(stamp)))), stamp
        except OSError:  # nothing was promised, so nothing is lost
            continue


def losses(folder: Path, saves: Reported) -> Losses:
    """Hold the files against what was saved."""
    lost = torn = 0
    for name, stamp in saves:
        body = (folder / name).read_bytes()
        if len(body) != SIZE or body != body[:8] * (SIZE // 8):
            torn += 1
        elif body[:8] != stamp:
            lost += 1
    return Losses(len(saves), lost, torn)


def one_name(
    savers: Iterable[str], folder: Path, count: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds for so many saves of one name, taken in turns, and the stats of the last one."""
    saves, seconds = {}, dict.fromkeys(savers, 0.0)
    for saved_by in seconds:
        (folder / f"{saved_by} names").mkdir()
        saves[saved_by] = SAVES[saved_by](str(folder / f"{saved_by} names"))
    for done in range(0, count, TURN):
        for saved_by, save in saves.items():
            # The last one is counted, which takes time.
            seconds[saved_by] += wall(save, min(TURN, count - 1 - done))
    return seconds, {saved_by: float(stats(save)) for saved_by, save in saves.items()}


def wall(save: Save, count: int) -> float:
    """Seconds for so many saves."""
    begin = time.perf_counter()
    for _ in range(count):
        save(upload(b"a small file"))
    return time.perf_counter() - begin


def stats(save: Save) -> int:
    """How often one save asks whether something exists."""
    asked: list[object] = []
    real: Callable[..., os.stat_result] = os.stat

    def stat(path: object, **options: object) -> os.stat_result:
        asked.append(path)
        return real(path, **options)

    os.stat = stat  # os.path.exists and its kin come here too
    try:
        save(upload(b"a small file"))
    finally:
        os.stat = real
    return len(asked)


def upload(body: bytes) -> FileStorage:
    """An uploaded file; all have one name."""
    return FileStorage(io.BytesIO(body), "cat.jpg")
