"""Puts words on photos, each of which its owner has once."""

import csv
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..errors import NotPossible
from ..extensions import db
from .models import Photo, Tag

LONGEST = 100  # characters
MOST = 100  # of one photo
AT_HAND = 100  # that are offered while somebody types


def tag(photo: Photo, words: Iterable[str]) -> None:
    """Put words on a photo in place of those it had, and flush; SEA and sea are one."""
    photo.tags = made(photo.owner_id, words)
    db.session.flush()


def retag(photo: Photo, *, put_on: Iterable[str], take_off: Iterable[str]) -> None:
    """Put words on a photo beside those it has, take others away, and flush.

    :raises NotPossible: when it would come to have more than it can.
    """
    gone = {name.casefold() for name in tidy(take_off)}
    kept = [each.name for each in photo.tags if each.name.casefold() not in gone]
    names = tidy([*kept, *put_on])
    if len(names) > max(MOST, len(kept)):  # what is there already stays, however much
        raise NotPossible(_("A photo has %(number)s tags at most.", number=MOST))
    tag(photo, names)


def made(owner_id: int, words: Iterable[str]) -> list[Tag]:
    """Return the tags of some words; those that somebody has not yet are made."""
    names = tidy(words)
    have = _of_owner(owner_id) if names else {}
    return [have.get(name.casefold()) or _made(owner_id, name) for name in names]


def known(owner_id: int, words: Iterable[str]) -> list[Tag]:
    """Return the tags of some words that somebody has."""
    names = tidy(words)
    have = _of_owner(owner_id) if names else {}
    return [have[name.casefold()] for name in names if name.casefold() in have]


def tidy(words: Iterable[str]) -> list[str]:
    """Return the words as they are kept: on one line, not too long, each once."""
    names = (" ".join(word.split())[:LONGEST].strip() for word in words)
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(name.casefold(), name)
    return list(found.values())


def words_in(line: str) -> list[str]:
    """Return the words of a line with commas between; quotes hold together what has a comma."""
    line = " ".join(line.split())
    try:
        rows = list(csv.reader([line], skipinitialspace=True))
    except csv.Error:  # no word is as long as what it does not read
        return [line]
    return [word.strip() for row in rows for word in row if word.strip()]


def line_of(words: Iterable[str]) -> str:
    """Return words as a line that `words_in` takes apart again."""
    return ", ".join(
        '"' + word.replace('"', '""') + '"' if set(word) & set(',"') else word for word in words
    )


def at_hand(owner_id: int) -> list[str]:
    """Return the words that somebody came to use last, by name."""
    latest = db.select(Tag.name).where(Tag.owner_id == owner_id).order_by(Tag.id.desc())
    return sorted(db.session.scalars(latest.limit(AT_HAND)), key=str.casefold)


def _of_owner(owner_id: int) -> dict[str, Tag]:
    # All of them: SQLite's lower() knows no letters but ASCII's.
    tags = db.session.scalars(db.select(Tag).where(Tag.owner_id == owner_id))
    return {each.name.casefold(): each for each in tags}


def _made(owner_id: int, name: str) -> Tag:
    """Return a new tag, or the one that another worker has made meanwhile."""
    try:
        with db.session.begin_nested():
            made = Tag(owner_id=owner_id, name=name)
            db.session.add(made)
        return made
    except IntegrityError:
        same = db.select(Tag).where(Tag.owner_id == owner_id, Tag.name == name)
        return db.session.scalars(same).one()
