"""Users, what they come by, and the log of what admins did."""

import datetime as dt
import enum
import functools
import hashlib
import secrets
import unicodedata
from typing import Any

from flask import current_app
from flask_login import UserMixin
from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    UniqueConstraint,
    bindparam,
)
from sqlalchemy.orm import Mapped, aliased, contains_eager, mapped_column, relationship

from .. import settings
from ..extensions import Model, UTCDateTime, db, now, public_id, slug_for

# How long an account that is to end can still be kept.
GRACE = dt.timedelta(days=7)


class User(UserMixin, Model):
    """A person with an account, and the folder that is theirs in every upload set."""

    __tablename__ = "users"
    # A number is never given twice, or what was meant for one would reach another.
    __table_args__ = (Index(None, "name", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    # Empty, where somebody comes by passkeys or by a provider alone.
    password_hash: Mapped[str]
    folder: Mapped[str] = mapped_column(unique=True)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    # Bytes of originals, those in the trash included: they take the same space.
    byte_count: Mapped[int] = mapped_column(db.BigInteger, default=0)
    # Photos, videos and recordings that are not in the trash.
    photo_count: Mapped[int] = mapped_column(default=0)
    quota: Mapped[int | None] = mapped_column(db.BigInteger)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    last_seen_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Since when somebody wants to be gone: a week later they are, unless they sign in before.
    leaving_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    # What the cookie of this request holds; Flask-Login keeps it by get_id.
    session_token = ""

    @classmethod
    def with_email(cls, email: str) -> "Select[User]":
        return db.select(cls).where(cls.email == normal_email(email))

    @classmethod
    def has_admin(cls) -> bool:
        return bool(db.session.scalar(db.select(cls.id).where(cls.is_admin).limit(1)))

    @classmethod
    def runs(cls) -> ColumnElement[bool]:
        """Tell whether somebody is an admin, and stays one."""
        return cls.is_admin.is_(True) & cls.is_here()

    @classmethod
    def is_here(cls) -> ColumnElement[bool]:
        """Tell whether somebody's account is neither disabled nor about to end."""
        return cls.is_disabled.is_(False) & cls.leaving_at.is_(None)

    @property
    def is_active(self) -> bool:
        return not self.is_disabled

    @property
    def is_gone(self) -> bool:
        """Tell whether somebody is kept out, however they come: they are disabled, or have left."""
        return self.is_disabled or (self.leaves_at is not None and self.leaves_at <= now())

    @property
    def has_password(self) -> bool:
        return self.password_hash != ""

    @property
    def is_running(self) -> bool:
        """The same as `runs`, of one who is at hand."""
        return self.is_admin and self.is_active and self.leaving_at is None

    @property
    def leaves_at(self) -> dt.datetime | None:
        return self.leaving_at and self.leaving_at + GRACE

    @property
    def initials(self) -> str:
        words = self.name.split() or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    def get_id(self) -> str:
        return self.session_token


class Session(Model):
    """One sign-in on one device. Whoever deletes the row signs that device out."""

    __tablename__ = "sessions"

    # The digest of the token: who reads the database cannot sign in with it.
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    # By what its owner knows it again: browser and system. Empty, where it did not say.
    device: Mapped[str] = mapped_column(default="", server_default="")

    user: Mapped[User] = relationship()

    @classmethod
    def begin(cls, user: User, *, device: str = "") -> str:
        """Add a session and return its token of 256 bits, which is nowhere else."""
        token = secrets.token_urlsafe(32)
        db.session.add(cls(id=digest(token), user_id=user.id, device=device))
        return token

    @classmethod
    def owned_by(cls, user: User) -> "Select[Session]":
        """Select those of somebody that hold."""
        bounds = _bounds()
        holds = (cls.seen_at > bounds["seen_after"], cls.created_at > bounds["made_after"])
        return db.select(cls).where(cls.user_id == user.id, *holds)

    @classmethod
    def of_token(cls, token: str) -> "Session | None":
        """Return the session with its user, unless it was idle too long, is too old or disabled.

        The settings come along, so that no page of theirs has to ask.
        """
        found = db.session.execute(_sessions(), cls.asked(token)).one_or_none()
        if found is None:
            return None
        session, text = found
        settings.know(text)
        return session

    @classmethod
    def holder(cls) -> "ScalarSelect[int]":
        """The id of whose a session is that holds: part of a question with what `asked` gives."""
        # Asked for in many places of a question, and written into it once.
        found = db.select(cls.user_id).join(cls.user).where(*_holds()).cte("holder")
        return db.select(found.c.user_id).scalar_subquery()

    @staticmethod
    def asked(token: str) -> dict[str, Any]:
        """Return by what to find the session of a token, if it holds."""
        return {"session": digest(token), **_bounds()}

    def note_use(self) -> None:
        self.seen_at = self.user.last_seen_at = now()


def _holds() -> tuple[ColumnElement[bool], ...]:
    return (
        Session.id == bindparam("session"),
        Session.seen_at > bindparam("seen_after"),
        Session.created_at > bindparam("made_after"),
        User.is_disabled.is_(False),
    )


def _bounds() -> dict[str, dt.datetime]:
    """Return since when a session must have been used, and begun."""
    config = current_app.config
    # To the end of this second, in which a page's pictures ask for it many times.
    second = now().replace(microsecond=0) + dt.timedelta(seconds=1)
    return _before(second, config["SESSION_IDLE_DAYS"], config["SESSION_DAYS"])


@functools.lru_cache(2)
def _before(moment: dt.datetime, idle: int, age: int) -> dict[str, dt.datetime]:
    return {
        "seen_after": moment - dt.timedelta(days=idle),
        "made_after": moment - dt.timedelta(days=age),
    }


class Scope(enum.Enum):
    """What a token lets a program do; never more than its maker may."""

    UPLOAD = "upload"


# Whoever finds one lying about, or searches for them, knows what it is.
TOKEN_PREFIX = "gal_"


class Token(Model):
    """What a program shows in place of a session. Whoever deletes the row revokes it."""

    __tablename__ = "tokens"

    # The digest of the token, as of a session's.
    id: Mapped[str] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    scope: Mapped[Scope]
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()

    @classmethod
    def make(cls, user: User, *, name: str, scope: Scope) -> str:
        """Add a token and return its text with 256 random bits, which is nowhere else."""
        text = TOKEN_PREFIX + secrets.token_urlsafe(32)
        db.session.add(cls(id=digest(text), user_id=user.id, name=name, scope=scope))
        return text

    @classmethod
    def of_text(cls, text: str, scope: Scope) -> "Token | None":
        """Return it with its user, unless it is for something else or the user is disabled."""
        return db.session.scalar(_tokens(), {"id": digest(text), "scope": scope})

    @classmethod
    def owned_by(cls, user: User) -> "Select[Token]":
        return db.select(cls).where(cls.user_id == user.id)

    def note_use(self) -> None:
        self.used_at = now()


# Every request asks one of these two: put together anew, each would take twice the time.


@functools.cache
def _sessions() -> "Select[Session, str]":
    return (
        db.select(Session, settings.AS_TEXT)
        .join(Session.user)
        .options(contains_eager(Session.user))
        .where(*_holds())
    )


@functools.cache
def _tokens() -> "Select[Token]":
    return (
        db.select(Token)
        .join(Token.user)
        .options(contains_eager(Token.user))
        .where(
            Token.id == bindparam("id"),
            Token.scope == bindparam("scope"),
            User.is_here(),
        )
    )


class Invitation(Model):
    """Lets people make accounts by its address, even where nobody else may."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    # Of the token in its address, as of a session's.
    digest: Mapped[str] = mapped_column(unique=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(default="")
    # What those who come by it are, and the bytes they get.
    is_admin: Mapped[bool] = mapped_column(default=False)
    quota: Mapped[int | None] = mapped_column(db.BigInteger)
    # How many accounts it may make, and how many it has made.
    places: Mapped[int] = mapped_column(default=1)
    taken: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    maker: Mapped[User] = relationship()

    @classmethod
    def of_token(cls, token: str) -> "Select[Invitation]":
        """Select the invitation of a token, as long as it holds."""
        holds = cls.ended_at.is_(None) & (cls.expires_at > now()) & (cls.taken < cls.places)
        # Whoever runs the place no more, asks nobody in.
        return db.select(cls).join(cls.maker).where(cls.digest == digest(token), holds, User.runs())

    @property
    def is_over(self) -> bool:
        is_full = self.taken >= self.places
        return is_full or self.expires_at <= now() or not self.maker.is_running


class PasswordReset(Model):
    """Lets somebody choose another password by its address; the next of its maker ends it."""

    __tablename__ = "password_resets"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    # Of the token in its address, as of a session's.
    digest: Mapped[str] = mapped_column(unique=True)
    # An admin; or the same person, who is sent it: that takes away none that an admin made.
    maker_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(foreign_keys=user_id)
    maker: Mapped[User] = relationship(foreign_keys=maker_id)

    @classmethod
    def of_token(cls, token: str) -> "Select[PasswordReset]":
        """Select the one of a token, as long as it holds."""
        maker = aliased(User)
        found = db.select(cls).join(cls.user).join(maker, cls.maker_id == maker.id)
        is_meant = maker.runs() | (cls.maker_id == cls.user_id)
        holds = (cls.expires_at > now(), User.is_disabled.is_(False), is_meant)
        return found.where(cls.digest == digest(token), *holds)


class LetterKind(enum.Enum):
    """What a mail is about."""

    RESET = "reset"  # a link to choose another password
    CONFIRM = "confirm"  # a link by which another address counts
    EMAIL = "email"  # somebody asked for another address
    PASSWORD = "password"  # it was changed
    REMOVED = "removed"  # the password was, and passkeys are in its place


class Letter(Model):
    """A mail that is to be sent: its job writes it, with the link in it, and deletes this."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LetterKind]
    # As it was typed by whoever forgot a password: whose it is, nobody has looked up.
    address: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)

    user: Mapped[User | None] = relationship()


class SecondStep(Model):
    """Asks somebody for a code besides the password. Whoever deletes the row turns that off."""

    __tablename__ = "second_steps"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    # As it is: the code is computed from it. A key to it could only lie where SECRET_KEY lies,
    # beside this database, and whoever made that anew would shut everybody out.
    secret: Mapped[str]
    # Of the last code that was taken, in half minutes: nobody who looked on comes in by it again.
    last_moment: Mapped[int]


class RecoveryCode(Model):
    """Stands in for a code of a lost app. Whoever uses it deletes the row."""

    __tablename__ = "recovery_codes"

    # The digest of the code, as of a session's token.
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("second_steps.user_id", ondelete="CASCADE"), index=True
    )

    @classmethod
    def number_left(cls, user: User) -> int:
        left = db.select(db.func.count()).select_from(cls).where(cls.user_id == user.id)
        return db.session.scalar(left) or 0


