"""The extensions, made once and bound to an application by the factory."""

import datetime as dt
import enum
import functools
import ipaddress
import json
import math
import secrets
import sqlite3
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import (
    BindParameter,
    Connection,
    CursorResult,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Select,
    UpdateBase,
    event,
    func,
)
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import DateTime, TypeDecorator

from .jobs.queue import Queue

# Every constraint has a name, so that a migration can drop it on any database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Closed sets are kept as the words themselves, in a plain column on every database.
WORDS = Enum(
    enum.Enum, native_enum=False, length=20, values_callable=lambda kind: [m.value for m in kind]
)


class Base(DeclarativeBase):
    """The root of the models."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES), type_annotation_map={enum.Enum: WORDS}
    )


# Objects stay readable after a commit: reloading them one by one costs a statement each.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:  # mypy does not know db.Model

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model


def sender_network() -> str:
    """Return the sender's address; of IPv6 the /64, which one household has whole."""
    address = ipaddress.ip_address(request.remote_addr or "127.0.0.1")
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class Limits(Limiter):
    """Looks at a request before its view where all of a blueprint is limited, or everything.

    A view that is limited looks itself; to look before each took a fiftieth of a page's time.
    """

    def _check_request_limit(
        self, callable_name: str | None = None, in_middleware: bool = True
    ) -> None:
        manager = self.limit_manager
        is_all = manager._default_limits or manager._application_limits or self._meta_limits
        if is_all or not in_middleware or request.blueprint in manager._blueprint_limits:
            super()._check_request_limit(callable_name, in_middleware)


login_manager = LoginManager()
csrf = CSRFProtect()
migrate = Migrate()
limiter = Limits(sender_network, headers_enabled=True)
queue = Queue()
mailman = Mail()


class UTCDateTime(TypeDecorator[dt.datetime]):
    """An aware time, kept in UTC: SQLite would forget the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value and value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        return value and value.replace(tzinfo=dt.UTC)


def now() -> dt.datetime:
    """Return the server's time, aware and in UTC."""
    return dt.datetime.now(dt.UTC)


def told_moment(text: str | None) -> dt.datetime | None:
    """Read a moment that a page or an address tells, aware and in UTC; None when it is none."""
    try:
        moment = dt.datetime.fromisoformat(text or "")
        return moment.astimezone(dt.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def public_id() -> str:
    """Return ten random base58 characters: 58 bits, unguessable and easy to read out."""
    return "".join(secrets.choice(BASE58) for _ in range(10))


def slug_for(name: str, *, usual: str) -> str:
    """Return a name as people read it in an address, and four characters; `usual` for none."""
    kept = (c if c.isalnum() else "-" for c in unicodedata.normalize("NFKC", name).lower())
    slug = "-".join(part for part in "".join(kept).split("-") if part)[:32].strip("-")
    end = "".join(secrets.choice(BASE58.lower()) for _ in range(4))
    return f"{slug or usual}-{end}"


def begin_writing() -> None:
    """End the read transaction and begin one that holds the write lock at once.

    SQLite cannot wait for the lock in the middle of a transaction that has read:
    of deferred read-then-write transactions 70 % failed in spite of the time-out.
    """
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("Something was changed before begin_writing().")
    db.session.commit()
    db.session.connection(execution_options={"writing": True})


class Question:
    """A select of one row at most, asked of the driver: past the session, and in no transaction.

    A page asks so for each of a hundred pictures. To put a select together takes longer than
    all else of an answer, and SQLAlchemy's execution three times as long as the driver's.
    """

    def __init__(self, select: "Select[Any]") -> None:
        """Compile it for the database of the application that is being asked."""
        dialect = db.engine.dialect
        compiled = select.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        assert dialect.dbapi is not None
        self._text, self._places = compiled.string, compiled.positiontup or []
        self._error: type[Exception] = dialect.dbapi.Error
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        # What turns values into the driver's, where it does not take them as they are.
        kinds = {name: bind.type.dialect_impl(dialect) for name, bind in binds.items()}
        processes = {name: kind.bind_processor(dialect) for name, kind in kinds.items()}
        # The same times are told a hundred times.
        once = functools.lru_cache(8)
        self._processes = {name: once(process) for name, process in processes.items() if process}
        self._always = self._processed({n: b.value for n, b in binds.items() if not b.required})

    def ask(self, values: Mapping[str, object]) -> "tuple[Any, ...] | None":
        """Return the row; None also when the driver has failed: the session then says why."""
        told = self._always | self._processed(values)
        spare: deque[Any] = current_app.extensions.setdefault("questions", deque(maxlen=16))
        try:
            connection = spare.pop() if spare else _connection_alone()
            cursor = connection.cursor()
            cursor.execute(self._text, [told[name] for name in self._places] or told)
            row: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()
        except self._error:
            return None
        spare.append(connection)
        return row

    def _processed(self, values: Mapping[str, object]) -> dict[str, Any]:
        processes = self._processes
        return {n: processes[n](v) if n in processes else v for n, v in values.items()}


def _connection_alone() -> Any:
    """Return a connection of the driver's that is in no transaction, and no more in the pool.

    To lend one from there and to give it back takes as long as to ask.
    """
    lent = db.engine.raw_connection()
    alone = lent.dbapi_connection
    assert alone is not None
    lent.detach()
    db.engine.dialect.set_isolation_level(alone, "AUTOCOMMIT")
    return alone


def bare_rows(question: "Select[Any]", values: Mapping[str, object] | None = None) -> list[Any]:
    """Read columns of texts and numbers as tuples, as the driver has them.

    To make rows of a hundred thousand takes twice as long as to read them.
    """
    with closing(db.session.connection().execute(question, values)) as found:
        return list(found.cursor.fetchall())


PORTION = 1000  # rows: half a second's work at most


def in_portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield some ids at a time, and between them commit what was done, so that others can write.

    Uploads and sign-ins wait for the lock for five seconds and no longer.
    """
    for start in range(0, len(ids), PORTION):
        if start:
            db.session.commit()
            begin_writing()
        yield ids[start : start + PORTION]


def rows_changed(statement: UpdateBase) -> int:
    """Execute an UPDATE or DELETE and return how many rows it met."""
    result = db.session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


def among(values: Iterable[int] | Iterable[str] | BindParameter[str]) -> "Select[Any]":
    """Select values, to be held against a column: all are one bound text, however many they are.

    A parameter in their place is told their JSON.
    """
    # SQLite binds 32,766 at most; PostgreSQL has jsonb_array_elements_text for the same.
    told = values if isinstance(values, BindParameter) else json.dumps(list(values))
    return db.select(func.json_each(told).table_valued("value").c.value)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver's own BEGIN comes too late
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # with NORMAL a power cut took all 40 of 40 acknowledged rows
        "busy_timeout=5000",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # Not every build of it has these.
    for curve in (math.sin, math.cos):
        connection.create_function(curve.__name__, 1, _or_null(curve), deterministic=True)


def _or_null(curve: Callable[[float], float]) -> Callable[[float | None], float | None]:
    return lambda angle: None if angle is None else curve(angle)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")
