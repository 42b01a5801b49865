"""What may go wrong with an upload: one base, and the precise kinds below it."""

import contextlib
import errno
from collections.abc import Iterator

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def N_(sentence: str) -> str:
    """Mark a sentence for the tools that collect what is to be translated.

    :param sentence: returned as it is.
    """
    return sentence


class UploadError(Exception):
    """Base of everything the engine raises about an upload.

    ``code`` is the HTTP status that fits, ``description`` a sentence for the person. To say it in
    another language, translate ``sentence`` and fill in ``values``.

    :param sentence: this kind's usual one when none is given.
    :param values: what stands in it, by name.

    >>> error = UploadError("That is no picture of a %(animal)s.", animal="cat")
    >>> error.description, error.code
    ('That is no picture of a cat.', 400)
    >>> error.sentence % error.values
    'That is no picture of a cat.'
    """

    code = 400
    sentence = N_("The file could not be uploaded.")

    def __init__(self, sentence: str = "", **values: object) -> None:
        super().__init__(*([sentence % values if values else sentence] if sentence else []))
        self.sentence = sentence or self.sentence
        self.values = values

    @property
    def description(self) -> str:
        """The sentence in English."""
        return self.sentence % self.values if self.values else self.sentence


class UploadNotAllowed(UploadError):
    """The set does not take this file.

    >>> UploadNotAllowed().description
    'Files of this kind are not allowed here.'
    """

    code = 415
    sentence = N_("Files of this kind are not allowed here.")


class UploadTooLarge(UploadNotAllowed):
    """The file is larger than the set's ``max_size``.

    >>> UploadTooLarge().code
    413
    """

    code = 413
    sentence = N_("The file is too large.")


class UnsafePath(UploadError, ValueError):
    """A name or folder that is empty after cleaning, or would leave the destination.

    >>> isinstance(UnsafePath(), ValueError)
    True
    """

    sentence = N_("That file name or folder cannot be used.")


class StorageFull(UploadError):
    """There is no room left for the bytes; nothing was stored.

    >>> StorageFull().code
    507
    """

    code = 507
    sentence = N_("There is no room left for this file.")


class StoreUnavailable(UploadError):
    """The server that keeps the files does not answer, or fails; nothing was acknowledged.

    >>> StoreUnavailable().code
    503
    """

    code = 503
    sentence = N_("The files cannot be reached at the moment. Please try again in a while.")


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
