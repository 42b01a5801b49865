"""What may go wrong with an upload: one base, and the precise kinds below it."""

import contextlib
import errno
from collections.abc import Iterator

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class UploadError(Exception):
    """Base of everything the engine raises about an upload.

    ``code`` is the HTTP status that fits, ``description`` a sentence for the person.

    >>> error = UploadError("That is no picture of a cat.")
    >>> error.description, error.code
    ('That is no picture of a cat.', 400)
    """

    code = 400
    sentence = "The file could not be uploaded."

    @property
    def description(self) -> str:
        """The message, or this kind's usual sentence when none was given."""
        return str(self) or self.sentence


class UploadNotAllowed(UploadError):
    """The set does not take this file.

    >>> UploadNotAllowed().description
    'Files of this kind are not allowed here.'
    """

    code = 415
    sentence = "Files of this kind are not allowed here."


class UploadTooLarge(UploadNotAllowed):
    """The file is larger than the set's ``max_size``.

    >>> UploadTooLarge().code
    413
    """

    code = 413
    sentence = "The file is too large."


class UnsafePath(UploadError, ValueError):
    """A name or folder that is empty after cleaning, or would leave the destination.

    >>> isinstance(UnsafePath(), ValueError)
    True
    """

    sentence = "That file name or folder cannot be used."


class StorageFull(UploadError):
    """There is no room left for the bytes; nothing was stored.

    >>> StorageFull().code
    507
    """

    code = 507
    sentence = "There is no room left for this file."


class StoreUnavailable(UploadError):
    """The server that keeps the files does not answer, or fails; nothing was acknowledged.

    >>> StoreUnavailable().code
    503
    """

    code = 503
    sentence = "The files cannot be reached at the moment. Please try again in a while."


@contextlib.contextmanager
def full_disk_noticed() -> Iterator[None]:
    """Name a full disk for what it is.

    :raises StorageFull: in place of an OSError that says disk, quota or file size is used up.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull from error
        raise
