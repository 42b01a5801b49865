"""When the gallery was backed up and when it was checked, and to what end."""

import datetime as dt

from sqlalchemy import JSON, Select
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Model, UTCDateTime, db, now


class Backup(Model):
    """A backup that came to its end; where it lies is nobody's business here."""

    __tablename__ = "backups"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The moment whose rows it holds, and when the last of their files was there.
    taken_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    files: Mapped[int]
    size: Mapped[int] = mapped_column(db.BigInteger)
    # How many files could not be had, or were not what was sent.
    wrong: Mapped[int]

    @classmethod
    def last(cls) -> "Select[Backup]":
        return db.select(cls).order_by(cls.id.desc()).limit(1)


class Check(Model):
    """Rows held against files, counters and the index against rows; some photos at a time."""

    __tablename__ = "checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    # While it is not set, the worker is at it.
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Every byte was read.
    is_deep: Mapped[bool] = mapped_column(default=False)
    photos: Mapped[int] = mapped_column(default=0)
    last_photo: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    without_row: Mapped[int] = mapped_column(default=0)
    # The first of what is wrong, a sentence each.
    sentences: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Bytes in quarantine: no row knows them.
    quarantined: Mapped[int] = mapped_column(db.BigInteger, default=0)

    @classmethod
    def last(cls) -> "Select[Check]":
        return db.select(cls).order_by(cls.id.desc()).limit(1)

    @classmethod
    def last_ended(cls) -> "Select[Check]":
        return cls.last().where(cls.ended_at.is_not(None))