class Passkey(Model):
    """A key that a device keeps for somebody, and shows after it asked who they are.

    Whoever deletes the row shuts it out.
    """

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # By what the device knows it, and what its answers are checked by.
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    # How often it was used, which a copy falls behind; 0 of those that do not count.
    sign_count: Mapped[int] = mapped_column(db.BigInteger)
    # How a browser reaches the device, in words with spaces between.
    transports: Mapped[str]
    is_backed_up: Mapped[bool]
    name: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()

    @classmethod
    def owned_by(cls, user: User) -> "Select[Passkey]":
        return db.select(cls).where(cls.user_id == user.id)

    @classmethod
    def of_credential(cls, credential_id: bytes) -> "Select[Passkey]":
        return db.select(cls).where(cls.credential_id == credential_id)

    @classmethod
    def number_of(cls, user: User) -> int:
        mine = db.select(db.func.count()).select_from(cls).where(cls.user_id == user.id)
        return db.session.scalar(mine) or 0

    @classmethod
    def is_any(cls) -> bool:
        return db.session.scalar(db.select(cls.id).limit(1)) is not None


class Identity(Model):
    """Who somebody is at a provider. Whoever deletes the row keeps them from coming in by it."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("user_id", "issuer"),)

    # The provider, and what it calls somebody for good: addresses pass on to others, this never.
    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    # As it was told the last time, to know it by; empty, if the provider does not vouch for it.
    email: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    used_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)

    user: Mapped[User] = relationship()


# The acts that show an admin somebody's pictures.
LOOKS = ("gallery", "photo")


class AuditEntry(Model):
    """Who did what, to whose account or gallery if to any. Never changed, never deleted."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "actor_id", "subject_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    act: Mapped[str]
    # Names as they were, since people may leave.
    actor_name: Mapped[str]
    subject_name: Mapped[str]
    # Of a setting: which, and what it was before and after.
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @classmethod
    def write(
        cls,
        act: str,
        *,
        actor: User,
        subject: User | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        db.session.add(
            cls(
                act=act,
                details=details,
                actor_id=actor.id,
                subject_id=subject and subject.id,
                actor_name=actor.name,
                subject_name=subject.name if subject else "",
            )
        )

    @classmethod
    def looked_into_by(cls, admin: User, *, since: dt.datetime) -> "Select[int | None]":
        """Ids of the users whose gallery this admin has opened, as the log has it."""
        return db.select(cls.subject_id).where(
            cls.actor_id == admin.id, cls.at > since, cls.act.in_(LOOKS)
        )


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def normal_email(email: str) -> str:
    """Return the form of an address that is compared and kept."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def folder_for(name: str) -> str:
    """Return a folder for a new user."""
    return slug_for(name, usual="user")
