"""The memory that the small files of one request may take, and the file for what is more."""

import os

from .parts import Part, opened
from .spool import Spool

ROOM = 16 * 1024 * 1024


class Pool:
    """Hands out spools one after the other; beyond the room, whole ones share one file.

    So 900 files just below a spool's threshold take neither 220 MB nor 900 descriptors.

    :param staging: the folder for what does not stay in memory; made if it is missing.
    :param room: bytes of whole, small files that stay in memory.
    """

    def __init__(self, staging: str, room: int = ROOM) -> None:
        self._staging = staging
        self._room = room
        self._last: Spool | None = None
        self._shared: Part | None = None
        self._end = 0

    def spool(self) -> Spool:
        """A new spool; the one before it is whole.

        :raises OSError: if the disk is full or fails.
        """
        last, self._last = self._last, Spool(self._staging)
        if last is not None and last.is_in_memory:
            self._room -= last.size
            if self._room < 0:
                self._end = last.park(self._file(), self._end)
        return self._last

    def close(self) -> None:
        """Let go of the file; its spools are of no use any more."""
        if self._shared is not None:
            self._shared.close()
            self._shared = None

    def _file(self) -> Part:
        if self._shared is None:
            os.makedirs(self._staging, exist_ok=True)
            with opened(self._staging) as folder:
                self._shared = Part(folder)
        return self._shared
