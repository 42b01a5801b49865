"""The settings, each with its reason; the one place that reads the environment.

Later sources win: this page, instance/config.py, GALLERY_* in the environment,
what a test passes to create_app. What admins set on /admin/settings wins over all of
them, for the few that are named in settings.py.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from . import variants
from .errors import CannotStart

ROOT = Path(__file__).resolve().parent.parent

# Where it listens. Loopback, until somebody decides otherwise.
HOST = "127.0.0.1"
PORT = 5000
# The address people type, for absolute links; None: the address it listens on.
PUBLIC_URL: str | None = None

# Proxies before it whose word on address and scheme is taken; 0: nobody's.
TRUSTED_PROXIES = 0

# Originals, media and previews; relative to the instance folder. May be a mount.
STORAGE_ROOT = "uploads"
# Bytes that uploads leave free, so that a full disk still lets people sign in and delete.
DISK_RESERVE = 64 * 1024 * 1024
# An acknowledged upload survives a power cut: 0.07 s for 200 MB.
UPLOADS_SYNC = True
# The photo set takes every kind of picture but one that may carry a script.
UPLOADED_PHOTOS_DENY = ("svg",)
# One picture; one video or recording, which come in parts.
PHOTO_MAX_SIZE = 200_000_000
MEDIA_MAX_SIZE = 20_000_000_000
# Days that a receipt of an upload is kept.
RECEIPT_DAYS = 90
# One form, all its files together. A browser hears of it before it sends.
MAX_CONTENT_LENGTH = 1_000_000_000
# A form is text but for its files; more parts than these are no camera's card.
MAX_FORM_MEMORY_SIZE = 500_000
MAX_FORM_PARTS = 1000
# Bodies that may arrive at once, of uploads and of all else; 26 threads are left for pages.
MAX_BODIES = 200
MAX_SMALL_BODIES = 30
# Seconds a client may stay silent, and bytes a second it must send on average after them.
BODY_GRACE_SECONDS = 30
MIN_BODY_RATE = 1_000

# 64 threads may ask the database at once; none does while a body is on its way.
# The log of a failed statement has no business with what was in it.
SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 32, "max_overflow": 32, "hide_parameters": True}

# What pages call it.
NAME = "Gallery"
# Anyone who reaches the page may make an account; False: admins ask them in.
REGISTRATION_OPEN = True
# Whom to ask, for those who cannot get in: a sentence, an address or a number, seen by everybody.
CONTACT: str | None = None
# Bytes for a new user; None: as many as the disk holds.
DEFAULT_QUOTA: int | None = None
# A sign-in ends after so many days unused, and after so many in any case.
SESSION_IDLE_DAYS = 30
SESSION_DAYS = 180
PERMANENT_SESSION_LIFETIME = SESSION_DAYS * 86400
# A cookie that changes with every answer would make browsers doubt what they keep.
SESSION_REFRESH_EACH_REQUEST = False
# Tries before a pause, by address; success costs nothing.
LOGIN_LIMIT = "20 per minute; 200 per hour"
LOGIN_EMAIL_LIMIT = "10 per minute; 50 per hour"
# Wrong codes for one account, wherever they come from: there are a million of them, and whoever
# tries has its password already.
CODE_LIMIT = "100 per hour"
# Addresses that one account may have written to, to change its own.
MAIL_LIMIT = "5 per hour"
REGISTER_LIMIT = "60 per hour"
TOKEN_LIMIT = "20 per minute; 200 per hour"
# Wrong passwords of links, and addresses of links that are none, from one sender.
UNLOCK_LIMIT = "10 per minute; 60 per hour"
LINK_LIMIT = "60 per minute; 600 per hour"
# Files that guests begin to send, from one sender: a whole party on one network goes on a minute
# later by itself.
GUEST_LIMIT = "90 per minute"
RATELIMIT_STORAGE_URI = "memory://"

# Signing in by a provider of one's own, in OpenID Connect; None: nobody is offered that.
OIDC_ISSUER: str | None = None
OIDC_CLIENT_ID: str | None = None
# None, where the provider gives none: what is asked is bound to who asked by PKCE in any case.
OIDC_CLIENT_SECRET: str | None = None
# What people call it, on the button; None: its host.
OIDC_NAME: str | None = None
# Whoever it knows may make an account, even where REGISTRATION_OPEN is off.
OIDC_CREATES_ACCOUNTS = False

# Days between the trash and the quarantine, and from there to nothing.
TRASH_DAYS = 30
QUARANTINE_DAYS = 30
# An admin's look into a gallery is logged, and lasts this long.
ADMIN_LOOK_MINUTES = 60

# Pictures of iPhones. Their decoder is a young one; the jail it runs in is the same.
HEIC = True
# Few cameras write it and its decoder has had many faults, so it is shown on demand only.
TIFF = False

# The previews of each photo: the name says the pixels across, w, or down, h; then the encoding
# and its quality. `gallery derive --missing` makes what is new here of the photos there are.
VARIANTS = {
    # 1920 and not 2048: phones are 4032 wide, so that a JPEG's half scale serves.
    "w1920": "jpeg 80",
    "w1280": "jpeg 80",
    "h480": "webp 80",
    "h240": "webp 80",
}
# Pictures decoded at once; None: one for each core that is given to it.
WORKERS: int | None = None
# Bytes that the worker and all it starts stay under; None: half of what there is.
WORKER_MEMORY: int | None = None
# Bytes that one picture may take to decode; the worker says how many.
PICTURE_MEMORY: int | None = None

# The server that mail goes by; None: none is sent, and nothing is offered that would need it.
MAIL_SERVER: str | None = None
# Where people send mail by it, with a name; 25 is for servers among themselves.
MAIL_PORT = 587
MAIL_USERNAME: str | None = None
MAIL_PASSWORD: str | None = None
# Encrypted after a plain greeting, and to the server of that name or not at all; False only for
# one on this machine. MAIL_USE_SSL, in its place: from the first byte, as on port 465.
MAIL_USE_TLS = True
MAIL_USE_SSL = False
# Whom mails come from: “Gallery <photos@example.org>”.
MAIL_DEFAULT_SENDER: str | None = None
# Seconds of silence; some of them are less than a job's lease.
MAIL_TIMEOUT = 10

# Cookies stay in this site, and out of scripts. Secure follows PUBLIC_URL.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A form left open overnight still posts; the session it belongs to ends it.
WTF_CSRF_TIME_LIMIT: int | None = None
# Origin decides before the body is read; the token's own referrer check adds nothing.
WTF_CSRF_SSL_STRICT = False


def instance_path() -> str:
    """Return the folder of the secret key, the database and the uploads."""
    return os.path.abspath(os.environ.get("GALLERY_INSTANCE_PATH", ROOT / "instance"))


def configure(app: Flask, overrides: Mapping[str, Any] | None = None) -> None:
    """Read every source in its order, then fill in what follows from the rest."""
    app.config.from_object(__name__)
    app.config.from_pyfile("config.py", silent=True)
    app.config.from_prefixed_env("GALLERY")
    app.config.from_mapping(overrides or {})
    _complete(app)


def _complete(app: Flask) -> None:
    config, instance = app.config, Path(app.instance_path)
    _refuse_words_for_switches(config)
    variants.check(config["VARIANTS"])
    config["NAME"] = str(config["NAME"])  # from the environment 1984 comes as a number
    root = config["STORAGE_ROOT"] = str(instance / config["STORAGE_ROOT"])
    config.setdefault("UPLOADED_PHOTOS_DEST", os.path.join(root, "photos"))
    config.setdefault("UPLOADS_DEFAULT_DEST", root)
    # Beside the sets, so that what is on its way is no file without a row.
    config.setdefault("UPLOADS_STAGING", root)
    config.setdefault("SQLALCHEMY_DATABASE_URI", f"sqlite:///{instance / 'gallery.sqlite'}")
    config.setdefault("QUEUE_FILE", str(instance / "queue.sqlite"))
    is_named = bool(config["PUBLIC_URL"])
    if config["MAIL_SERVER"]:
        _complete_mail(config)
    config["PUBLIC_URL"] = (config["PUBLIC_URL"] or listening_url(config)).rstrip("/")
    _complete_provider(config)
    public = urlsplit(config["PUBLIC_URL"])
    if public.scheme == "https":
        # Over plain HTTP off loopback a Secure cookie would make sign-in fail silently.
        config["SESSION_COOKIE_SECURE"] = True
        config["SESSION_COOKIE_NAME"] = "__Host-session"
    # Werkzeug cannot compare IPv6 literals, so with one of those every name is taken.
    is_known = is_named or is_loopback(config["HOST"])
    if config["TRUSTED_HOSTS"] is None and is_known and ":" not in (public.hostname or ""):
        config["TRUSTED_HOSTS"] = [public.hostname, "localhost", "127.0.0.1"]


def _complete_mail(config: dict[str, Any]) -> None:
    for name in ("PUBLIC_URL", "MAIL_DEFAULT_SENDER"):
        if not config[name]:
            raise CannotStart(f"MAIL_SERVER is set, so {name} has to be: it stands in each mail.")
    config["MAIL_USE_TLS"] = config["MAIL_USE_TLS"] and not config["MAIL_USE_SSL"]
    if config["MAIL_PASSWORD"] is not None:  # the environment makes a number of one of digits
        config["MAIL_PASSWORD"] = str(config["MAIL_PASSWORD"])


def _refuse_words_for_switches(config: Mapping[str, Any]) -> None:
    """A switch set to the word "False" would be on: say so instead."""
    for name, default in globals().items():
        if isinstance(default, bool) and not isinstance(config[name], bool):
            raise CannotStart(f"{name} must be true or false, and is “{config[name]}”.")


def _complete_provider(config: dict[str, Any]) -> None:
    """Name the provider, and refuse one that could be overheard."""
    if not config["OIDC_ISSUER"]:
        return
    if not config["OIDC_CLIENT_ID"]:
        raise CannotStart("OIDC_ISSUER is set, and OIDC_CLIENT_ID is missing.")
    if not is_private(config["OIDC_ISSUER"]):
        raise CannotStart("OIDC_ISSUER must be an address that begins with https://.")
    config["OIDC_NAME"] = str(config["OIDC_NAME"] or urlsplit(config["OIDC_ISSUER"]).hostname)


def is_private(address: str) -> bool:
    """Tell whether nobody reads along on the way to an address: by TLS, or on this machine."""
    parts = urlsplit(address)
    is_here = parts.scheme == "http" and is_loopback(parts.hostname or "")
    return bool(parts.hostname) and (parts.scheme == "https" or is_here)


def listening_url(config: Mapping[str, Any]) -> str:
    """Return the address of the server as a person on this machine would type it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config["HOST"], config["HOST"])
    return f"http://{_bracketed(host)}:{config['PORT']}"


def _bracketed(host: str) -> str:
    """Return a host as an address has it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    return host in ("localhost", "::1") or host.startswith("127.")
