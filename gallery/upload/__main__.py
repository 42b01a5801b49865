"""The command: what it is told, what it shows, and how it ends."""

import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from tqdm import tqdm

from ..folders import files_below
from .journal import Journal
from .run import File, Run
from .server import Server, Stop

LABELS = {
    "added": "added",
    "already": "already in your library",
    "restored": "back from the trash",
    "refused": "refused",
}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--server", "url", required=True, metavar="URL", help="Where the gallery is.")
@click.option(
    "--token",
    required=True,
    envvar="GALLERY_TOKEN",
    help="Better in the environment as GALLERY_TOKEN: other people see the line of a program.",
)
@click.option(
    "--cache",
    envvar="XDG_CACHE_HOME",
    type=click.Path(path_type=Path),
    default=Path.home() / ".cache",
    help="Where it notes how far it has come.",
)
@click.option(
    "--album",
    default="",
    metavar="TITLE",
    help="Your album to put all into, made if you have none of it; or the end of one's address.",
)
def main(paths: Sequence[Path], url: str, token: str, cache: Path, album: str) -> None:
    """Send files and folders to a gallery; what is there already is not sent again."""
    if not (token.isascii() and token.isprintable()):  # it could not even be sent
        raise click.ClickException("This is no token: one is like gal_ and 43 letters.")
    server, files = Server(url, token), _files(paths)
    try:
        part = server.greet()
    except Stop as stop:
        raise click.ClickException(str(stop)) from stop
    journal = _journal(cache, server, paths)
    href = _send(files, server, part=part, journal=journal, album=album)
    _summary(files)
    click.echo(f"The receipt: {href}")
    if any(not file.is_final for file in files):
        sys.exit(1)
    journal.forget()


def _send(files: Sequence[File], server: Server, *, part: int, journal: Journal, album: str) -> str:
    """Send all under a bar, and return where their receipt is; else end, and say how to go on."""
    size = sum(file.size for file in files)
    try:
        with tqdm(total=size, unit="B", unit_scale=True, smoothing=0, disable=None) as bar:
            run = Run(server, files, part=part, journal=journal, bar=bar, album=album)
            run.perform()
            return run.href
    except Stop as stop:
        raise click.ClickException(f"{stop} {_how_far(files)}") from stop
    except KeyboardInterrupt:
        click.echo(_how_far(files), err=True)
        sys.exit(130)


def _files(paths: Sequence[Path]) -> list[File]:
    """Return every file once.

    :raises click.ClickException: when a folder may not be read, or nothing is in it.
    """
    try:
        found = {file.key: file for path in paths for file in map(File.at, files_below(path))}
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from error
    if not found:
        raise click.ClickException("There is no file to send.")
    return list(found.values())


def _journal(cache: Path, server: Server, paths: Sequence[Path]) -> Journal:
    """Return what the same line noted before."""
    line = "\n".join([server.url, *sorted(str(path.absolute()) for path in paths)])
    name = hashlib.sha256(line.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return Journal(cache / "gallery-upload" / name)


def _how_far(files: Sequence[File]) -> str:
    done = sum(bool(file.outcome) for file in files)
    return f"Stopped after {done:,} of {len(files):,}. The same line goes on."


def _summary(files: Sequence[File]) -> None:
    counts = Counter(file.outcome for file in files)
    for outcome, label in LABELS.items():
        click.echo(f"{counts[outcome]:>7,} {label}")
    for reason, number in Counter(f.reason for f in files if f.reason).most_common():
        names = [file.name for file in files if file.reason == reason][:3]
        click.echo(f"{number:>9,} × {reason} ({', '.join(names)}{', …' if number > 3 else ''})")


if __name__ == "__main__":
    main()
