"""What a backup says of itself; only one that came to its end has it."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..errors import NotPossible

NAME = "manifest.json"
# Where the files are, below the folder of the backup.
FILES = "files"
SECRET = "secret_key"
KIND = "a backup of a photo gallery"


@dataclass
class Manifest:
    """The snapshot it belongs to, how much there is, and what could not be had."""

    taken_at: str
    ended_at: str
    database: str
    database_sha256: str
    photos: int
    files: int
    size: int
    has_previews: bool
    wrong: list[str] = field(default_factory=list)
    kind: str = KIND

    def write(self, folder: Path) -> None:
        write_whole(folder / NAME, json.dumps(asdict(self), indent=2) + "\n")


def of(folder: Path) -> Manifest:
    """Read what a folder says of the backup in it.

    :raises NotPossible: when there is no backup, or only a half of one.
    """
    try:
        found = Manifest(**json.loads((folder / NAME).read_text()))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotPossible(
            f"{folder} has no {NAME}: it holds no backup, or one that did not come to its end."
        ) from error
    except (ValueError, TypeError) as error:
        raise NotPossible(f"{folder / NAME} cannot be understood.") from error
    # It is only a name there; a path would lead elsewhere.
    if found.kind != KIND or Path(found.database).name != found.database:
        raise NotPossible(f"{folder / NAME} is not that of a gallery.")
    return found


def write_whole(path: Path, text: str) -> None:
    """Write a file that only its owner reads, in the place of any other of its name."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, would survive a power cut."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
