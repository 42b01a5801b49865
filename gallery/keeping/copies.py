"""Files from one store to another, whole or not at all, and what could not be had."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from ..uploads import Spool, Store
from ..uploads.kinds import media_type
from .snapshots import Stored

CHUNK = 1024 * 1024


class Lost(Exception):
    """A file that a row names cannot be had; it is said which."""


class Place(NamedTuple):
    """Where a file is, or is to be."""

    store: Store
    key: str


def copy(stored: Stored, source: Place, target: Place, *, staging: str) -> str | None:
    """Copy a file; return a sentence if it is not what was sent.

    :raises Lost: when the source does not give it.
    :raises OSError, UploadError: when the target does not take it.
    """
    with Spool(staging) as spool:
        for chunk in _read(stored, source):
            spool.write(chunk)
        store, key = target
        store.put(spool, key, replace=True, type=media_type(spool.head, stored.filename))
        is_sent = spool.size == stored.size and stored.sha256 in (None, spool.sha256)
    return None if is_sent else f"{stored.key}: its bytes are not the ones that were sent."


def is_there(stored: Stored, place: Place, *, read: bool = False) -> bool:
    """Tell whether a place has a file by its size; to `read` it is to be certain."""
    facts = place.store.stat(place.key)
    if facts is None or facts.size != stored.size:
        return False
    return not read or stored.sha256 in (None, _digest(stored, place))


def _digest(stored: Stored, place: Place) -> str:
    digest = hashlib.sha256()
    try:
        for chunk in _read(stored, place):
            digest.update(chunk)
    except Lost:  # what cannot be read is to be copied again
        return ""
    return digest.hexdigest()


def _read(stored: Stored, place: Place) -> Iterator[bytes]:
    try:
        with place.store.open(place.key) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except FileNotFoundError as error:
        raise Lost(f"{stored.key}: its file is missing.") from error
    except OSError as error:
        raise Lost(f"{stored.key}: its file cannot be read ({error.strerror}).") from error
