"""What of the machine the worker takes."""

import os
from pathlib import Path

import pytest

from gallery import machine
from gallery.errors import CannotStart
from gallery.machine import MB, shares


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A control group that limits nothing yet, on a machine of eight cores."""
    monkeypatch.setattr(machine, "CGROUP", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)))
    return tmp_path


@pytest.mark.parametrize(
    ("limit", "cores"), [("max 100000", 8), ("250000 100000", 2), ("50000 100000", 1), ("", 8)]
)
def test_the_cores_are_those_of_the_group(group: Path, limit: str, cores: int) -> None:
    (group / "cpu.max").write_text(limit)

    assert machine.cores() == cores


def test_the_first_version_of_groups_is_understood(group: Path) -> None:
    (group / "cpu").mkdir()
    (group / "cpu" / "cpu.cfs_quota_us").write_text("300000\n")
    (group / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    (group / "memory").mkdir()
    (group / "memory" / "memory.limit_in_bytes").write_text("700000000\n")

    assert (machine.cores(), machine.memory()) == (3, 700 * MB)


@pytest.mark.parametrize("limit", ["max", "9223372036854771712"])
def test_memory_without_a_limit_is_the_machines(group: Path, limit: str) -> None:
    (group / "memory.max").write_text(limit)

    assert machine.memory() == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.parametrize(
    ("workers", "memory", "processes"),
    [(None, None, 8), (2, None, 2), (None, 600 * MB, 1), (None, 1000 * MB, 2), (3, 9000 * MB, 3)],
)
def test_as_many_at_once_as_cores_and_memory_hold(
    group: Path, monkeypatch, workers: int | None, memory: int | None, processes: int
) -> None:
    monkeypatch.setattr(machine, "memory", lambda: 16_000 * MB)

    found = shares({"WORKERS": workers, "WORKER_MEMORY": memory})

    assert found.processes == processes
    taken = machine.FAMILY + processes * (machine.PROCESS + found.picture)
    assert taken <= (memory or 8_000 * MB) < taken + processes


@pytest.mark.parametrize("memory", [100 * MB, "2 GB"])
def test_memory_that_holds_no_picture_is_one_sentence(group: Path, memory: object) -> None:
    with pytest.raises(CannotStart, match=r"WORKER_MEMORY must be 580,000,000 bytes or more"):
        shares({"WORKERS": None, "WORKER_MEMORY": memory})


def test_a_small_machine_still_has_one(group: Path) -> None:
    (group / "memory.max").write_text(str(512 * MB))

    assert shares({"WORKERS": None, "WORKER_MEMORY": None}).processes == 1
