"""Photos, their previews, and what became of each file that somebody sent."""

import datetime as dt
import enum
import functools
import posixpath
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    Table,
    UniqueConstraint,
    false,
    inspect,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Model, UTCDateTime, db, now, public_id, rows_changed
from ..folders import natural
from ..shapes import UNKNOWN

if TYPE_CHECKING:
    from ..accounts.models import User


# The variant of the whole size, of pictures that browsers do not show.
FULL = "full"
SHOWN_BY_FEW = ("image/heic", "image/heif", "image/tiff")
# The one that stands for a link where it was sent to, of the photos of which somebody asked for it.
POSTCARD = "postcard"
# Where in a sort key the name begins: behind the instant and a space. Counted from 1, as SQL does.
NAMED = 24
# The photos of a timeline, as the index of them and its questions say it.
SHOWN = "trashed_at IS NULL AND still_id IS NULL"
IN_TIMELINE = f"{SHOWN} AND archived_at IS NULL"


class Kind(enum.StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"


class State(enum.StrEnum):
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class Source(enum.StrEnum):
    """Who says when a photo was taken; the better witness first."""

    OWNER = "owner"  # the one who was there, by hand
    ZONE = "zone"  # the camera's clock, and its zone
    GPS = "gps"
    CONTAINER = "container"  # what a video says of itself, in UTC
    CLOCK = "clock"  # the camera's clock; nobody knows its zone
    NAME = "name"
    FILE = "file"
    UPLOAD = "upload"


class Visibility(enum.StrEnum):
    """Who sees a photo or an album besides its owner and those who were asked in."""

    PRIVATE = "private"
    MEMBERS = "members"
    PUBLIC = "public"


class Offer(enum.StrEnum):
    """What others get of a photo that they may see; each with what stands before it."""

    PICTURE = "picture"
    PLACE = "place"
    ORIGINAL = "original"  # the file, with everything that its camera wrote into it


def _list(name: str, is_listed: str, *, postgresql: str = "") -> Index:
    """An index of the few photos of a list, in the order of timelines."""
    return Index(
        name,
        *("owner_id", "local_day", "sort_key", "id"),
        sqlite_where=text(f"{is_listed} AND {SHOWN}"),
        postgresql_where=text(f"{postgresql or is_listed} AND {SHOWN}"),
    )


def _part(name: str, column: str, *, unique: bool = False) -> Index:
    """An index of the few rows in which a column is set."""
    is_set = text(f"{column} IS NOT NULL")
    return Index(name, column, unique=unique, sqlite_where=is_set, postgresql_where=is_set)


class Photo(Model):
    """An original in an upload set: the set's name, and the filename that save returned."""

    __tablename__ = "photos"
    __table_args__ = (
        UniqueConstraint("owner_id", "sha256"),
        UniqueConstraint("set_name", "filename"),
        Index(None, "owner_id", "client_name"),
        # Of what stands in timelines, with its shape: the heights of all years are read from it.
        Index(
            "ix_photos_timeline",
            *("owner_id", "local_day", "sort_key", "id", "shape", "public_id"),
            sqlite_where=text(IN_TIMELINE),
            postgresql_where=text(IN_TIMELINE),
        ),
        Index(None, "owner_id", "created_at", "id"),
        # Of all people: what was stored when is summed from it.
        Index(None, "created_at", "size"),
        # Without the rest: SQLite takes "is null" for a rare thing, and would begin with it.
        _part("ix_photos_trashed_at", "trashed_at"),
        _list("ix_photos_favourites", "is_favourite IS 1", postgresql="is_favourite IS true"),
        _list("ix_photos_archive", "archived_at IS NOT NULL"),
        _part("uq_photos_still_id", "still_id", unique=True),
        # What albums keep of it follows by a foreign key, and that wants all three in one.
        Index("uq_photos_moment", "id", "local_day", "sort_key", unique=True),
        # A number is never given twice, or a late preview would land on another's photo.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    kind: Mapped[Kind]
    set_name: Mapped[str]
    filename: Mapped[str]
    # What the client called it: shown, and the name of a download; never a path.
    client_name: Mapped[str]
    size: Mapped[int] = mapped_column(db.BigInteger)
    sha256: Mapped[str]
    # Of the file, as a zip wants it beforehand; unknown of those that came before we asked.
    crc32: Mapped[int | None] = mapped_column(db.BigInteger)
    type: Mapped[str]
    # As shown: after the camera's orientation and the owner's turns. Null until derived.
    width: Mapped[int | None]
    height: Mapped[int | None]
    colour: Mapped[str | None]
    # Its aspect ratio, as grids know it: one letter, see shapes.
    shape: Mapped[str] = mapped_column(default=UNKNOWN, server_default=UNKNOWN)
    # The instant in UTC; the offset says what the clock on the wall showed, in minutes.
    taken_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    taken_offset: Mapped[int | None]
    taken_source: Mapped[Source] = mapped_column(default=Source.UPLOAD)
    # When the file was last changed where it came from, by the client's word.
    modified_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # One total order everywhere: (local_day, sort_key, id).
    local_day: Mapped[dt.date]
    sort_key: Mapped[str]
    state: Mapped[State] = mapped_column(default=State.PENDING)
    reason: Mapped[str] = mapped_column(default="")
    visibility: Mapped[Visibility] = mapped_column(
        default=Visibility.PRIVATE, server_default=Visibility.PRIVATE
    )
    offer: Mapped[Offer] = mapped_column(default=Offer.PICTURE, server_default=Offer.PICTURE)
    # Quarter turns clockwise that the owner made; the original stays as it was.
    turns: Mapped[int] = mapped_column(default=0)
    # When its own words were first taken over; from then on they are the owner's to change.
    read_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    caption: Mapped[str] = mapped_column(default="")
    rating: Mapped[int] = mapped_column(default=0)
    is_favourite: Mapped[bool] = mapped_column(default=False, server_default=false())
    camera: Mapped[str] = mapped_column(default="")
    lens: Mapped[str] = mapped_column(default="")
    # Seconds, f-number, ISO, millimetres.
    exposure: Mapped[float | None]
    aperture: Mapped[float | None]
    iso: Mapped[int | None]
    focal_length: Mapped[float | None]
    # Degrees north and east, metres above the sea.
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    altitude: Mapped[float | None]
    # What that is called, in words to be found and read.
    place_name: Mapped[str] = mapped_column(default="", server_default="")
    # Its owner has put it there, or taken its place away: what the file says no longer counts.
    is_placed_by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Seconds; the codecs by FFmpeg's names, with spaces between.
    duration: Mapped[float | None]
    codecs: Mapped[str] = mapped_column(default="")
    is_animated: Mapped[bool] = mapped_column(default=False)
    # Of the moving half of a live photo: the photo that stands for both.
    still_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id", ondelete="SET NULL"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    trashed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Out of the timeline, and still in albums and in what a search finds.
    archived_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    owner: Mapped["User"] = relationship()
    derivatives: Mapped[list["Derivative"]] = relationship(
        back_populates="photo", cascade="all, delete-orphan", passive_deletes=True
    )
    tags: Mapped[list["Tag"]] = relationship(
        secondary="photo_tags", order_by="Tag.name", passive_deletes=True
    )
    still: Mapped["Photo | None"] = relationship(back_populates="motion", remote_side=[id])
    motion: Mapped["Photo | None"] = relationship(back_populates="still", passive_deletes=True)

    @classmethod
    def owned_by(cls, owner: "User") -> "Select[Photo]":
        return db.select(cls).where(cls.owner_id == owner.id)

    @classmethod
    def shown_of(cls, owner: "User") -> "Select[Photo]":
        """All of somebody's that is not in the trash."""
        return cls.owned_by(owner).where(cls.is_shown())

    @classmethod
    def timeline_of(cls, owner: "User") -> "Select[Photo]":
        """What stands in somebody's timeline: one and the same select each time."""
        return _timeline_of(owner.id)

    @classmethod
    def favourites_of(cls, owner: "User") -> "Select[Photo]":
        return cls.shown_of(owner).where(cls.is_favourite.is_(True))

    @classmethod
    def archive_of(cls, owner: "User") -> "Select[Photo]":
        return cls.shown_of(owner).where(cls.archived_at.is_not(None))

    @classmethod
    def is_shown(cls) -> ColumnElement[bool]:
        """Not in the trash, and not the moving half of a live photo."""
        return cls.trashed_at.is_(None) & cls.still_id.is_(None)

    @classmethod
    def is_any(cls) -> bool:
        """Tell whether the database knows a photo; a new one has not even the table."""
        if not inspect(db.engine).has_table(cls.__tablename__):
            return False
        return db.session.scalar(db.select(cls.id).limit(1)) is not None

    @property
    def download_name(self) -> str:
        return download_name(self.client_name, self.filename)

    @property
    def is_in_timeline(self) -> bool:
        return self.trashed_at is None and self.still_id is None and self.archived_at is None

    def turn(self, quarters: int) -> None:
        """Mark the photo as turned clockwise; its previews are to be made anew."""
        self.turns = (self.turns + quarters) % 4
        self.state, self.reason = State.PENDING, ""

    def place(self, instant: dt.datetime, offset: int | None = None) -> None:
        """Give the photo its place in the order."""
        self.local_day, self.sort_key = place_of(instant, offset, self.client_name)


@functools.lru_cache(200)
def _timeline_of(owner_id: int) -> "Select[Photo]":
    mine = db.select(Photo).where(Photo.owner_id == owner_id)
    return mine.where(Photo.is_shown(), Photo.archived_at.is_(None))


class Derivative(Model):
    """A preview of a photo: a file of the previews set, named by what it holds."""

    __tablename__ = "derivatives"
    __table_args__ = (
        UniqueConstraint("photo_id", "variant"),
        UniqueConstraint("set_name", "filename"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"))
    variant: Mapped[str]
    set_name: Mapped[str]
    filename: Mapped[str]
    # Part of the URL, so that the same URL never means other bytes.
    digest: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]

    photo: Mapped[Photo] = relationship(back_populates="derivatives")

    @property
    def url_name(self) -> str:
        return url_name(self.variant, self.digest, self.filename)


photo_tags = Table(
    "photo_tags",
    Model.metadata,
    Column("photo_id", ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Model):
    """A word that somebody puts on photos of theirs."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]


class Cleaning(Model):
    """What to write over in a copy of an original, so that it tells no place."""

    __tablename__ = "cleanings"

    photo_id: Mapped[int] = mapped_column(
        ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True
    )
    # Pairs of an offset and bytes, deflated and in base64; None where nothing is for certain.
    patches: Mapped[list[tuple[int, str]] | None] = mapped_column(JSON(none_as_null=True))


class MonthCount(Model):
    """How many photos a month of somebody's timeline holds; moved with the rows."""

    __tablename__ = "month_counts"

    owner_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    # The first day of the month.
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    photos: Mapped[int]

    @classmethod
    def add(cls, owner_id: int, day: dt.date, number: int) -> None:
        month = day.replace(day=1)
        counter = update(cls).where(cls.owner_id == owner_id, cls.month == month)
        if not rows_changed(counter.values(photos=cls.photos + number)):
            db.session.add(cls(owner_id=owner_id, month=month, photos=number))
            db.session.flush()

    @classmethod
    def of(cls, owner: "User") -> "Select[MonthCount]":
        return (
            db.select(cls)
            .where(cls.owner_id == owner.id, cls.photos > 0)
            .order_by(cls.month.desc())
        )


class Change(Model):
    """What photos of somebody were before a change, so that it can be undone for a day."""

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    act: Mapped[str]
    # By photo, what each of its columns held; and what they held when it was done, by photo or
    # for "all" of them. None while it is being done.
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now, index=True)

    @classmethod
    def owned_by(cls, owner: "User") -> "Select[Change]":
        return db.select(cls).where(cls.owner_id == owner.id)


class Choice(Model):
    """What somebody has chosen by a form, for a day: more than an address can hold."""

    __tablename__ = "choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # Pairs of a name and a value.
    fields: Mapped[list[tuple[str, str]]] = mapped_column(JSON)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now, index=True)

    @classmethod
    def owned_by(cls, owner: "User") -> "Select[Choice]":
        return db.select(cls).where(cls.owner_id == owner.id)


class Batch(Model):
    """What one person sent at one time; its page is the receipt."""

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now, index=True)

    @classmethod
    def owned_by(cls, owner: "User") -> "Select[Batch]":
        return db.select(cls).where(cls.owner_id == owner.id)


class Outcome(enum.StrEnum):
    WAITING = "waiting"
    ADDED = "added"
    ALREADY = "already"
    RESTORED = "restored"
    REFUSED = "refused"


class BatchItem(Model):
    """One chosen file of a batch, and what became of it."""

    __tablename__ = "batch_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), index=True)
    client_name: Mapped[str]
    size: Mapped[int] = mapped_column(db.BigInteger, default=0)
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.WAITING)
    reason: Mapped[str] = mapped_column(default="")
    photo_id: Mapped[int | None] = mapped_column(
        ForeignKey("photos.id", ondelete="SET NULL"), index=True
    )
    # Where it goes besides the library.
    album_id: Mapped[int | None] = mapped_column(ForeignKey("albums.id", ondelete="SET NULL"))


def url_name(variant: str, digest: str, filename: str) -> str:
    """Return what the address of a preview ends in."""
    extension = filename.rpartition(".")[2]  # which each of them has
    return f"{variant}.{digest}.{extension}"


def suffix(filename: str) -> str:
    return posixpath.splitext(filename)[1]


def download_name(client_name: str, filename: str) -> str:
    """Return the client's name with the extension that the bytes have."""
    stem, given = posixpath.splitext(client_name)
    kept = suffix(filename)
    return client_name if given.lower() == kept else stem + kept


def place_of(instant: dt.datetime, offset: int | None, client_name: str) -> tuple[dt.date, str]:
    """Return a photo's place in the order: its local day; then its instant and natural name."""
    day = (instant + dt.timedelta(minutes=offset or 0)).date()
    return day, f"{instant:%Y%m%dT%H%M%S.%f} {natural(client_name)}"
