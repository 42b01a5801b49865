"""What uploads cost and lose, ours beside Flask-Reuploaded, stock Flask and a raw copy.

Run it as ``python -m tests.bench.uploads`` (Linux: it reads /proc; some three minutes, 1 GB of
disk), or with ``--quick`` for a smaller run that proves nothing but that it runs. What several
servers take is taken in turns, and every ratio is the median of the turns' own; only the saves
of one name, half a minute of them, are one long pair, in fifty turns.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench.servers import say

from . import saves
from .clients import send_form, send_raw, send_resumable
from .gallery import Gallery, gallery
from .running import COMMANDS, Server, running, watched
from .table import Rounds, head, show

BOTH = ("upstream", "ours")
PIECE = 5  # megabytes of a tus request

Servers = dict[str, Server]
Send = Callable[[int], int]


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    rounds: int = 9
    megabytes: int = 200
    files: int = 40
    race_each: int = 100
    same_named: int = 5000


QUICK = Size(rounds=2, megabytes=20, files=4, race_each=10, same_named=500)


@dataclass(frozen=True)
class Cost:
    """What an upload took."""

    wall: float
    cpu: float  # of the server alone


def main() -> None:
    """Print the table."""
    size = QUICK if "--quick" in sys.argv[1:] else Size()
    if size is QUICK:
        say("A quick run, held against the goals of the full one.")
    head()
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        race(folder, size)
        one_name(folder, size)
        servers = {name: stack.enter_context(running(name, folder / name)) for name in COMMANDS}
        room(servers, size)
        large_form(servers, size)
        raw_bodies(servers, size)
        many_files(servers, size)
        through_gallery(servers["raw copy"], stack.enter_context(gallery(folder)), size)
    say(f"\nLoad at the end: {os.getloadavg()[0]:.1f}")


def race(folder: Path, size: Size) -> None:
    """What is reported as saved, and then not there."""
    losses = {who: saves.race(who, folder / f"{who} races", size.race_each) for who in BOTH}
    reported = " or ".join(sorted({f"{each.reported:,}" for each in losses.values()}))
    bad = {who: float(each.bad) for who, each in losses.items()}
    show(f"lost or torn of {reported} reported saves", [bad], 0, 0)


def one_name(folder: Path, size: Size) -> None:
    """What it takes to find a free name."""
    seconds, stats = saves.one_name(BOTH, folder, size.same_named)
    show(f"stats for save no. {size.same_named:,} of one name", [stats], 0, 40)
    show(f"{size.same_named:,} saves of one name, wall s", [seconds], 2, 0.1, "upstream")


def room(servers: Servers, size: Size) -> None:
    """What a large form takes of disk and memory."""
    written, disk, memory = {}, {}, {}
    for name in ("upstream", "stock", "raw copy", "ours"):
        server = servers[name]
        send_form(server.port, 1, 1)  # what is loaded with the first upload is no growth
        server.clear()
        bytes_before, memory_before = server.written(), server.begin_peak()
        with watched(server) as taken:
            received = send_form(server.port, 1, size.megabytes)
        memory[name] = (server.peak() - memory_before) / 1e6
        written[name] = (server.written() - bytes_before) / received
        disk[name] = (max(taken) - taken[0]) / received
        server.clear()
    what = f"form of {size.megabytes} MB: "
    show(what + "bytes written per byte", [written], 3, 1)
    show(what + "peak disk, times it", [disk], 2, 1)
    show(what + "memory growth, MB", [memory], 1, 10)


def large_form(servers: Servers, size: Size) -> None:
    """One large file, as a browser sends it."""
    send = partial(send_form, files=1, megabytes=size.megabytes)
    rounds = in_turns([(server, send) for server in servers.values()], size.rounds)
    what = f"form of {size.megabytes} MB: "
    show(what + "wall s", walls(rounds), 2, 0.75, "upstream")
    plain = [costs | {"ours": costs["ours without digest"]} for costs in rounds]
    show("  the same without a digest", walls(plain), 2, 0.45, "upstream")
    show(what + "server CPU s", cpus(rounds), 2, None, "upstream")


def raw_bodies(servers: Servers, size: Size) -> None:
    """One large file and nothing else, as programs send it."""
    limit, ours, megabytes = servers["raw copy"], servers["ours"], size.megabytes
    put = partial(send_raw, megabytes=megabytes)
    for what, send in {
        "raw PUT": put,
        "tus PATCH, one": partial(send_resumable, megabytes=megabytes, at_once=megabytes),
        f"tus PATCH of {PIECE} MB": partial(send_resumable, megabytes=megabytes, at_once=PIECE),
    }.items():
        rounds = in_turns([(limit, put), (ours, send)], size.rounds)
        show(f"{what}, {megabytes} MB: server CPU s", cpus(rounds), 2, 3, "raw copy")


def many_files(servers: Servers, size: Size) -> None:
    """Many photos in one form."""
    send = partial(send_form, files=size.files, megabytes=5)
    named = [servers[name] for name in ("upstream", "stock", "raw copy", "ours")]
    rounds = in_turns([(server, send) for server in named], size.rounds)
    what = f"form of {size.files} × 5 MB: "
    show(what + "server CPU s", cpus(rounds), 2, 0.6, "stock")
    show(what + "wall s", walls(rounds), 2, None, "stock")


def through_gallery(limit: Server, ours: Gallery, size: Size) -> None:
    """One large file in parts, with all that the gallery asks and notes of it."""
    put = partial(send_raw, megabytes=size.megabytes)
    send = partial(
        send_resumable,
        megabytes=size.megabytes,
        at_once=PIECE,
        path="/api/uploads",
        token=ours.token,
    )
    rounds = in_turns([(limit, put), (ours, send)], size.rounds)
    show(f"the gallery, {PIECE} MB parts: server CPU s", cpus(rounds), 2, 3, "raw copy")


def in_turns(uploads: list[tuple[Server, Send]], rounds: int) -> list[dict[str, Cost]]:
    """What uploads cost, round by round; nobody is always first, and a first round only warms."""
    found = []
    for number in range(rounds + 1):
        start = number % len(uploads)
        turn = uploads[start:] + uploads[:start]
        found.append({server.name: cost(server, send) for server, send in turn})
    return found[1:]


def cost(server: Server, send: Send) -> Cost:
    """Send something to a server; its disk is empty afterwards."""
    cpu, begin = server.cpu(), time.perf_counter()
    send(server.port)
    wall = time.perf_counter() - begin
    server.clear()
    return Cost(wall, server.cpu() - cpu)


def walls(rounds: Iterable[dict[str, Cost]]) -> Rounds:
    """The seconds that people waited."""
    return [{name: cost.wall for name, cost in costs.items()} for costs in rounds]


def cpus(rounds: Iterable[dict[str, Cost]]) -> Rounds:
    """The seconds that the servers worked."""
    return [{name: cost.cpu for name, cost in costs.items()} for costs in rounds]


if __name__ == "__main__":
    main()
