"""The storage root: its marker, and the quarantine where files wait before they go."""

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import current_app

from .errors import CannotStart, DiskFull
from .languages import N_

MARKER = ".gallery-storage"
QUARANTINE = "quarantine"


def root() -> Path:
    return Path(current_app.config["STORAGE_ROOT"])


def is_mounted() -> bool:
    """Tell whether the root holds its marker; a root without one is an unmounted disk."""
    return (root() / MARKER).is_file()


def prepare(*, is_new: bool) -> None:
    """Make the root and its marker for a new gallery; find it there for any other.

    :raises CannotStart: when photos are known and the marker is missing, or nothing can
        be written here.
    """
    if is_mounted():
        return
    if not is_new:
        raise CannotStart(
            f"The storage root {root()} has no marker file {MARKER}: is its disk mounted?"
        )
    try:
        root().mkdir(parents=True, exist_ok=True)
        (root() / MARKER).write_text("The gallery keeps its files here. Leave this file alone.\n")
    except OSError as error:
        raise CannotStart(f"The storage root {root()} cannot be written: {error.strerror}.") from (
            error
        )


def free() -> int:
    """Return how many bytes are free on the disk of the root."""
    return shutil.disk_usage(root()).free


def room() -> int:
    """Return how many bytes more leave the disk its reserve."""
    return max(0, free() - int(current_app.config["DISK_RESERVE"]))


def keep_room(size: int) -> None:
    """Make sure that so many bytes more leave the disk its reserve.

    :raises DiskFull: when they would not.
    """
    if size > room():
        raise DiskFull(N_("There is no room left for this on the disk. What is here is safe."))


def files_of(set_name: str) -> Iterator[str]:
    """Yield the filename of every file of a set, as `save` returned it."""
    top = path_of(set_name, "")
    for folder, _, names in os.walk(top):
        for name in names:
            yield (Path(folder) / name).relative_to(top).as_posix()


def path_of(set_name: str, filename: str) -> Path:
    config = current_app.upload_set_config[set_name]  # type: ignore[attr-defined]
    return Path(config.destination, filename)


def quarantine(set_name: str, filename: str) -> None:
    """Move a file out of its set; it can be looked at until the quarantine is emptied."""
    target = _quarantined(set_name, filename)
    target.parent.mkdir(parents=True, exist_ok=True)
    path_of(set_name, filename).rename(target)


def give_back(set_name: str, filename: str) -> None:
    """Put a file back into its set, unless another has its place."""
    with suppress(FileExistsError):
        path_of(set_name, filename).hardlink_to(_quarantined(set_name, filename))


def _quarantined(set_name: str, filename: str) -> Path:
    # A folder a day: what has the same name tomorrow does not take this one's place.
    return root() / QUARANTINE / dt.date.today().isoformat() / set_name / filename


def quarantined() -> int:
    """Return how many bytes are in quarantine, by looking at every file there."""
    sizes = 0
    for folder, _, names in os.walk(root() / QUARANTINE):
        for name in names:
            with suppress(FileNotFoundError):
                sizes += (Path(folder) / name).lstat().st_size
    return sizes


def empty_quarantine(days: int) -> int:
    """Remove what has been in quarantine for so many days; return how many files that were."""
    oldest, removed = (dt.date.today() - dt.timedelta(days=days)).isoformat(), 0
    for day in (root() / QUARANTINE).glob("????-??-??"):
        if day.name < oldest:
            removed += sum(path.is_file() for path in day.rglob("*"))
            shutil.rmtree(day)
    return removed
