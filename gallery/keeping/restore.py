"""Brings a gallery back from its backup, into an instance that is still empty."""

import hashlib
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app

from ..accounts.models import User
from ..config import ROOT
from ..errors import NotPossible
from ..extensions import db
from ..upload_sets import SETS
from ..uploads import LocalStore
from . import contents, snapshots
from .backup import Progress
from .contents import FILES, SECRET, write_whole
from .copies import Lost, Place, copy, is_there
from .snapshots import Files, Stored


def restore(folder: Path, *, progress: Progress = iter) -> list[str]:
    """Bring back files first and the database last; return what is wrong, a sentence each.

    Stopped before the end it leaves the instance empty, and begun again it goes on.

    :raises NotPossible: when somebody has an account here, or the backup is no whole one.
    :raises OSError, UploadError: when the instance cannot be written.
    """
    snapshots.refuse_other_databases()
    if db.session.scalar(db.select(User.id).limit(1)) is not None:
        raise NotPossible("Somebody has an account here: only an empty instance takes a backup.")
    db.session.rollback()
    database = _whole(folder)
    kept, wrong = LocalStore(folder / FILES), []
    for stored in progress(Files(database)):
        try:
            sentence = _bring_back(stored, kept)
        except Lost as error:
            sentence = str(error)
        if sentence:
            wrong.append(sentence)
    if (secret := folder / SECRET).exists():
        write_whole(Path(current_app.instance_path, SECRET), secret.read_text())
    snapshots.bring_back(database)
    return wrong


def _whole(folder: Path) -> Path:
    said = contents.of(folder)
    database = folder / said.database
    try:
        with database.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise NotPossible(f"{database} is missing.") from error
    if digest != said.database_sha256:
        raise NotPossible(f"{database} is not what was written there.")
    known = {script.revision for script in ScriptDirectory(ROOT / "migrations").walk_revisions()}
    if snapshots.revision(database) not in known:
        raise NotPossible("This backup is of a newer gallery than this one: upgrade it first.")
    return database


def _bring_back(stored: Stored, kept: LocalStore) -> str | None:
    here = Place(SETS[stored.set_name].config.store, stored.filename)
    if is_there(stored, here, read=True):
        return None
    return copy(
        stored, Place(kept, stored.key), here, staging=current_app.config["UPLOADS_STAGING"]
    )
