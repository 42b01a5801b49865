"""Removes files whose rows are gone: row before file on the way out."""

from collections.abc import Iterable

from ..upload_sets import media, photos, previews
from .trash import Stored

SETS = {upload_set.name: upload_set for upload_set in (photos, media, previews)}


def remove(gone: Iterable[Stored]) -> None:
    """Delete the files; one that is missing is as good as deleted."""
    for stored in gone:
        SETS[stored.set_name].delete(stored.filename)
