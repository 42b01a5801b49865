"""What a file says of itself: when, with what and where it was taken, its words, its motion."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def columns() -> list[sa.Column]:
    # Rows that are there already are read when somebody derives them again.
    return [
        sa.Column("taken_source", sa.String(20), nullable=False, server_default="upload"),
        sa.Column("modified_at", sa.DateTime()),
        sa.Column("read_at", sa.DateTime()),
        sa.Column("caption", sa.String(), nullable=False, server_default=""),
        sa.Column("rating", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("camera", sa.String(), nullable=False, server_default=""),
        sa.Column("lens", sa.String(), nullable=False, server_default=""),
        sa.Column("exposure", sa.Double()),
        sa.Column("aperture", sa.Double()),
        sa.Column("iso", sa.Integer()),
        sa.Column("focal_length", sa.Double()),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        sa.Column("altitude", sa.Double()),
        sa.Column("duration", sa.Double()),
        sa.Column("codecs", sa.String(), nullable=False, server_default=""),
        sa.Column("is_animated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("still_id", sa.Integer()),
    ]


def upgrade() -> None:
    with op.batch_alter_table("photos", table_kwargs={"sqlite_autoincrement": True}) as photos:
        for column in columns():
            photos.add_column(column)
        photos.create_foreign_key(
            "fk_photos_still_id_photos", "photos", ["still_id"], ["id"], ondelete="SET NULL"
        )
        photos.create_unique_constraint("uq_photos_still_id", ["still_id"])
        photos.create_index("ix_photos_owner_id_client_name", ["owner_id", "client_name"])
    op.execute(
        "UPDATE photos SET taken_source = CASE WHEN taken_offset IS NULL THEN 'clock'"
        " ELSE 'zone' END WHERE taken_at IS NOT NULL"
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_tags_owner_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("owner_id", "name", name="uq_tags_owner_id_name"),
    )
    op.create_table(
        "photo_tags",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name="fk_photo_tags_photo_id_photos", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name="fk_photo_tags_tag_id_tags", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("photo_id", "tag_id", name="pk_photo_tags"),
    )
    op.create_index("ix_photo_tags_tag_id", "photo_tags", ["tag_id"])


def downgrade() -> None:
    op.drop_table("photo_tags")
    op.drop_table("tags")
    with op.batch_alter_table("photos", table_kwargs={"sqlite_autoincrement": True}) as photos:
        photos.drop_index("ix_photos_owner_id_client_name")
        photos.drop_constraint("uq_photos_still_id", type_="unique")
        photos.drop_constraint("fk_photos_still_id_photos", type_="foreignkey")
        for column in columns():
            photos.drop_column(column.name)
