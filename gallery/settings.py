"""What admins set while the gallery runs: it wins over the configuration from the next request on.

Whoever needs one of these values asks `current()`, never the configuration.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

from flask import Flask, current_app, g
from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from .extensions import Model, UTCDateTime, db, now

Value = str | int | bool | None


class Setting(Model):
    """What an admin has set; what has no row is as it is configured."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Value] = mapped_column(JSON)
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)
    changer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


@dataclass(frozen=True)
class Settings:
    """All that can be set; the configuration has each by its name in capitals."""

    name: str
    registration_open: bool
    default_quota: int | None
    trash_days: int
    quarantine_days: int
    photo_max_size: int
    media_max_size: int
    max_content_length: int


NAMES = tuple(field.name for field in fields(Settings))


def init_app(app: Flask) -> None:
    app.extensions["settings"] = {}
    app.jinja_env.globals.update(settings=current, last_settings=last_known)


def current() -> Settings:
    """Return what holds during this request, this job or this command: the database says it once."""
    if "settings" not in g:
        g.settings = current_app.extensions["settings"] = stored()
    return _over_configured(g.settings)


def configured() -> Settings:
    """Return what holds where nothing is set."""
    return _over_configured({})


def last_known() -> Settings:
    """Return what held at the last request here, without asking: for pages that must not fail."""
    return _over_configured(current_app.extensions["settings"])


def stored() -> dict[str, Value]:
    """Return what is set just now, by its name."""
    return dict(db.session.execute(db.select(Setting.name, Setting.value)).tuples())


def store(changes: Mapping[str, Value], by: int) -> None:
    ...


def _over_configured(values: Mapping[str, Value]) -> Settings:
    config = current_app.config
    return Settings(**{name: values.get(name, config[name.upper()]) for name in NAMES})
