"""`flask --app wsgi gallery backup` and `restore`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask_migrate import upgrade
from tqdm import tqdm

from ..errors import NotPossible
from ..extensions import db
from ..photos.wording import number_of, size_in_words
from ..uploads import UploadError
from . import backup
from .checking import check as check_all
from .restore import restore
from .snapshots import Files, Stored

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("backup")
@click.argument("folder", type=FOLDER)
@click.option("--no-previews", is_flag=True, help="Leave out what can be made again.")
@click.option("--check", is_flag=True, help="Read what is there already, too.")
def back_up(folder: Path, no_previews: bool, check: bool) -> None:
    """Copy rows and files into a folder while people go on; again, only what is new."""
    with _sentences():
        made = backup.back_up(folder, previews=not no_previews, check=check, progress=_bar)
        backup.write_down(made)
        db.session.commit()
    _say(made.wrong)
    click.echo(
        f"{number_of(made.photos, 'photo')}, {number_of(made.files, 'file')} with"
        f" {size_in_words(made.size)} backed up, {len(made.wrong):,} wrong."
    )
    sys.exit(1 if made.wrong else 0)


@click.command("restore")
@click.argument("folder", type=FOLDER)
def bring_back(folder: Path) -> None:
    """Bring a gallery back from its backup, into an instance without accounts."""
    with _sentences():
        wrong = restore(folder, progress=_bar)
    db.session.remove()
    upgrade()  # the backup may be of an older gallery
    findings = check_all(deep=False, progress=iter)
    db.session.commit()
    _say(dict.fromkeys([*wrong, *findings.wrong]))
    click.echo(f"{number_of(findings.photos, 'photo')} brought back and compared.")
    sys.exit(1 if wrong or findings.wrong else 0)


@contextmanager
def _sentences() -> Iterator[None]:
    """End with a sentence when it cannot be done, or when somebody stops it."""
    try:
        yield
    except NotPossible as error:
        raise click.ClickException(error.description) from error
    except UploadError as error:
        raise click.ClickException(error.description) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The disk'}: {error.strerror}.") from error
    except KeyboardInterrupt:
        click.echo("Stopped. The same line goes on.")
        sys.exit(130)


def _bar(files: Files) -> Iterator[Stored]:
    return iter(tqdm(files, unit="file", disable=None))


def _say(sentences: list[str] | dict[str, None]) -> None:
    for sentence in sentences:
        click.echo(sentence)
