"""What people do to photos: favourites, the archive, places; and the shapes that grids need."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
SHOWN = "trashed_at IS NULL AND still_id IS NULL"
IN_TIMELINE = f"{SHOWN} AND archived_at IS NULL"
# The few photos of a list: how SQLite says it, and how PostgreSQL does.
LISTS = {
    "favourites": ("is_favourite IS 1", "is_favourite IS true"),
    "archive": ("archived_at IS NOT NULL", "archived_at IS NOT NULL"),
}


def columns() -> list[sa.Column]:
    return [
        sa.Column("shape", sa.String(), nullable=False, server_default="M"),
        sa.Column("is_favourite", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("place_name", sa.String(), nullable=False, server_default=""),
        sa.Column("is_placed_by_hand", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("archived_at", sa.DateTime()),
    ]


def upgrade() -> None:
    for column in columns():
        op.add_column("photos", column)
    _shapes()
    op.drop_index("ix_photos_timeline", "photos")
    op.create_index(
        "ix_photos_timeline",
        "photos",
        ["owner_id", "local_day", "sort_key", "id", "shape", "public_id"],
        sqlite_where=sa.text(IN_TIMELINE),
        postgresql_where=sa.text(IN_TIMELINE),
    )
    for name, (sqlite, postgresql) in LISTS.items():
        op.create_index(
            f"ix_photos_{name}",
            "photos",
            ["owner_id", "local_day", "sort_key", "id"],
            sqlite_where=sa.text(f"{sqlite} AND {SHOWN}"),
            postgresql_where=sa.text(f"{postgresql} AND {SHOWN}"),
        )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_changes_owner_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sa.UniqueConstraint("public_id", name="uq_changes_public_id"),
    )
    for column in ("owner_id", "created_at"):
        op.create_index(f"ix_changes_{column}", "changes", [column])


def _shapes() -> None:
    photos = sa.table("photos", sa.column("width"), sa.column("height"), sa.column("shape"))
    size = photos.c.width, photos.c.height
    known = sa.select(*size).where(photos.c.width > 0, photos.c.height > 0).distinct()
    for width, height in op.get_bind().execute(known).all():
        step = max(8, min(60, round(20 * width / height))) - 8
        op.execute(
            photos.update()
            .where(photos.c.width == width, photos.c.height == height)
            .values(shape=LETTERS[step])
        )


def downgrade() -> None:
    op.drop_table("changes")
    for name in LISTS:
        op.drop_index(f"ix_photos_{name}", "photos")
    op.drop_index("ix_photos_timeline", "photos")
    op.create_index(
        "ix_photos_timeline",
        "photos",
        ["owner_id", "trashed_at", "local_day", "sort_key", "id"],
    )
    with op.batch_alter_table("photos", table_kwargs={"sqlite_autoincrement": True}) as photos:
        for column in columns():
            photos.drop_column(column.name)
