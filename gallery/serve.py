"""Sets the gallery up and runs web server and worker as one foreground program."""

import ctypes
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from runpy import run_module
from types import FrameType

from flask import Flask, url_for
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from . import assets
from .accounts.models import User
from .accounts.views import first_admin_token
from .errors import CannotStart
from .extensions import db
from .factory import create_app
from .processes import die_with_parent
from .server import Server

# Uploads that are on their way when it ends have so many seconds.
GRACE_SECONDS = 15

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h


def main() -> int:
    """Return the exit code: 0 when it was asked to end, 1 when something went wrong."""
    try:
        assets.build()
        app = create_app()
        with app.app_context():
            upgrade()
        listener = _listen(app)
    except (CannotStart, OperationalError) as error:
        _say(str(error), file=sys.stderr)
        return 1
    with listener:
        _greet(app)  # who comes now is in the line until the server is there
        children = {
            _start(Server(app, _options(listener)).run): "web",
            # By its name: what decodes pictures is never loaded into the web process.
            _start(partial(run_module, "gallery.worker", run_name="__main__")): "worker",
        }
        return _watch(children)


def _say(sentence: str, **options: object) -> None:
    print(sentence, flush=True, **options)  # type: ignore[call-overload]  # noqa: T201


def _listen(app: Flask) -> socket.socket:
    """Bind here and not in the server, so that a taken port is one sentence."""
    host, port = app.config["HOST"], int(app.config["PORT"])
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise CannotStart(f"Cannot listen on {host}, port {port}: {reason}.") from error


def _options(listener: socket.socket) -> dict[str, object]:
    return {
        "bind": f"fd://{listener.fileno()}",
        "worker_class": "gallery.server.Worker",
        "workers": 1,
        "threads": 256,
        "worker_connections": 800,
        "keepalive": 15,
        "timeout": 120,
        "forwarded_allow_ips": "",  # nobody's word on scheme or address is taken
        "graceful_timeout": GRACE_SECONDS - 5,
        "control_socket_disable": True,
        "loglevel": "warning",
    }


def _start(work: Callable[[], object]) -> int:
    """Do some work in a child process, and return its id.

    Forked, it has all that is imported already: three processes would each import and keep
    their own.
    """
    parent = os.getpid()
    if child := os.fork():
        return child
    code = 1
    try:
        # A session of its own: Ctrl-C reaches it once, through its parent, and not twice.
        os.setsid()
        die_with_parent(parent)
        _set_limits()
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)  # what is its parent's to do at the end is not done here


def _set_limits() -> None:
    # A form of 400 photos holds 400 descriptors; 1,024 are soon used up.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    # Bodies pass in pieces of a megabyte. As it comes, glibc gets fresh pages for each of them
    # from the system and gives them back, which doubles the system's share of an upload.
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024)
        libc.mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024)
        libc.mallopt(M_ARENA_MAX, 4)


def _greet(app: Flask) -> None:
    public_url = app.config["PUBLIC_URL"]
    _say(f"The gallery is at {public_url}/ (Ctrl-C ends it)")
    if not public_url.startswith("https:") and app.config["HOST"] not in ("127.0.0.1", "localhost"):
        _say("Passwords travel unencrypted over plain HTTP: keep to a network you trust.")
    with app.app_context(), app.test_request_context():
        if not User.has_admin():
            path = url_for("accounts.first_admin", token=first_admin_token())
            _say(f"Nobody runs it yet. Make the first admin's account at {public_url}{path}")
        db.engine.dispose()  # connections do not survive a fork


def _watch(children: dict[int, str]) -> int:
    """Wait until one child ends or a signal comes, then end the others."""
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        _tell(children, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    pid, status = os.wait()
    name = children.pop(pid)
    if not asked:
        code = os.waitstatus_to_exitcode(status)
        _say(f"The {name} process ended with code {code}.", file=sys.stderr)
    _end(children)
    return 0 if asked else 1


def _tell(children: Iterable[int], number: signal.Signals) -> None:
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, number)


def _end(children: dict[int, str]) -> None:
    _tell(children, signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS
    for child in children:
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if time.monotonic() > end:
                _tell([child], signal.SIGKILL)
            time.sleep(0.02)
