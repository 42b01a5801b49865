"""Share links, the photos of those that are not of an album, and what guests give by them."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User, digest
from ..extensions import Model, UTCDateTime, db, now, public_id
from ..photos.models import Photo

if TYPE_CHECKING:
    from ..albums.models import Album


class ShareLink(Model):
    """Shows an album as it is, or some photos, to everybody who has its address."""

    __tablename__ = "share_links"
    __table_args__ = (Index("ix_share_links_owner_id", "owner_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # What its owner's pages call it.
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    # Of the token in its address: who reads the database has no link.
    digest: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    album_id: Mapped[int | None] = mapped_column(
        ForeignKey("albums.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    can_download: Mapped[bool] = mapped_column(default=True)
    # Neither its pages nor its files tell where a photo was taken.
    hides_places: Mapped[bool] = mapped_column(default=True)
    # A drop box: guests may add files to its album, as many and as large in all as this, and
    # its owner looks at them before they are in it. One that shows nothing only takes.
    takes_files: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_photos: Mapped[bool] = mapped_column(default=True, server_default=true())
    asks_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    file_limit: Mapped[int | None]
    byte_limit: Mapped[int | None] = mapped_column(db.BigInteger)
    file_count: Mapped[int] = mapped_column(default=0, server_default="0")
    byte_count: Mapped[int] = mapped_column(db.BigInteger, default=0, server_default="0")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    view_count: Mapped[int] = mapped_column(default=0)
    viewed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    owner: Mapped[User] = relationship()
    album: Mapped["Album | None"] = relationship()

    @classmethod
    def owned_by(cls, owner: User) -> "Select[ShareLink]":
        return db.select(cls).where(cls.owner_id == owner.id)

    @classmethod
    def of_token(cls, token: str) -> "Select[ShareLink]":
        """Select the link of a token, as long as it is open."""
        return db.select(cls).join(cls.owner).where(cls.digest == digest(token), cls.is_open())

    @classmethod
    def lasts(cls) -> ColumnElement[bool]:
        """Tell whether it is neither off nor over."""
        return cls.ended_at.is_(None) & (cls.expires_at.is_(None) | (cls.expires_at > now()))

    @classmethod
    def is_open(cls) -> ColumnElement[bool]:
        """Tell, beside its owner, whether it lasts, and its owner is there."""
        return cls.lasts() & User.is_here()

    @property
    def is_over(self) -> bool:
        return self.expires_at is not None and self.expires_at <= now()


class SharedPhoto(Model):
    """A photo of a link that shows no album."""

    __tablename__ = "shared_photos"

    link_id: Mapped[int] = mapped_column(
        ForeignKey("share_links.id", ondelete="CASCADE"), primary_key=True
    )
    photo_id: Mapped[int] = mapped_column(
        ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Gift(Model):
    """What a guest gave for an album by a link: it waits there until its owner decides."""

    __tablename__ = "gifts"
    __table_args__ = (UniqueConstraint("photo_id", "album_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"))
    link_id: Mapped[int | None] = mapped_column(
        ForeignKey("share_links.id", ondelete="SET NULL"), index=True
    )
    album_id: Mapped[int | None] = mapped_column(
        ForeignKey("albums.id", ondelete="SET NULL"), index=True
    )
    # What the guest calls themselves.
    guest: Mapped[str] = mapped_column(default="")
    given_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # It is where the trash is, and yet not in it: its owner has never had it, or had thrown it
    # away before.
    is_held: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def waits(cls) -> ColumnElement[bool]:
        """Tell, beside Photo, whether it waits for its owner's word."""
        return cls._of_photo().where(cls.decided_at.is_(None)).exists()

    @classmethod
    def holds(cls) -> ColumnElement[bool]:
        """Tell, beside Photo, whether it is kept out of the trash while it waits."""
        return cls._of_photo().where(cls.decided_at.is_(None), cls.is_held).exists()

    @classmethod
    def _of_photo(cls) -> "Select[int]":
        return db.select(cls.id).where(cls.photo_id == Photo.id).correlate(Photo)

    @classmethod
    def waiting_for(cls, owner: User) -> Select[Photo]:
        """Select what waits for somebody's word, as tiles."""
        return Photo.owned_by(owner).where(Photo.still_id.is_(None), cls.waits())

    @classmethod
    def of(cls, photo: Photo) -> "Select[Gift]":
        """Select what made a photo somebody's gift; what waits first."""
        return db.select(cls).where(cls.photo_id == photo.id).order_by(cls.decided_at, cls.id)

    @classmethod
    def guests_of(cls, owner: User) -> "Select[int, str]":
        """Select by whom it was given, beside the ids of the photos."""
        mine = db.select(cls.photo_id, cls.guest).join(Photo, Photo.id == cls.photo_id)
        return mine.where(Photo.owner_id == owner.id, cls.decided_at.is_(None))
