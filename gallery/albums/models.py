"""Albums, what is in them and in which order, and the people who were asked in."""

import datetime as dt
import enum
from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    func,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Model, UTCDateTime, db, now
from ..photos.models import NAMED, Photo, Visibility

if TYPE_CHECKING:
    from ..accounts.models import User


class Order(enum.StrEnum):
    OLDEST = "oldest"
    NEWEST = "newest"
    NAME = "name"
    HAND = "hand"


class Role(enum.StrEnum):
    """What somebody who was asked into an album may do; each with what stands before it."""

    VIEW = "view"
    ADD = "add"
    EDIT = "edit"


class Album(Model):
    """Photos that somebody put together. It holds none itself: a photo may be in many."""

    __tablename__ = "albums"
    __table_args__ = (Index(None, "owner_id", "changed_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Its address: the title as words, and four characters.
    slug: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("albums.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PRIVATE, index=True)
    order: Mapped[Order] = mapped_column("sorting", default=Order.OLDEST)
    # Whether an order by hand was ever begun: only then are the places somebody's work.
    is_arranged: Mapped[bool] = mapped_column(default=False)
    # Chosen; while it is not to be seen in here, the first photo stands in.
    cover_id: Mapped[int | None] = mapped_column(
        ForeignKey("photos.id", ondelete="SET NULL"), index=True
    )
    # Of its photos those that are not in the trash; moved with the rows.
    photo_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    # When photos last came or went.
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)

    owner: Mapped["User"] = relationship()
    parent: Mapped["Album | None"] = relationship(remote_side=[id])

    @classmethod
    def owned_by(cls, owner: "User") -> "Select[Album]":
        return db.select(cls).where(cls.owner_id == owner.id)

    @property
    def photos(self) -> "Select[Photo]":
        """Select what is to be seen in it: who may see the album, may see these."""
        return (
            db.select(Photo)
            .join(Entry, Entry.photo_id == Photo.id)
            .where(Entry.album_id == self.id, Photo.is_shown())
        )


class Slug(Model):
    """An address that an album had before: it leads to the one it has."""

    __tablename__ = "album_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    album_id: Mapped[int] = mapped_column(ForeignKey("albums.id", ondelete="CASCADE"), index=True)


class Entry(Model):
    """A photo in an album."""

    __tablename__ = "album_entries"

    album_id: Mapped[int] = mapped_column(
        ForeignKey("albums.id", ondelete="CASCADE"), primary_key=True
    )
    photo_id: Mapped[int] = mapped_column(primary_key=True)
    added_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    # By hand: see positions.
    place: Mapped[str]
    # The photo's place in time, so that an album is read in order by one index; the
    # database itself carries it over when a photo gets another.
    local_day: Mapped[dt.date]
    sort_key: Mapped[str]

    @classmethod
    def name(cls) -> ColumnElement[str]:
        """The photo's name as people sort them, which its sort key ends with."""
        # A bound number would not be the one of the index.
        return func.substr(cls.sort_key, literal_column(str(NAMED)))

    __table_args__ = (
        ForeignKeyConstraint(
            ["photo_id", "local_day", "sort_key"],
            ["photos.id", "photos.local_day", "photos.sort_key"],
            name="fk_album_entries_moment_photos",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        Index(None, "photo_id", "local_day", "sort_key"),
        Index(None, "album_id", "place", "photo_id"),
        Index(None, "album_id", "local_day", "sort_key", "photo_id"),
        Index(None, "album_id", "added_at", "photo_id"),
        Index("ix_album_entries_name", "album_id", text(f"substr(sort_key, {NAMED})"), "photo_id"),
    )


class Collaborator(Model):
    """Somebody with an account who was asked into an album; its owner is none."""

    __tablename__ = "album_collaborators"

    album_id: Mapped[int] = mapped_column(
        ForeignKey("albums.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[Role]
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)

    user: Mapped["User"] = relationship()

    @classmethod
    def is_of(cls, user: "User", *roles: Role) -> ColumnElement[bool]:
        """Tell, beside Album, whether somebody was asked into it, in one of some roles if told."""
        asked = db.select(cls.user_id).where(cls.album_id == Album.id, cls.user_id == user.id)
        return (asked.where(cls.role.in_(roles)) if roles else asked).exists()
