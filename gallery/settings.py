"""What admins set while the gallery runs: it wins over the configuration from the next request on.

Whoever needs one of these values asks `current()`, never the configuration.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields

from flask import Flask, current_app, g
from sqlalchemy import JSON, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from .extensions import Model, UTCDateTime, db, now

Value = str | int | bool | None


class Setting(Model):
    """What an admin has set; what has no row is as it is configured."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Value] = mapped_column(JSON, nullable=False)
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    changer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


# Put together anew, it would take twice the time.
_ALL = db.select(Setting.name, Setting.value)
# The same as one text, for those who have another question anyway.
AS_TEXT = db.select(
    func.json_group_object(Setting.name, func.json(Setting.value))
).scalar_subquery()


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
    """Return what holds for this request, job or command: the database is asked once for each."""
    if "settings" not in g:
        g.settings = current_app.extensions["settings"] = stored()
    return _over_configured(g.settings)


def know(text: str) -> None:
    """Take what came along with the answer to another question."""
    g.settings = current_app.extensions["settings"] = json.loads(text)


def configured() -> Settings:
    """Return what holds where nothing is set."""
    return _over_configured({})


def last_known() -> Settings:
    """Return what held at the last request here, without asking: for pages that must not fail."""
    return _over_configured(current_app.extensions["settings"])


def stored() -> dict[str, Value]:
    """Return what is set just now, by its name."""
    return {name: value for name, value in db.session.execute(_ALL)}


def put(values: Mapping[str, Value], *, changer_id: int) -> None:
    """Set these; what is left out is as it is configured."""
    rows = {row.name: row for row in db.session.scalars(db.select(Setting))}
    for name in rows.keys() - values:
        db.session.delete(rows[name])
    for name, value in values.items():
        if name not in rows or rows[name].value != value:
            made = Setting(name=name, value=value, changed_at=now(), changer_id=changer_id)
            db.session.merge(made)
    db.session.flush()
    g.pop("settings", None)


def _over_configured(values: Mapping[str, Value]) -> Settings:
    config = current_app.config
    return Settings(**{name: values.get(name, config[name.upper()]) for name in NAMES})
