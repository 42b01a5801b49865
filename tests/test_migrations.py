"""The migrations lead to the models, and back to nothing."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from gallery.extensions import Base, db
from gallery.factory import create_app
from gallery.search.words import is_of_models

OLDEST = ("users", "photos", "derivatives")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built_assets: Path):
    monkeypatch.setenv("GALLERY_INSTANCE_PATH", str(tmp_path))
    app = create_app()
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def test_migrated_database_is_what_the_models_say(empty: None) -> None:
    upgrade()

    with db.engine.connect() as connection:
        ours = {"compare_type": True, "include_name": is_of_models}
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, Base.metadata) == []


def test_down_and_up_again_leaves_the_same_tables(empty: None) -> None:
    upgrade()
    tables = set(inspect(db.engine).get_table_names())
    downgrade(revision="base")
    remaining = set(inspect(db.engine).get_table_names())
    upgrade()

    assert remaining == {"alembic_version"}
    assert set(inspect(db.engine).get_table_names()) == tables


def test_every_constraint_has_a_name() -> None:
    nameless = [c for t in Base.metadata.tables.values() for c in t.constraints if c.name is None]

    assert nameless == []


def test_a_gallery_of_the_first_version_keeps_every_row(empty: None) -> None:
    upgrade(revision="0001")
    for statement in (
        "INSERT INTO users VALUES (1, 'Ada', 'a@b', 'x', 'ada', 0, 0, 9, 1, NULL, :now, NULL)",
        "INSERT INTO photos (id, public_id, owner_id, kind, set_name, filename, client_name, size,"
        " sha256, type, local_day, sort_key, state, reason, turns, created_at) VALUES (1, 'p', 1,"
        " 'photo', 'photos', 'ada/cat.jpg', 'cat.jpg', 9, 'x', 'image/jpeg', '2024-07-20',"
        " '20240720T074200 cat.jpg', 'ready', '', 0, :now)",
        "INSERT INTO derivatives VALUES (1, 1, 'h240', 'previews', 'ada/cat.webp', 'd', 3, 2, 9)",
    ):
        db.session.execute(db.text(statement), {"now": "2026-11-23 12:00:00.000000"})
    db.session.commit()

    upgrade()

    kept = [db.session.scalar(db.text(f"SELECT count(*) FROM {t}")) for t in OLDEST]
    assert dict(zip(OLDEST, kept, strict=True)) == dict.fromkeys(OLDEST, 1)
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
