"""Builds the pages' scripts and styles with Node, and says under which names they are served."""

import fcntl
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.headers import Headers

import click
from flask import Flask, request
from markupsafe import Markup
from whitenoise import WhiteNoise
from whitenoise.compress import main as compress

from .errors import CannotStart
from .headers import EVERYWHERE

FRONTEND = Path(__file__).parent / "frontend"
DIST = Path(__file__).parent / "static" / "dist"
# What stands for a file of some kind where there is no picture of it.
KIND_ICONS = {"photo": "image", "video": "video", "audio": "music"}


class AssetsError(CannotStart):
    """The scripts and styles could not be built; the sentence says why."""


def build(force: bool = False) -> None:
    """Bring the built files up to date, or return at once when they are.

    :raises AssetsError: Node is missing, or npm or the bundler failed
    """
    if force or is_stale():
        with _alone():
            if force or is_stale():  # another process may have built them meanwhile
                _install("--omit=dev")
                _bundle()


def install_for_tests() -> Path:
    """Build, and bring what the tests need besides; return the folder of the packages.

    :raises AssetsError: Node is missing, or npm or the bundler failed
    """
    with _alone():
        _install("--include=dev")
        if is_stale():
            _bundle()
    return FRONTEND / "node_modules"


def is_stale() -> bool:
    """Say whether a source or the lock has changed since the last build."""
    stamp = DIST / "stamp"
    return not stamp.is_file() or stamp.read_text() != _digest_of_sources()


def init_app(app: Flask) -> None:
    """Give the templates `asset(name)`, the URL of a built file, and `icon(name)`, a drawing."""
    names: dict[str, str] = {}
    static = app.static_url_path

    def asset(name: str) -> str:
        if not names:
            names.update(json.loads((DIST / "manifest.json").read_text()))
        root = request.script_root if request else ""
        return f"{root}{static}/dist/{names[name]}"  # url_for took twice the time

    def icon(name: str, size: int = 20, also: str = "") -> Markup:
        return _drawn(asset("icons.svg"), name, size, f"icon {also}".strip())

    def kind_icon(kind: str, size: int = 28) -> Markup:
        return icon(KIND_ICONS.get(kind, "file"), size)

    # Macros do not see what a context processor gives.
    app.jinja_env.globals.update(asset=asset, icon=icon, kind_icon=kind_icon, row_size=row_size)
    app.context_processor(_choices)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=DIST,
        prefix="static/dist/",
        allow_all_origins=False,
        # A built file's name holds a digest of what is in it.
        immutable_file_test=r"-[0-9A-Za-z]{8}\.\w+$",
        add_headers_function=_add_headers,
    )


@functools.lru_cache(1000)  # a page has fifty, and there are a few hundred
def _drawn(sprite: str, name: str, size: int, classes: str) -> Markup:
    drawing = Markup(
        '<svg class="{classes}" width="{size}" height="{size}" aria-hidden="true">'
        '<use href="{sprite}#{name}"/></svg>'
    )
    return drawing.format(sprite=sprite, name=name, size=size, classes=classes)


def _add_headers(headers: Headers, path: str, url: str) -> None:
    for name, value in EVERYWHERE.items():
        headers[name] = value


def row_size() -> str:
    """Return how large the rows of grids are in this browser: "s", "l", or "" for the usual."""
    chosen = request.cookies.get("rows", "") if request else ""
    return chosen if chosen in ("s", "l") else ""


def _choices() -> dict[str, str | bool]:
    """Give the templates what was chosen in this browser: a theme, if any, and single keys."""
    chosen = request.cookies if request else {}
    theme = chosen.get("theme", "")
    has_keys = chosen.get("keys") != "off"
    return {"theme": theme if theme in ("light", "dark") else "", "has_keys": has_keys}


def _install(kind: str) -> None:
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".stamp"
    installed = stamp.read_text().split() if stamp.is_file() else []
    if installed in ([lock, kind], [lock, "--include=dev"]):
        return
    click.echo("Fetching the packages of the pages' scripts and styles …", err=True)
    _run("npm", "ci", kind)
    stamp.write_text(f"{lock} {kind}")


def _bundle() -> None:
    click.echo("Building the pages' scripts and styles …", err=True)
    digest = _digest_of_sources()
    _run("node", "build.mjs")
    compress(["--quiet", str(DIST)])
    (DIST / "stamp").write_text(digest)


def _run(program: str, *arguments: str) -> None:
    # pip puts Node beside Python. npm's children need the rest as it is: proxies, certificates.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    found = shutil.which(program, path=path)
    if found is None:
        raise AssetsError(f"{program} is missing; pip install -r requirements.txt brings it.")
    done = subprocess.run(
        [found, *arguments],
        cwd=FRONTEND,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssetsError(
            f"“{program} {' '.join(arguments)}” failed in {FRONTEND}: {_reason(done.stderr)}"
        )


def _reason(output: str) -> str:
    """Pick the line a person can act on: npm's first lines are codes of two or three words."""
    lines = output.splitlines()
    errors = [line for line in lines if "error" in line.lower() and len(line.split()) > 4]
    return (errors or lines or ["it did not say why"])[0].strip()


def _digest_of_sources() -> str:
    own = [path for path in FRONTEND.iterdir() if path.name != "node_modules"]
    below = [path for folder in own for path in folder.rglob("*")]
    digest = hashlib.sha256()
    for path in sorted(own + below):
        if path.is_file():
            digest.update(f"{path.relative_to(FRONTEND)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the build's lock: of two processes that start together, one builds and one waits."""
    DIST.mkdir(parents=True, exist_ok=True)
    with (DIST / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
