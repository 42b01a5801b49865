"""The key that signs cookies and links: made at the first start, kept in the instance folder."""

import os
import secrets
import tempfile
from pathlib import Path

from flask import Flask

from .errors import CannotStart


def init_app(app: Flask) -> None:
    """Read the key, or make it.

    :raises CannotStart: when the instance folder cannot be written.
    """
    path = Path(app.instance_path, "secret_key")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):  # the database will need it, too
            app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or _read_or_make(path)
    except OSError as error:
        raise CannotStart(
            f"The instance folder {path.parent} cannot be used: {error.strerror}."
        ) from error


def _read_or_make(path: Path) -> str:
    if not path.exists():
        # mkstemp makes it 0600; link refuses a taken name, so two first starts agree on one.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            return path.read_text()
        finally:
            os.unlink(draft)
    return path.read_text()
