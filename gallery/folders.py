"""Walks folders as people see them: in natural order, without what is hidden or linked."""

import re
from collections.abc import Iterator
from pathlib import Path


def files_below(top: Path) -> Iterator[Path]:
    """Yield regular files in natural order; links are not followed, hidden names left out."""
    if top.is_file():
        yield top
        return
    for path in sorted(top.iterdir(), key=lambda path: natural(path.name)):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from files_below(path)
        elif path.is_file():
            yield path


def natural(name: str) -> str:
    """Return a key that sorts names as people do: IMG_9 before IMG_10."""
    return re.sub(r"\d+", lambda digits: digits[0].lstrip("0").zfill(10), name.lower())[:120]
