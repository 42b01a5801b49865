"""Sets the gallery up and runs web server and worker as one foreground program."""

import os
import resource
import signal
import socket
import subprocess
import sys
from types import FrameType

from flask import Flask, url_for
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from . import assets
from .accounts.models import User
from .accounts.views import first_admin_token
from .config import ROOT
from .errors import CannotStart
from .factory import create_app
from .processes import die_with_parent

# Uploads that are on their way when it ends have so many seconds.
GRACE_SECONDS = 15

# Bodies pass in pieces of a megabyte. As it comes, glibc gets fresh pages for each of them from
# the system and gives them back, which doubles the system's share of an upload.
ALLOCATION = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(16 * 1024 * 1024),
    "MALLOC_ARENA_MAX": "4",
}


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
        children = {
            _start("-m", "gunicorn", *_options(listener), "wsgi:app", fd=listener.fileno()): "web",
            _start("-m", "gallery.worker"): "worker",
        }
        _greet(app)
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


def _options(listener: socket.socket) -> list[str]:
    return [
        f"--bind=fd://{listener.fileno()}",
        "--worker-class=gallery.server.Worker",
        "--workers=1",
        "--threads=256",
        "--worker-connections=800",
        "--keep-alive=15",
        "--timeout=120",
        "--forwarded-allow-ips=",  # nobody's word on scheme or address is taken
        f"--graceful-timeout={GRACE_SECONDS - 5}",
        "--no-control-socket",
        "--log-level=warning",
    ]


def _start(*arguments: str, fd: int | None = None) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches it once, through this process, and not twice.
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        pass_fds=() if fd is None else (fd,),
        env={**ALLOCATION, **os.environ},
        start_new_session=True,
        preexec_fn=_prepare_child,
    )


def _prepare_child() -> None:
    die_with_parent()
    # A form of 400 photos holds 400 descriptors; 1,024 are soon used up.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))


def _greet(app: Flask) -> None:
    public_url = app.config["PUBLIC_URL"]
    _say(f"The gallery is at {public_url}/ (Ctrl-C ends it)")
    if not public_url.startswith("https:") and app.config["HOST"] not in ("127.0.0.1", "localhost"):
        _say("Passwords travel unencrypted over plain HTTP: keep to a network you trust.")
    with app.app_context(), app.test_request_context():
        if not User.has_admin():
            path = url_for("accounts.first_admin", token=first_admin_token())
            _say(f"Nobody runs it yet. Make the first admin's account at {public_url}{path}")


def _watch(children: dict[subprocess.Popen[bytes], str]) -> int:
    """Wait until one child ends or a signal comes, then end the others."""
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        for child in children:
            child.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    pid, status = os.wait()
    for child, name in children.items():
        if child.pid == pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            if not asked:
                _say(f"The {name} process ended with code {child.returncode}.", file=sys.stderr)
    _end(children)
    return 0 if asked else 1


def _end(children: dict[subprocess.Popen[bytes], str]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
