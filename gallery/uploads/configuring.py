"""Reads an application's settings, and makes the configuration of each upload set of them."""

import os
from collections.abc import Iterable

from flask import Flask

from . import serving
from .configuration import Destination, UploadConfiguration
from .sets import UploadSet
from .stores import LocalStore


def configure_uploads(app: Flask, upload_sets: UploadSet | Iterable[UploadSet]) -> None:
    """Build the configuration of each set and keep it in ``app.upload_set_config``.

    Call it once the application has its settings, as often as there are sets to add.

    :param app: the application.
    :param upload_sets: one set, or several.
    :raises RuntimeError: if a set has no destination.
    """
    defaults = {
        "dest": app.config.get("UPLOADS_DEFAULT_DEST"),
        "url": app.config.get("UPLOADS_DEFAULT_URL"),
    }
    configured = vars(app).setdefault("upload_set_config", {})
    for uset in upload_sets if isinstance(upload_sets, Iterable) else (upload_sets,):
        configured[uset.name] = config_for_set(uset, app, defaults)
    if app.config.get("UPLOADS_AUTOSERVE", False):
        serving.register(app)


def config_for_set(
    uset: UploadSet, app: Flask, defaults: dict[str, str | None] | None = None
) -> UploadConfiguration:
    """The configuration of one set, by the settings of an application.

    :param uset: the set.
    :param app: the application.
    :param defaults: ``dest`` and ``url`` that all sets share; the URL only with that destination.
    :raises RuntimeError: if there is no destination.
    """
    prefix = f"UPLOADED_{uset.name.upper()}_"
    default_dest, default_url = (defaults or {}).get("dest"), (defaults or {}).get("url")
    settings = app.config
    base_url = settings.get(prefix + "URL")
    destination = _own_destination(uset, app)
    if destination is None:
        if default_dest is None:
            raise RuntimeError(f"no destination for set {uset.name}")
        destination = os.path.join(default_dest, uset.name)
        if base_url is None and default_url is not None:
            base_url = f"{addslash(default_url)}{uset.name}/"
    store = uset.store or LocalStore(destination, sync=settings.get("UPLOADS_SYNC", False))
    allow, deny = (settings.get(prefix + each) or () for each in ("ALLOW", "DENY"))
    return UploadConfiguration(destination, base_url, allow, deny, store=store)


def _own_destination(uset: UploadSet, app: Flask) -> Destination | None:
    if uset.store is not None:
        return getattr(uset.store, "root", "")
    configured: Destination | None = app.config.get(f"UPLOADED_{uset.name.upper()}_DEST")
    if configured is None and uset.default_dest:
        return uset.default_dest(app)
    return configured


def addslash(url: str) -> str:
    """The URL with a slash at its end.

    :param url: any URL.
    """
    return url if url.endswith("/") else url + "/"
