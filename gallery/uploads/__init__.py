"""Upload sets for Flask: files in, checked and under safe names, and out again."""

from .bodies import UploadRequest
from .configuration import UploadConfiguration
from .configuring import addslash, config_for_set, configure_uploads
from .exceptions import (
    StorageFull,
    StoreUnavailable,
    UnsafePath,
    UploadError,
    UploadNotAllowed,
    UploadTooLarge,
)
from .extensions import (
    ALL,
    ARCHIVES,
    AUDIO,
    DATA,
    DEFAULTS,
    DOCUMENTS,
    EXECUTABLES,
    IMAGES,
    MODERN_IMAGES,
    SCRIPTS,
    SOURCE,
    TEXT,
    VIDEO,
    AllExcept,
    extension,
    lowercase_ext,
)
from .kinds import Kind, same_kind, sniff
from .serving import deliver
from .sets import Saved, UploadSet
from .signing import signed_url
from .spool import Spool
from .stores import LocalStore, Stat, Store
from .testing import TestingFileStorage

__all__ = [
    "ALL",
    "ARCHIVES",
    "AUDIO",
    "DATA",
    "DEFAULTS",
    "DOCUMENTS",
    "EXECUTABLES",
    "IMAGES",
    "MODERN_IMAGES",
    "SCRIPTS",
    "SOURCE",
    "TEXT",
    "VIDEO",
    "AllExcept",
    "Kind",
    "LocalStore",
    "Saved",
    "Spool",
    "Stat",
    "StorageFull",
    "Store",
    "StoreUnavailable",
    "TestingFileStorage",
    "UnsafePath",
    "UploadConfiguration",
    "UploadError",
    "UploadNotAllowed",
    "UploadRequest",
    "UploadSet",
    "UploadTooLarge",
    "addslash",
    "config_for_set",
    "configure_uploads",
    "deliver",
    "extension",
    "lowercase_ext",
    "same_kind",
    "signed_url",
    "sniff",
]
