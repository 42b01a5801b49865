"""What the program does by itself: its journal, and its patience."""

import time
from pathlib import Path

import pytest

from gallery.upload.journal import Journal
from gallery.upload.server import Patience, Stop, Trouble


def test_a_journal_goes_on_after_a_line_that_was_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "journal"
    Journal(path).note("/a.jpg", id=1)
    with path.open("a") as file:
        file.write('\n["/a.jpg", {"place": "http')

    Journal(path).note("/a.jpg", outcome="added")

    assert Journal(path).notes == {"/a.jpg": {"id": 1, "outcome": "added"}}


def test_a_journal_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    Journal(tmp_path / "cache" / "journal").note("/a.jpg", id=1)

    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_patience_lasts_minutes_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    patience = Patience()

    with pytest.raises(Stop, match="It is busy"):
        while True:
            patience.wait(Trouble("It is busy."))

    assert 120 < sum(pauses) < 400 and pauses[0] <= 2


def test_patience_waits_as_long_as_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)

    Patience().wait(Trouble("It is busy.", after=30))

    assert pauses == [30]
