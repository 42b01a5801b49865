"""Runs the migrations against the application's own database."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

db = current_app.extensions["migrate"].db


def run() -> None:
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _enforce_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("A migration left rows that belong to nothing.")
        if is_sqlite:
            _enforce_keys(connection, "ON")


def _enforce_keys(connection: Connection, word: str) -> None:
    """Switch the foreign keys, on the driver's own connection: within a transaction SQLite won't.

    A table is changed by copying it and dropping the old one, and with that every row that
    hangs on it would go: each preview with the photos, unasked.
    """
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={word}")
    # While a table is copied, views and triggers speak of one that is not there. Its own
    # triggers go with the old one: a migration that copies it makes them again.
    cursor.execute(f"PRAGMA legacy_alter_table={'ON' if word == 'OFF' else 'OFF'}")


run()
