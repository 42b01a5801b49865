"""The index of words: where it has each photo, and whether it has it as it should.

The database itself keeps it, by triggers on the rows that it is made of (migration 0008).
What a photo's row is to hold, the view `photo_words_due` says.

A photo stands there under a number that falls with the time it was taken. So the words of
the index are read newest first, without sorting what was found, however much it is.
"""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import BigInteger, ColumnElement, column, literal_column, select, table, text

from ..extensions import db
from ..photos.models import Photo

# From high to low: 17 bits of days, 18 of seconds, 28 of the photo's own number.
FIRST_DAY, DAYS = dt.date(1800, 1, 1).toordinal(), 2**17 - 1
A_DAY, ID_MASK = 2**46, 2**28 - 1

COLUMNS = ("caption", "place", "name", "tags", "camera", "lens", "marks")
# What a word found there is worth in the best match, in that order.
WEIGHTS = (4.0, 3.0, 1.0, 3.0, 1.0, 1.0, 0.0)

words = table("photo_words", column("rowid", BigInteger), *(column(name) for name in COLUMNS))
due = table("photo_words_due", column("number", BigInteger), *(column(name) for name in COLUMNS))
TRIGGERS = {
    *("photo_words_photo_added", "photo_words_photo_changed", "photo_words_photo_gone"),
    *("photo_words_tag_put_on", "photo_words_tag_taken_off", "photo_words_tag_renamed"),
    *("photo_words_put_into_album", "photo_words_taken_out_of_album"),
}


def is_of_photo() -> ColumnElement[bool]:
    """Tell which photo a row of the index is of."""
    number = words.c.rowid.op("&")(literal_column(str(ID_MASK)))
    return Photo.id == literal_column(str(ID_MASK)) - number


def is_since(day: dt.date) -> ColumnElement[bool]:
    """Tell, beside the index, whether a photo was taken on a day or later."""
    # By the number where to read, and by the day for those outside of what numbers can say.
    return (words.c.rowid <= _number(day.toordinal()) + A_DAY - 1) & (Photo.local_day >= day)


def is_before(day: dt.date) -> ColumnElement[bool]:
    """Tell, beside the index, whether a photo was taken before a day."""
    return (words.c.rowid >= _number(day.toordinal() - 1)) & (Photo.local_day < day)


def _number(day: int) -> int:
    """Return the first of the numbers of a day."""
    return (DAYS - min(max(day - FIRST_DAY, 0), DAYS)) * A_DAY


def compare() -> Iterator[str]:
    """Yield a sentence for what the index lacks, and for what it should not have."""
    kept = set(db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    if not kept >= TRIGGERS:
        yield f"search: {', '.join(sorted(TRIGGERS - kept))} missing: the index falls behind."
    has_other = [words.c[name].is_distinct_from(due.c[name]) for name in COLUMNS]
    lacking = (
        select(Photo.public_id)
        .select_from(due)
        .join(Photo, Photo.id == ID_MASK - due.c.number.op("&")(ID_MASK))
        .outerjoin(words, words.c.rowid == due.c.number)
        .where(words.c.rowid.is_(None) | db.or_(*has_other))
    )
    for public_id in db.session.scalars(lacking):
        yield f"photo {public_id}: the search does not have its words as they are."
    has = db.session.scalar(text("SELECT count(*) FROM photo_words"))
    should = db.session.scalar(text("SELECT count(*) FROM photo_words_due"))
    if has != should:
        yield f"search: has {has:,} photos, and should have {should:,}."


def is_of_models(name: str | None, kind: str, _parents: object) -> bool:
    """Tell Alembic what the models speak of: a table of the index is none of theirs."""
    return kind != "table" or not (name or "").startswith(words.name)
