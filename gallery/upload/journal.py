"""Notes how far a command has come, so that the same line goes on."""

import json
from pathlib import Path
from typing import Any

BATCH = "batch"  # no file has this name: theirs are absolute


class Journal:
    """What is known of each file, and of the batch, after every line of a file on disk."""

    def __init__(self, path: Path) -> None:
        self.notes: dict[str, dict[str, Any]] = {}
        self._path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            for line in path.read_text().splitlines():
                self._take_over(line)

    def __getitem__(self, name: str) -> dict[str, Any]:
        return self.notes.get(name, {})

    def note(self, name: str, **facts: object) -> None:
        self.notes.setdefault(name, {}).update(facts)
        with self._path.open("a") as file:
            # The newline goes first: it ends a line that was cut off when a run was killed.
            file.write("\n" + json.dumps([name, facts]))

    def forget(self) -> None:
        self.notes.clear()
        self._path.unlink(missing_ok=True)

    def _take_over(self, line: str) -> None:
        try:
            name, facts = json.loads(line)
        except ValueError:  # empty, or cut off
            return
        self.notes.setdefault(name, {}).update(facts)
