"""Takes in files of the server's own disk, one by one; never touches the source."""

from contextlib import suppress
from pathlib import Path

from werkzeug.datastructures import FileStorage

from .. import storage
from ..accounts.models import User
from ..errors import DiskFull, GalleryError
from ..extensions import begin_writing, db, queue
from ..languages import N_
from ..uploads import UploadError
from .models import BatchItem
from .moments import time_of_file
from .receipts import Chosen, refuse, take_in


def chosen(path: Path) -> Chosen:
    """What the receipt says of a file before it is taken in."""
    return Chosen(path.name, path.stat().st_size)


def import_file(path: Path, *, owner: User, item: BatchItem) -> None:
    """Take in one file and commit; a second import of the same file finds it there."""
    with suppress(GalleryError, UploadError):  # the item says so
        try:
            storage.keep_room(item.size)
            with path.open("rb") as stream:
                modified_at = time_of_file(path.stat().st_mtime)
                file = FileStorage(stream, path.name)
                taken = take_in(file, owner=owner, item=item, modified_at=modified_at)
        except DiskFull as error:
            _refuse(item, error.description)
        except PermissionError:
            _refuse(item, N_("This file may not be read."))
        else:
            db.session.commit()
            if taken.job_id:
                queue.wake()


def _refuse(item: BatchItem, reason: str) -> None:
    begin_writing()
    refuse(item, reason)
    db.session.commit()
