"""The database as it was at one moment, in a file of its own, and what it says of files."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..errors import NotPossible
from ..extensions import db
from ..photos.models import State

STORED = (
    "SELECT set_name, filename, size, sha256 FROM photos"
    " UNION ALL SELECT set_name, filename, size, NULL FROM derivatives"
)


class Stored(NamedTuple):
    """A file that a row names; of a preview no digest is known."""

    set_name: str
    filename: str
    size: int
    sha256: str | None

    @property
    def key(self) -> str:
        return f"{self.set_name}/{self.filename}"


@dataclass(frozen=True)
class Files:
    """Every file that the rows of a snapshot name; they are read as they are asked for."""

    database: Path

    def __iter__(self) -> Iterator[Stored]:
        with _opened(self.database) as copy:
            for row in copy.execute(STORED):
                yield Stored(*row)

    def __len__(self) -> int:
        return self.sums()[1]

    def sums(self) -> tuple[int, int, int]:
        """Return the number of photos, that of files, and how many bytes they have."""
        with _opened(self.database) as copy:
            ask = f"SELECT count(sha256), count(*), coalesce(sum(size), 0) FROM ({STORED})"
            photos, files, size = copy.execute(ask).fetchone()
        return photos, files, size


def refuse_other_databases() -> None:
    if db.engine.dialect.name != "sqlite":
        raise NotPossible(
            "This database has tools of its own: with PostgreSQL, pg_dump first,"
            " and then copy the storage root."
        )


def take(path: Path, *, previews: bool) -> None:
    """Copy the database as it is at this moment; those who write go on meanwhile."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(path)) as copy:
        with _live() as database:
            database.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # all of it in this one file
        if not previews:
            with copy:
                copy.execute("DELETE FROM derivatives")
                ready = (State.PENDING, State.READY)
                copy.execute("UPDATE photos SET state = ? WHERE state = ?", ready)


def bring_back(path: Path) -> None:
    """Put a snapshot in the place of the database, whole or not at all."""
    with _opened(path) as copy, _live() as database:
        copy.backup(database)


def revision(path: Path) -> str:
    """Return the migration that a snapshot is at."""
    with _opened(path) as copy:
        (found,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        yield copy


@contextmanager
def _live() -> Iterator[sqlite3.Connection]:
    with closing(db.engine.raw_connection()) as pooled:
        assert isinstance(pooled.driver_connection, sqlite3.Connection)
        yield pooled.driver_connection
