"""Reads an original for all that says a place, in the jail."""

import base64
import zlib

from ..extensions import begin_writing, db
from ..imaging import placeless
from ..upload_sets import SETS
from .models import Cleaning, Photo


def clean(photo_id: int) -> None:
    """Write down what to write over in a copy of an original; the caller commits."""
    photo = db.session.get(Photo, photo_id)
    if photo is None:  # deleted while the job was waiting
        return
    set_name, filename = photo.set_name, photo.filename
    db.session.commit()  # reading takes its time: hold no connection
    with SETS[set_name].open(filename) as original:
        patches = placeless(original.fileno())
    _keep(photo_id, None if patches is None else [(each.offset, each.data) for each in patches])


def give_up(photo_id: int, reason: str) -> None:
    """A file that cannot be read is not given out where places are hidden."""
    _keep(photo_id, None)


def _keep(photo_id: int, patches: list[tuple[int, bytes]] | None) -> None:
    begin_writing()
    if db.session.get(Photo, photo_id) is None:
        return
    texts = None if patches is None else [(offset, _text(data)) for offset, data in patches]
    db.session.merge(Cleaning(photo_id=photo_id, patches=texts))


def _text(data: bytes) -> str:
    """Most of it is zeros and spaces."""
    return base64.b64encode(zlib.compress(data)).decode()
