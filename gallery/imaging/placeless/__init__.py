"""Finds in a file everything that tells a place, so that it can be handed out without."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..frames import pieces
from ..jail import jailed
from ..sniff import HEAD, sniff
from . import exif, film, jpeg, png, quiet, webp
from .patch import Patch, Unclear, packed, patched, settled, unpacked
from .stretch import Stretch

__all__ = ["Patch", "placeless"]

# Of other kinds, such as AVI and JPEG XL, nothing is known for certain.
_READERS: dict[str, Callable[[Stretch], Iterator[Patch]]] = {
    "jpeg": jpeg.patches,
    "png": png.patches,
    "webp": webp.patches,
    "tiff": exif.tiff,
    "gif": quiet.gif,
    "wav": quiet.wav,
    **dict.fromkeys(("heic", "avif", "mov"), film.patches),
    **dict.fromkeys(("mp3", "aac", "flac"), quiet.sound),
    **dict.fromkeys(("ogg", "matroska"), quiet.whole),
}


def placeless(fd: int, *, memory: int | None = None) -> list[Patch] | None:
    """What to overwrite in a file, so that it tells no place, found in a jail.

    :param fd: an open descriptor of the original, readable and seekable; it is only read.
    :param memory: bytes that it may take; see `jail.jailed`.
    :returns: patches in their order, none of which overlaps another; an empty list when the file
        tells no place; None when nobody can say, and the file is to be left out.
    :raises OSError: there was no process or pipe to be had; the file is not to blame.

    Captions, keywords and comments stay as they are, though a person may have named a place there;
    so do pixels and sounds. See `jail.jailed` on which processes may call it.
    """
    answer = jailed(lambda: _search(fd), memory=memory, keep=[fd])
    if answer.killed or not answer.frames:
        return None
    try:
        return unpacked(b"".join(answer.frames))
    except ValueError:  # a child that was taken over can say anything
        return None


def find(file: Stretch) -> list[Patch]:
    """The patches of a file, found in this process.

    :raises Unclear: nobody can say.
    """
    reader = _READERS.get(sniff(file[:HEAD]) or "")
    if reader is None:
        raise Unclear("Files of this kind can't be cleaned.")
    found = settled(reader(file))
    # Where parts lie over one another, as only a hostile hand lays them, a patch may change what
    # the next one meant: what a second look doesn't call clean is not.
    if found and settled(reader(patched(file, found))):
        raise Unclear("It changes while it is cleaned.")
    return found


def _search(fd: int) -> Iterator[bytes]:
    try:
        found = find(Stretch.of_file(fd))
    except Unclear:
        return
    yield from pieces(packed(found))
