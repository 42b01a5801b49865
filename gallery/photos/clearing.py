"""Clears out what people leave behind whose week is over: rows first, files last."""

from sqlalchemy import Select

from ..accounts.models import GRACE, AuditEntry, User
from ..albums import making
from ..albums.models import Album
from ..extensions import begin_writing, db, now
from . import many, trash
from .counts import counted
from .models import Photo

SOME = 500  # at once, so that nobody waits long for the lock


def clear_out() -> int:
    """Delete the accounts whose week is over, with all they hold; return how many these were."""
    number = 0
    while (person := _next()) is not None:
        _clear(person)
        number += 1
    db.session.commit()
    return number


def _next() -> User | None:
    """Return somebody whose week is over, and keep them out: from here on nobody comes back."""
    begin_writing()
    person: User | None = db.session.scalar(_gone().limit(1))
    if person is not None:
        person.is_disabled = True
        db.session.commit()
    return person


def _gone() -> Select[User]:
    return db.select(User).where(User.leaving_at <= now() - GRACE)


def _clear(person: User) -> None:
    while _discard_some(person):
        db.session.commit()
    while gone := trash.delete_rows(Photo.owned_by(person)):
        db.session.commit()
        trash.remove(gone)
    begin_writing()
    for album in db.session.scalars(Album.owned_by(person)).all():
        making.delete(album)
    AuditEntry.write("left", actor=person, subject=person)
    db.session.flush()
    db.session.delete(person)
    db.session.commit()


def _discard_some(person: User) -> int:
    """Move photos to the trash, out of the counters of all albums that they are in."""
    begin_writing()
    left = Photo.owned_by(person).where(Photo.trashed_at.is_(None)).limit(SOME)
    ids = db.session.scalars(left.with_only_columns(Photo.id)).all()
    with counted(person, ids):
        many.discard(ids)
    return len(ids)
