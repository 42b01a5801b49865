"""Takes in a folder of the server's own disk, file by file; never touches the source."""

from collections.abc import Iterator
from pathlib import Path

from werkzeug.datastructures import FileStorage

from .. import storage
from ..accounts.models import User
from ..errors import DiskFull
from ..extensions import db, queue
from .ingest import refused, take_in
from .models import Batch, BatchItem, natural


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


def import_file(path: Path, *, owner: User, batch: Batch) -> BatchItem:
    """Take in one file and commit; a second import of the same file finds it there."""
    try:
        storage.keep_room(path.stat().st_size)
        with path.open("rb") as stream:
            item, job_id = take_in(FileStorage(stream, path.name), owner=owner, batch=batch)
    except DiskFull as error:
        item, job_id = refused(path.name, error.description, batch=batch), None
    except PermissionError:
        item, job_id = refused(path.name, "This file may not be read.", batch=batch), None
    db.session.commit()
    queue.tell([job_id] if job_id else [])
    return item
