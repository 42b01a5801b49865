"""Where a set keeps its files in an application."""

import os

from flask import current_app

from .extensions import Extensions, normalised
from .stores import LocalStore, Store

Destination = str | os.PathLike[str]

NOT_CONFIGURED = (
    "The application is not properly configured. Please make sure to use `configure_uploads`."
)


class UploadConfiguration:
    """Where one set keeps its files in one application.

    :param destination: the folder; ``destination`` is absolute afterwards.
    :param base_url: the URL, with its last slash, under which the files are served; None leaves
        that to the application or to UPLOADS_AUTOSERVE.
    :param allow: extensions to take though the set does not list them.
    :param deny: extensions to refuse though the set lists them; ``allow`` wins.
    :param store: where the bytes go instead of the folder.
    """

    def __init__(
        self,
        destination: Destination,
        base_url: str | None = None,
        allow: Extensions = (),
        deny: Extensions = (),
        *,
        store: Store | None = None,
    ) -> None:
        self.destination = _absolute(os.fspath(destination))
        self.base_url = base_url
        self.allow = normalised(allow)
        self.deny = normalised(deny)
        self.store: Store = store or LocalStore(self.destination)

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


def _absolute(path: str) -> str:
    return path if not path or os.path.isabs(path) else os.path.abspath(path)
