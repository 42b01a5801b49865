"""Albums, their photos and people; who sees a photo, and what of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def key(table: str, columns: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{columns}_{target.partition('.')[0]}"
    return sa.ForeignKeyConstraint([columns], [target], name=name, ondelete=ondelete)


def upgrade() -> None:
    for name, usual in (("visibility", "private"), ("offer", "picture")):
        op.add_column(
            "photos", sa.Column(name, sa.String(20), nullable=False, server_default=usual)
        )
    _index_few()
    op.create_index("uq_photos_moment", "photos", ["id", "local_day", "sort_key"], unique=True)
    op.create_index("ix_photos_owner_id_created_at_id", "photos", ["owner_id", "created_at", "id"])
    _albums()
    _slugs()
    _entries()
    _collaborators()
    with op.batch_alter_table("batch_items") as items:
        items.add_column(sa.Column("album_id", sa.Integer()))
        items.create_foreign_key(
            "fk_batch_items_album_id_albums", "albums", ["album_id"], ["id"], ondelete="SET NULL"
        )


def _index_few() -> None:
    """Index of two columns only the rows that have something in them."""
    with op.batch_alter_table("photos", table_kwargs={"sqlite_autoincrement": True}) as photos:
        photos.drop_constraint("uq_photos_still_id", type_="unique")
    op.drop_index("ix_photos_trashed_at", "photos")
    for name, column in (
        ("ix_photos_trashed_at", "trashed_at"),
        ("uq_photos_still_id", "still_id"),
    ):
        is_set = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            name,
            "photos",
            [column],
            unique=name.startswith("uq"),
            sqlite_where=is_set,
            postgresql_where=is_set,
        )


def _albums() -> None:
    op.create_table(
        "albums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(20), nullable=False),
        sa.Column("sorting", sa.String(20), nullable=False),
        sa.Column("is_arranged", sa.Boolean(), nullable=False),
        sa.Column("cover_id", sa.Integer()),
        sa.Column("photo_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        key("albums", "owner_id", "users.id", "RESTRICT"),
        key("albums", "parent_id", "albums.id", "SET NULL"),
        key("albums", "cover_id", "photos.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_albums"),
        sa.UniqueConstraint("slug", name="uq_albums_slug"),
    )
    for columns in (["owner_id", "changed_at", "id"], ["parent_id"], ["visibility"], ["cover_id"]):
        op.create_index(f"ix_albums_{'_'.join(columns)}", "albums", columns)


def _slugs() -> None:
    op.create_table(
        "album_slugs",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("album_id", sa.Integer(), nullable=False),
        key("album_slugs", "album_id", "albums.id", "CASCADE"),
        sa.PrimaryKeyConstraint("slug", name="pk_album_slugs"),
    )
    op.create_index("ix_album_slugs_album_id", "album_slugs", ["album_id"])


def _entries() -> None:
    op.create_table(
        "album_entries",
        sa.Column("album_id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        key("album_entries", "album_id", "albums.id", "CASCADE"),
        sa.ForeignKeyConstraint(
            ["photo_id", "local_day", "sort_key"],
            ["photos.id", "photos.local_day", "photos.sort_key"],
            name="fk_album_entries_moment_photos",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("album_id", "photo_id", name="pk_album_entries"),
    )
    for columns in (
        ["photo_id", "local_day", "sort_key"],
        ["album_id", "place", "photo_id"],
        ["album_id", "local_day", "sort_key", "photo_id"],
        ["album_id", "added_at", "photo_id"],
    ):
        op.create_index(f"ix_album_entries_{'_'.join(columns)}", "album_entries", columns)
    op.create_index(
        "ix_album_entries_name",
        "album_entries",
        ["album_id", sa.text("substr(sort_key, 24)"), "photo_id"],
    )


def _collaborators() -> None:
    op.create_table(
        "album_collaborators",
        sa.Column("album_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        key("album_collaborators", "album_id", "albums.id", "CASCADE"),
        key("album_collaborators", "user_id", "users.id", "CASCADE"),
        sa.PrimaryKeyConstraint("album_id", "user_id", name="pk_album_collaborators"),
    )
    op.create_index("ix_album_collaborators_user_id", "album_collaborators", ["user_id"])


def downgrade() -> None:
    with op.batch_alter_table("batch_items") as items:
        items.drop_constraint("fk_batch_items_album_id_albums", type_="foreignkey")
        items.drop_column("album_id")
    for table in ("album_collaborators", "album_entries", "album_slugs", "albums"):
        op.drop_table(table)
    op.drop_index("ix_photos_owner_id_created_at_id", "photos")
    op.drop_index("uq_photos_moment", "photos")
    op.drop_index("uq_photos_still_id", "photos")
    op.drop_index("ix_photos_trashed_at", "photos")
    op.create_index("ix_photos_trashed_at", "photos", ["trashed_at"])
    with op.batch_alter_table("photos", table_kwargs={"sqlite_autoincrement": True}) as photos:
        photos.create_unique_constraint("uq_photos_still_id", ["still_id"])
        for name in ("offer", "visibility"):
            photos.drop_column(name)
