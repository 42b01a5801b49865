"""The upload sets: what an application declares, and saves its files with."""

from __future__ import annotations

import contextlib
import os
import posixpath
import secrets
import tempfile
from collections.abc import Callable, Iterable
from typing import BinaryIO

from flask import Flask, current_app, url_for
from werkzeug.datastructures import FileStorage

from . import kinds, names, serving
from .configuration import Destination, UploadConfiguration, configurations
from .exceptions import (
    N_,
    UnsafePath,
    UploadError,
    UploadNotAllowed,
    UploadTooLarge,
    full_disk_noticed,
)
from .extensions import DEFAULTS, Extensions, extension, normalised
from .spool import Spool
from .stores import TRAVERSAL, LocalStore, Store

Check = Callable[[Spool, str], None]

PLAIN_SAVE = FileStorage.save  # as Werkzeug has it, whatever an application's test puts there
TRIES = 1000  # a name lost to another upload is tried again; this often means it cannot be won


class Saved(str):
    """The name that a file was saved under, which is all a database needs, and what it holds.

    ``size``, ``sha256``, ``crc32`` and ``type`` (the MIME type by the bytes) are of the saved file;
    they are 0, empty and None if the storage wrote it in a way of its own. ``set`` is the set
    that has it.

    >>> photos = UploadSet("photos", IMAGES)
    >>> photos._config = UploadConfiguration(folder)
    >>> saved = photos.save(FileStorage(BytesIO(b"GIF89a"), "cat.gif"), folder="ada")
    >>> saved, saved.size, saved.type
    ('ada/cat.gif', 6, 'image/gif')
    >>> saved.discard()
    """

    size: int
    sha256: str
    crc32: int | None
    type: str
    set: UploadSet
    _store: Store

    def __reduce__(self) -> tuple[object, ...]:
        return str, (str(self),)  # in a queue or a cache it is the name and nothing else

    @property
    def url(self) -> str:
        """As :meth:`UploadSet.url`."""
        return self.set.url(self)

    def discard(self) -> None:
        """Delete the file again, for instance when its row was refused."""
        self._store.delete(self)


