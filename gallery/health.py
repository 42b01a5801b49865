"""Says whether the gallery's parts answer, for whoever watches over it."""

import sqlite3

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from . import storage
from .accounts.guard import everyone
from .extensions import db, queue

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@everyone
def show() -> ResponseReturnValue:
    parts = {
        "database": _database_answers(),
        "storage": storage.is_mounted(),
        "queue": _queue_answers(),
    }
    words = {part: "ok" if answers else "no answer" for part, answers in parts.items()}
    return words, 200 if all(parts.values()) else 503


@bp.get("/robots.txt")
@everyone
def robots() -> ResponseReturnValue:
    return "User-agent: *\nDisallow: /\n", {"Content-Type": "text/plain"}


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _queue_answers() -> bool:
    try:
        queue.length()
    except sqlite3.Error:
        return False
    return True
