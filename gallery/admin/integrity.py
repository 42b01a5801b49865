"""How sure it is that nothing is lost: the last check of what is stored, and the last backup."""

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from ..extensions import db
from ..keeping.models import Backup, Check
from ..languages import said
from ..photos.models import Photo
from ..photos.wording import duration_in_words, size_in_words, time_in_words

STATES = {
    "never": _l("Never checked"),
    "at-work": _l("At work"),
    "clean": _l("Nothing wrong"),
    "wrong": _l("Look at this"),
}


@dataclass(frozen=True)
class CheckCard:
    """A check in words; `percent` is how far it is while it is at work."""

    state: str
    when: str = ""
    percent: int | None = None
    figures: tuple[tuple[str, str], ...] = ()
    sentences: tuple[str, ...] = ()

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])


@dataclass(frozen=True)
class BackupCard:
    """The last backup in words."""

    state: str
    when: str
    figures: tuple[tuple[str, str], ...]


def check_card() -> CheckCard:
    """Return the last check, or the one at work with what it has found so far."""
    check = db.session.scalar(Check.last())
    if check is None:
        return CheckCard("never")
    figures = (
        (_("Photos compared"), format_decimal(check.photos)),
        (_("Wrong"), format_decimal(check.wrong)),
        (_("Files without a row"), format_decimal(check.without_row)),
    )
    found = tuple(said(sentence) for sentence in check.sentences)
    began = time_in_words(check.began_at)
    if check.ended_at is None:
        number = db.session.scalar(db.select(func.count(Photo.id))) or 1
        percent = min(99, check.photos * 100 // number)
        return CheckCard("at-work", _("Begun %(when)s", when=began), percent, figures, found)
    time = duration_in_words((check.ended_at - check.began_at).total_seconds())
    when = (
        _("%(when)s, every byte was read; it took %(time)s", when=began, time=time)
        if check.is_deep
        else _("%(when)s, it took %(time)s", when=began, time=time)
    )
    return CheckCard("wrong" if check.wrong else "clean", when, None, figures, found)


def backup_card() -> BackupCard | None:
    backup = db.session.scalar(Backup.last())
    if backup is None:
        return None
    time = duration_in_words((backup.ended_at - backup.taken_at).total_seconds())
    return BackupCard(
        "wrong" if backup.wrong else "clean",
        _("%(when)s, it took %(time)s", when=time_in_words(backup.taken_at), time=time),
        (
            (_("Files"), format_decimal(backup.files)),
            (_("Size"), size_in_words(backup.size)),
            (_("Wrong"), format_decimal(backup.wrong)),
        ),
    )