class UploadSet:
    """A set of uploaded files of one purpose; several applications may use it at once.

    :param name: letters and digits; its settings are UPLOADED_[NAME]_DEST, _URL, _ALLOW, _DENY.
    :param extensions: what it takes: a preset, presets added up, any iterable, or a container.
    :param default_dest: takes the application and returns the destination, or None.
    :param checks: called with the spool and the final name before anything is saved; they raise
        :class:`UploadNotAllowed`.
    :param max_size: the largest file in bytes; any by default.
    :param store: where the files go, instead of the destination.
    :raises ValueError: if the name has other characters.

    >>> photos = UploadSet("photos", IMAGES, max_size=10_000_000)
    >>> app = Flask("app")
    >>> app.config["UPLOADED_PHOTOS_DEST"] = folder
    >>> configure_uploads(app, photos)
    >>> with app.app_context():
    ...     photos.save(FileStorage(BytesIO(b"a cat"), "My Cat.JPG"), folder="ada")
    'ada/My_Cat.jpg'
    """

    def __init__(
        self,
        name: str = "files",
        extensions: Extensions = DEFAULTS,
        default_dest: Callable[[Flask], Destination | None] | None = None,
        *,
        checks: Iterable[Check] = (),
        max_size: int | None = None,
        store: Store | None = None,
    ) -> None:
        if not name.isalnum():
            raise ValueError("Name must be alphanumeric (no underscores)")
        self.name = name
        self.extensions = normalised(extensions)
        self.default_dest = default_dest
        self.checks = tuple(checks)
        self.max_size = max_size
        self.store = store
        self._config: UploadConfiguration | None = None

    @property
    def config(self) -> UploadConfiguration:
        """This set's configuration in the current application.

        ``_config`` comes first where it is set, which needs no application.

        :raises RuntimeError: outside of an application, or in one without upload sets.
        :raises KeyError: if the application was configured without this set.
        """
        if self._config is not None:
            return self._config
        return configurations()[self.name]

    def save(
        self, storage: FileStorage, folder: str | None = None, name: str | None = None
    ) -> Saved:
        """Save an uploaded file.

        :param storage: the file, from ``request.files``.
        :param folder: the folder below the destination.
        :param name: what to call it instead of the client's name. It may name the folder too; with
            a dot at its end it gets the extension of the client's file.
        :return: the name to remember, relative to the destination. It differs from the name asked
            for where that was unsafe or taken.
        :raises TypeError: if the storage is no FileStorage.
        :raises ValueError: if it has no file name, or nothing safe is left of name or folder.
        :raises UploadNotAllowed: if the set does not take it.
        :raises StorageFull: if there is no room for it.
        """
        if not isinstance(storage, FileStorage):
            raise TypeError("storage must be a werkzeug.FileStorage")
        if folder is None and name is not None:
            folder, name = posixpath.split(name)
        if storage.filename is None:
            raise ValueError("Filename must not be empty!")
        basename = self._basename(storage, storage.filename, name)
        folder = names.clean_folder(folder or "", ascii_only=_ascii_names())
        if getattr(storage.save, "__func__", None) is not PLAIN_SAVE:
            return self._saved_by_itself(storage, folder, basename)
        spool = Spool.of(storage, self.config.destination)
        self._check(spool, basename)
        with full_disk_noticed():
            key = self._published(storage, spool, folder, basename)
        return self._saved(key, spool)

    def must_take(self, filename: str, size: int | None = None) -> None:
        """Refuse a file before its bytes are here; :meth:`save` looks again.

        :param filename: the client's name for it.
        :param size: how many bytes it announces.
        :raises UploadNotAllowed: if the set takes no such name.
        :raises UploadTooLarge: if it is over ``max_size``.
        """
        self._allow(FileStorage(filename=filename), self.get_basename(filename))
        self._must_fit(size or 0)

    def delete(self, filename: str) -> None:
        """Delete a saved file; it is no error if there is none.

        :param filename: what :meth:`save` returned.
        """
        self.config.store.delete(filename)

    def open(self, filename: str) -> BinaryIO:
        """A saved file, open for reading.

        :param filename: what :meth:`save` returned.
        :raises FileNotFoundError: if there is none.
        """
        return self.config.store.open(filename)

    def url(self, filename: str) -> str:
        """The URL of a saved file; whether it exists is not looked up.

        :param filename: what :meth:`save` returned.
        :raises werkzeug.routing.BuildError: if the set has no URL and UPLOADS_AUTOSERVE is off.
        """
        base_url = self.config.base_url
        if base_url is not None:
            return base_url + filename
        return url_for(serving.ENDPOINT, setname=self.name, filename=filename, _external=True)

    def path(self, filename: str, folder: str | None = None) -> str:
        """The absolute path of a saved file; neither checked nor looked up.

        :param filename: what :meth:`save` returned.
        :param folder: a folder to look in.
        """
        return os.path.join(self.config.destination, folder or "", filename)

    def file_allowed(self, storage: FileStorage, basename: str) -> bool:
        """Whether a file may be saved; override it for rules of your own.

        :param storage: the file.
        :param basename: the client's name for it, cleaned, and then the name it would be saved
            under where that is another one.
        """
        return self.extension_allowed(extension(basename))

    def extension_allowed(self, ext: str) -> bool:
        """Whether the set takes an extension.

        :param ext: the extension without its dot.
        """
        ext, config = ext.lower(), self.config
        return ext in config.allow or (ext in self.extensions and ext not in config.deny)

    def get_basename(self, filename: str) -> str:
        """The safe form of a client's file name; override it for rules of your own.

        :param filename: the name as it was sent.
        """
        return _clean(filename) or "file"

    def resolve_conflict(self, target_folder: str, basename: str) -> str:
        """The name for a file whose own is taken; override it for rules of your own.

        One that returns the same name again has the file replaced.

        :param target_folder: the absolute folder; in other stores, the folder their keys have.
        :param basename: the taken name.
        :return: by default the first free of ``name_1.ext``, ``name_2.ext`` …, found in few steps:
            where some were deleted it may be a later one.
        """
        exists = self._exists_in(target_folder)

        def is_taken(number: int) -> bool:
            return exists(names.numbered(basename, number))

        return names.numbered(basename, names.first_free(is_taken))

    def _basename(self, storage: FileStorage, filename: str, name: str | None) -> str:
        basename = self.get_basename(filename)
        self._allow(storage, basename)
        if not name:
            return basename
        final = _clean(name)
        if not final:
            raise UnsafePath(N_("Invalid filename after sanitization"))
        ext = extension(basename)
        if name.rstrip().endswith(".") and ext:
            final = _clean(f"{name.rstrip().rstrip('.')}.{ext}")
        if not self.extension_allowed(extension(final)):
            raise _refused(final)
        self._allow(storage, final)
        return final

    def _allow(self, storage: FileStorage, basename: str) -> None:
        if not self.file_allowed(storage, basename):
            raise _refused(basename)

    def _allow_conflict(self, storage: FileStorage, taken: str, basename: str) -> None:
        if extension(basename) != extension(taken):  # an override may have made up anything
            self._allow(storage, basename)

    def _must_fit(self, size: int) -> None:
        if self.max_size is not None and size > self.max_size:
            raise UploadTooLarge(
                N_("The file is larger than %(limit)s MB."), limit=f"{self.max_size / 1e6:g}"
            )

    def _check(self, spool: Spool, basename: str) -> None:
        self._must_fit(spool.size)
        for check in self.checks:
            check(spool, basename)

    def _published(self, storage: FileStorage, spool: Spool, folder: str, basename: str) -> str:
        """The key it is under: only publishing decides whether a name is free."""
        store, target_folder = self.config.store, self._target_folder(folder)
        name, tried = basename, ""
        is_taken = self._exists_in(target_folder)(basename)  # a hint; it spares a lost attempt
        for lost in range(TRIES):
            if is_taken or lost:
                following = self._next_name(storage, target_folder, basename, name, lost)
                name, tried = following, name
            key, replace = posixpath.join(folder, name), name == basename == tried
            with contextlib.suppress(FileExistsError):
                store.put(spool, key, replace=replace, type=kinds.media_type(spool.head, name))
                return key
        raise UploadError(N_("No free name was found for the file."))

    def _next_name(
        self, storage: FileStorage, target_folder: str, basename: str, tried: str, lost: int
    ) -> str:
        """Another name for a taken one, or the same again to have it replaced."""
        is_counting = getattr(self.resolve_conflict, "__func__", None) is UploadSet.resolve_conflict
        if is_counting and lost and not self._is_local:
            # Each further attempt would send the whole body again.
            return names.numbered(basename, secrets.randbelow(10**9))
        name = self.resolve_conflict(target_folder, basename)
        if name == tried and (is_counting or name != basename):
            # The folder's listing is stale or a dangling symlink is in the way: jump ahead.
            return names.numbered(name, secrets.randbelow(10**9))
        self._allow_conflict(storage, basename, name)
        return name

    def _saved_by_itself(self, storage: FileStorage, folder: str, basename: str) -> Saved:
        """For a storage whose own ``save`` wants the final path, as TestingFileStorage does."""
        target_folder = self._target_folder(folder)
        if self._exists_in(target_folder)(basename):
            taken, basename = basename, self.resolve_conflict(target_folder, basename)
            self._allow_conflict(storage, taken, basename)
        target = self.path(basename, folder)
        root = os.path.realpath(self.config.destination)
        if os.path.realpath(target) != os.path.join(root, folder, basename):
            raise UnsafePath(TRAVERSAL)
        if self.checks or self.max_size is not None:
            self._check(Spool.of(storage, tempfile.gettempdir()), basename)
        storage.save(target)
        return self._saved(posixpath.join(folder, basename))

    def _saved(self, key: str, spool: Spool | None = None) -> Saved:
        saved = Saved(key)
        saved.size = spool.size if spool else 0
        saved.sha256 = spool.sha256 if spool else ""
        saved.crc32 = spool.crc32 if spool else None
        saved.type = kinds.media_type(spool.head, key) if spool else ""
        saved.set, saved._store = self, self.config.store
        return saved

    @property
    def _is_local(self) -> bool:
        return isinstance(self.config.store, LocalStore)

    def _target_folder(self, folder: str) -> str:
        if not self._is_local:
            return folder
        return os.path.join(self.config.destination, folder) if folder else self.config.destination

    def _exists_in(self, target_folder: str) -> Callable[[str], bool]:
        store = self.config.store
        if self._is_local:
            # Looked up when it is called: applications' tests put their own in its place.
            return lambda name: os.path.exists(os.path.join(target_folder, name))
        return lambda name: store.stat(os.path.join(target_folder, name)) is not None


def _clean(name: str) -> str:
    return names.clean_name(name, ascii_only=_ascii_names())


def _ascii_names() -> bool:
    return bool(current_app and current_app.config.get("UPLOADS_ASCII_NAMES"))


def _refused(basename: str) -> UploadNotAllowed:
    return UploadNotAllowed(N_("File extension '%(ext)s' is not allowed"), ext=extension(basename))
