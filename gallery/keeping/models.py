"""When the gallery was last backed up, and to what end."""

import datetime as dt

from sqlalchemy import Select
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Model, UTCDateTime, db


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
