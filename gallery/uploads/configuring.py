"""Reads an application's settings, and makes the configuration of each upload set of them."""

import os
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit, urlunsplit

from flask import Flask

from . import serving, signing
from .configuration import Destination, UploadConfiguration, is_bucket, store_at
from .sets import UploadSet
from .stores import Store


def configure_uploads(app: Flask, upload_sets: UploadSet | Iterable[UploadSet]) -> None:
    """Build the configuration of each set and keep it in ``app.upload_set_config``.

    Call it once the application has its settings, as often as there are sets to add.

    :param app: the application.
    :param upload_sets: one set, or several.
    :raises RuntimeError: if a set has no destination, or one that cannot keep what it promises.

    >>> app = Flask("app")
    >>> app.config["UPLOADS_DEFAULT_DEST"] = "/uploads"
    >>> configure_uploads(app, (UploadSet("photos", IMAGES), UploadSet("media", ALL)))
    >>> app.upload_set_config["media"].destination
    '/uploads/media'
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
    if app.config.get("UPLOADS_SIGNED", False):
        signing.register(app)


def config_for_set(
    uset: UploadSet, app: Flask, defaults: dict[str, str | None] | None = None
) -> UploadConfiguration:
    """The configuration of one set, by the settings of an application.

    :param uset: the set.
    :param app: the application.
    :param defaults: ``dest`` and ``url`` that all sets share; the URL only with that destination.
    :raises RuntimeError: if there is no destination, or its S3 server would overwrite files and
        UPLOADS_S3_UNSAFE is off.

    >>> defaults = {"dest": "/uploads", "url": "https://cdn.example"}
    >>> config_for_set(UploadSet("photos"), Flask("app"), defaults).base_url
    'https://cdn.example/photos/'
    """
    prefix = f"UPLOADED_{uset.name.upper()}_"
    default_dest, default_url = (defaults or {}).get("dest"), (defaults or {}).get("url")
    settings = app.config
    base_url = settings.get(prefix + "URL")
    destination = _own_destination(uset, app)
    if destination is None:
        if default_dest is None:
            raise RuntimeError(f"no destination for set {uset.name}")
        destination = _below(default_dest, uset.name)
        if base_url is None and default_url is not None:
            base_url = f"{addslash(default_url)}{uset.name}/"
    store = uset.store or store_at(destination, sync=settings.get("UPLOADS_SYNC", False))
    if not settings.get("UPLOADS_S3_UNSAFE", False):
        _must_be_create_only(store)
    allow, deny = (settings.get(prefix + each) or () for each in ("ALLOW", "DENY"))
    private = bool(settings.get(prefix + "PRIVATE"))
    return UploadConfiguration(destination, base_url, allow, deny, store=store, private=private)


def _own_destination(uset: UploadSet, app: Flask) -> Destination | None:
    if uset.store is not None:
        return getattr(uset.store, "root", "")
    configured: Destination | None = app.config.get(f"UPLOADED_{uset.name.upper()}_DEST")
    if configured is None and uset.default_dest:
        return uset.default_dest(app)
    return configured


def _below(destination: Destination, folder: str) -> str:
    if not is_bucket(destination):
        return os.path.join(destination, folder)
    bucket = urlsplit(os.fspath(destination))
    return urlunsplit(bucket._replace(path=f"{bucket.path.rstrip('/')}/{folder}"))


def _must_be_create_only(store: Store) -> None:
    probe: Callable[[], None] | None = getattr(store, "must_be_create_only", None)
    if probe is not None:
        probe()


def addslash(url: str) -> str:
    """The URL with a slash at its end.

    :param url: any URL.

    >>> addslash("https://cdn.example")
    'https://cdn.example/'
    """
    return url if url.endswith("/") else url + "/"
