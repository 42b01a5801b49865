"""The table that the benchmark of the uploads prints."""

import os
import platform
import statistics
from importlib.metadata import version
from pathlib import Path

from tests.bench.servers import say

COLUMNS = ("upstream", "stock", "raw copy", "ours")
PACKAGES = ("Flask", "Werkzeug", "Flask-Reuploaded", "gunicorn")

Rounds = list[dict[str, float]]  # one measurement of each column, taken shortly after each other


def head() -> None:
    """Name the machine and the columns."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "?")
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    say(f"{model}, {cores} cores, Linux {platform.release()}, Python {platform.python_version()}")
    say(f"{versions}; load {os.getloadavg()[0]:.1f}")
    say("upstream: Flask-Reuploaded; stock: request.files and save; raw copy: socket to file\n")
    line("", [*COLUMNS, "ratio", "of pairs"], "  goal")


def show(
    what: str, rounds: Rounds, digits: int, most: float | None = None, beside: str = ""
) -> None:
    """Print the medians of some rounds, and whether ours is where it should be.

    :param digits: behind the point; what is printed is what is judged.
    :param most: the goal: what ours may be, or how many times the figure of ``beside``.
    """
    cells = [median(rounds, column, digits) for column in COLUMNS]
    reached, digits = [each["ours"] for each in rounds], 2 if beside else digits
    if beside:
        reached = [each["ours"] / each[beside] for each in rounds]
        spread = f"{min(reached):.2f}–{max(reached):.2f}" if len(reached) > 1 else ""
        cells += [f"{statistics.median(reached):.2f}", spread]
    else:
        cells += ["", ""]
    line(what, cells, verdict(round(statistics.median(reached), digits), most, beside))


def median(rounds: Rounds, column: str, digits: int) -> str:
    """What one column took; nothing if it took no part."""
    if column not in rounds[0]:
        return "–"
    return f"{statistics.median(each[column] for each in rounds):,.{digits}f}"


def verdict(reached: float, most: float | None, beside: str) -> str:
    """The goal, and whether it is met."""
    if most is None:
        return f"  none, × {beside}"
    goal = f"≤ {most:g} × {beside}" if beside else f"≤ {most:g}"
    return f"  {goal:17} {'met' if reached <= most else 'MISSED'}"


def line(what: str, cells: list[str], rest: str) -> None:
    """Print one."""
    say(f"{what:42}" + "".join(f"{cell:>10}" for cell in cells) + rest)
