"""A file that has no public name yet, and the ways to give it one."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator

O_TMPFILE = getattr(os, "O_TMPFILE", 0)
CANNOT_LINK = {
    *(errno.EXDEV, errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS),
    *(errno.EMLINK, errno.EINVAL, errno.ENOENT),  # ENOENT: there is no /proc
}


class Part:
    """A file on its way: no name at all where the system has that, ``.part-…`` elsewhere.

    :param folder: the open folder to make it in.
    :param renames: give it a name that can be renamed later, for file systems without links.
    """

    def __init__(self, folder: int, *, renames: bool = False) -> None:
        self.name = ""
        self.renames = renames
        self.is_kept = False
        if O_TMPFILE and not renames:
            # Not every file system has it, and each refuses in its own way.
            with contextlib.suppress(OSError):
                self.fd = os.open(".", O_TMPFILE | os.O_RDWR, 0o666, dir_fd=folder)
                return
        name = _random_name()
        self.fd = os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666, dir_fd=folder)
        self.folder, self.name = os.dup(folder), name

    @classmethod
    def kept(cls, folder: int, name: str) -> Part:
        """A file that is there already, and keeps its name until whoever gave it takes it away.

        :param folder: the open folder that has it.
        :param name: one path segment.
        :raises OSError: if there is none, or it is a symlink.
        """
        part = cls.__new__(cls)
        part.fd = os.open(name, os.O_RDWR | os.O_NOFOLLOW, dir_fd=folder)
        part.folder, part.name = os.dup(folder), name
        part.renames, part.is_kept = False, True
        return part

    def write(self, view: memoryview, start: int) -> None:
        """Write all of it at an offset.

        :param view: the bytes.
        :param start: where the first of them goes.
        :raises OSError: if the disk is full or fails.
        """
        while view:
            written = os.pwrite(self.fd, view, start)
            view, start = view[written:], start + written

    def place(self, folder: int, name: str, *, replace: bool) -> bool:
        """Give it a name in an open folder.

        :param folder: the open folder.
        :param name: one path segment.
        :param replace: take the place of a file of this name.
        :return: False if this file system has no way to link this file there.
        :raises FileExistsError: if the name is taken and is not to be replaced.
        """
        try:
            (self._rename if self.renames else self._link)(folder, name, replace)
        except OSError as error:
            if self.renames or error.errno not in CANNOT_LINK:
                raise
            return False
        return True

    def close(self) -> None:
        """Forget it, unless it was placed."""
        os.close(self.fd)
        if self.name:
            self._unname()
            os.close(self.folder)
            self.name = ""

    def _link(self, folder: int, name: str, replace: bool) -> None:
        target = _random_name() if replace else name
        # linkat(2) refuses a taken name, so two uploads racing for it cannot both win.
        if self.name:
            os.link(
                self.name, target, src_dir_fd=self.folder, dst_dir_fd=folder, follow_symlinks=False
            )
            self._unname()
        else:
            # Only with a dir_fd does Python call linkat, which can follow /proc's symlink.
            source = f"/proc/self/fd/{self.fd}"
            os.link(source, target, dst_dir_fd=folder, follow_symlinks=True)
        if replace:
            with unlinked_on_error(target, folder):
                os.replace(target, name, src_dir_fd=folder, dst_dir_fd=folder)

    def _rename(self, folder: int, name: str, replace: bool) -> None:
        if replace:
            os.replace(self.name, name, src_dir_fd=self.folder, dst_dir_fd=folder)
            return
        # Without links an empty file reserves the name: it is the only other exclusive act.
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666, dir_fd=folder))
        with unlinked_on_error(name, folder):
            os.replace(self.name, name, src_dir_fd=self.folder, dst_dir_fd=folder)

    def _unname(self) -> None:
        if self.is_kept:
            return
        with contextlib.suppress(FileNotFoundError):  # it was renamed
            os.unlink(self.name, dir_fd=self.folder)


@contextlib.contextmanager
def unlinked_on_error(name: str, folder: int) -> Iterator[None]:
    """Take a name away again if what follows it fails.

    :param name: one path segment.
    :param folder: the open folder that has it.
    :raises OSError: whatever the block raised.
    """
    try:
        yield
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)
        raise


@contextlib.contextmanager
def opened(path: str) -> Iterator[int]:
    """An open folder, closed afterwards.

    :param path: the folder.
    :raises OSError: if it is missing or no folder.
    """
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield fd
    finally:
        os.close(fd)


def _random_name() -> str:
    return f".part-{secrets.token_hex(8)}"
