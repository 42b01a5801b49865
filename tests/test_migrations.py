"""The migrations lead to the models, and back to nothing."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from gallery import create_app
from gallery.extensions import Base, db


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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
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
