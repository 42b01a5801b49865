"""Share links, and the photos of those that are not of an album."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, ForeignKey, Index, Select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User, digest
from ..extensions import Model, UTCDateTime, db, now, public_id

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
    def is_open(cls) -> ColumnElement[bool]:
        """Tell, beside its owner, whether it is neither off nor over, and its owner is there."""
        lasts = cls.expires_at.is_(None) | (cls.expires_at > now())
        return cls.ended_at.is_(None) & lasts & User.is_here()

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
