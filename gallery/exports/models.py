"""Exports: what somebody takes away, and how far it is made ready."""

import datetime as dt

from sqlalchemy import JSON, ColumnElement, ForeignKey, Select, func
from sqlalchemy.orm import Mapped, mapped_column

from ..accounts.models import User
from ..extensions import Model, UTCDateTime, db, now, public_id

LASTS = dt.timedelta(days=7)


class Export(Model):
    """One zip of everything of somebody, as it was when it was made ready."""

    __tablename__ = "exports"
    # A number is never given twice, or a late job would go on with another's.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    # In its address, and the name of its folder.
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    # One of each person: another takes its place.
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    # In which the words of it are that nobody wrote themselves.
    language: Mapped[str]
    began_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    # While it is not set, the worker is at it.
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Why it did not come to its end.
    reason: Mapped[str] = mapped_column(default="")
    # Files and bytes: the originals there were when it began, and once it is ready the whole zip.
    files: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(db.BigInteger, default=0)
    # Of them what was looked at, the bytes of the one at hand too, and the last photo that was.
    files_seen: Mapped[int] = mapped_column(default=0)
    size_seen: Mapped[int] = mapped_column(db.BigInteger, default=0)
    last_photo: Mapped[int] = mapped_column(default=0)
    # Of the next one: how many bytes were read, and their CRC.
    read: Mapped[int] = mapped_column(db.BigInteger, default=0)
    crc: Mapped[int] = mapped_column(db.BigInteger, default=0)
    # Ids of photos whose file is not there, or not whole.
    missing: Mapped[list[int]] = mapped_column(JSON, default=list)

    # Then, of the list of them and of what is written of each: bytes that are done.
    listed: Mapped[int | None] = mapped_column(db.BigInteger)
    described: Mapped[int] = mapped_column(db.BigInteger, default=0)

    @classmethod
    def owned_by(cls, owner: User) -> "Select[Export]":
        """Select the one of somebody, until its week is over."""
        return db.select(cls).where(cls.owner_id == owner.id, cls.lasts())

    @classmethod
    def ready_of(cls, owner: User) -> "Select[Export]":
        return cls.owned_by(owner).where(cls.ended_at.is_not(None), cls.reason == "")

    @classmethod
    def lasts(cls) -> ColumnElement[bool]:
        """Tell whether its week is not over."""
        return func.coalesce(cls.ended_at, cls.began_at) > now() - LASTS

    @property
    def over_at(self) -> dt.datetime:
        return (self.ended_at or self.began_at) + LASTS
