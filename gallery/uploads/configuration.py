"""Where a set keeps its files in an application."""

import os

from flask import current_app

from .extensions import Extensions, normalised
from .stores import LocalStore, Store

try:
    from . import s3
except ModuleNotFoundError:  # it needs boto3, which those have who keep files in a bucket
    s3 = None  # type: ignore[assignment]

Destination = str | os.PathLike[str]

NOT_CONFIGURED = (
    "The application is not properly configured. Please make sure to use `configure_uploads`."
)


class UploadConfiguration:
    """Where one set keeps its files in one application.

    :param destination: the folder, absolute afterwards; or a bucket, as :func:`store_at` has it.
    :param base_url: the URL, with its last slash, under which the files are served; None leaves
        that to the application or to UPLOADS_AUTOSERVE.
    :param allow: extensions to take though the set does not list them.
    :param deny: extensions to refuse though the set lists them; ``allow`` wins.
    :param store: where the bytes go instead of the folder.
    :param private: never served by UPLOADS_AUTOSERVE.

    >>> photos = UploadSet("photos", IMAGES)
    >>> photos._config = UploadConfiguration("/photos", "https://cdn.example/")
    >>> photos.url("cat.jpg")
    'https://cdn.example/cat.jpg'
    """

    def __init__(
        self,
        destination: Destination,
        base_url: str | None = None,
        allow: Extensions = (),
        deny: Extensions = (),
        *,
        store: Store | None = None,
        private: bool = False,
    ) -> None:
        self.destination = _absolute(os.fspath(destination))
        self.base_url = base_url
        self.allow = normalised(allow)
        self.deny = normalised(deny)
        self.store: Store = store or store_at(self.destination)
        self.private = private

    @property
    def tuple(self) -> tuple[str, str | None, object, object]:
        """What makes two configurations equal."""
        return (self.destination, self.base_url, self.allow, self.deny)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UploadConfiguration):
            return NotImplemented
        return self.tuple == other.tuple


def configurations() -> dict[str, UploadConfiguration]:
    """The configuration of each set of the current application, by the set's name.

    :raises RuntimeError: outside of an application, or in one without upload sets.
    """
    try:
        configured: dict[str, UploadConfiguration] = current_app.upload_set_config  # type: ignore[attr-defined]
    except AttributeError as error:
        raise RuntimeError(NOT_CONFIGURED) from error
    return configured


def store_at(destination: Destination, *, sync: bool = False) -> Store:
    """The store of a destination.

    :param destination: a folder, or ``s3://bucket/prefix?endpoint=https://…&region=…``.
    :param sync: as for :class:`.stores.LocalStore`.
    :raises RuntimeError: for a bucket, if boto3 is not installed.
    :raises ValueError: if it is no proper address of a bucket.
    """
    if not is_bucket(destination):
        return LocalStore(destination, sync=sync)
    if s3 is None:
        raise RuntimeError("To keep files in S3, install boto3.")
    return s3.S3Store.at(os.fspath(destination))


def is_bucket(destination: Destination) -> bool:
    """Whether a destination is a bucket of an S3 server.

    :param destination: what a setting has.
    """
    return os.fspath(destination).startswith("s3://")


def _absolute(path: str) -> str:
    return path if not path or os.path.isabs(path) or is_bucket(path) else os.path.abspath(path)
