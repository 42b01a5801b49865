"""How an export stands, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _

from ..accounts.models import User
from ..errors import Outdated
from ..extensions import db, now
from ..languages import grouped, said
from ..photos.wording import day_in_words, duration_in_words, number_of, size_in_words
from . import making
from .models import Export

SOME_SECONDS = 5  # less says nothing of how long it will take


@dataclass(frozen=True)
class Card:
    """An export as its page shows it; `percent` is how far it is while it is made ready."""

    state: str
    line: str = ""
    percent: int = 0
    public_id: str = ""


def card(owner: User) -> Card | None:
    """Return how the export of somebody stands; None when there is none."""
    export = db.session.scalar(Export.owned_by(owner))
    if export is None:
        return None
    if export.ended_at is None:
        percent = min(99, export.size_seen * 100 // (export.size or 1))
        return Card("at-work", _progress(export), percent)
    if export.reason:
        return Card("wrong", said(export.reason))
    try:
        making.originals(export)
    except Outdated as error:
        return Card("wrong", said(error.description))
    files, size = number_of(export.files, "file"), size_in_words(export.size)
    line = _(
        "%(files)s and what you wrote about them, %(size)s in all. It is here until %(day)s.",
        files=files,
        size=size,
        day=day_in_words(export.over_at),
    )
    return Card("ready", line, public_id=export.public_id)


def _progress(export: Export) -> str:
    if export.listed is not None:
        return _("All files are looked at; what is known of them is being written down")
    done, total = grouped(export.files_seen), number_of(export.files, "file")
    read, size = size_in_words(export.size_seen), size_in_words(export.size)
    line = _(
        "%(done)s of %(total)s looked at, %(read)s of %(size)s",
        done=done,
        total=total,
        read=read,
        size=size,
    )
    seconds = (now() - export.began_at).total_seconds()
    if seconds < SOME_SECONDS or not export.size_seen:
        return line
    left = max(0, export.size - export.size_seen) / export.size_seen * seconds
    return _("%(line)s, about %(time)s left", line=line, time=duration_in_words(left))
