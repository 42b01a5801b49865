"""Drop boxes: links by which guests add files, and what they gave."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("takes_files", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shows_photos", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("asks_first", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("file_limit", sa.Integer()),
        sa.Column("byte_limit", sa.BigInteger()),
        sa.Column("file_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("byte_count", sa.BigInteger(), server_default="0", nullable=False),
    ):
        op.add_column("share_links", column)
    op.create_table(
        "gifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer()),
        sa.Column("album_id", sa.Integer()),
        sa.Column("guest", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime()),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name="fk_gifts_photo_id_photos", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["share_links.id"],
            name="fk_gifts_link_id_share_links",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["album_id"], ["albums.id"], name="fk_gifts_album_id_albums", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_gifts"),
        sa.UniqueConstraint("photo_id", "album_id", name="uq_gifts_photo_id_album_id"),
    )
    op.create_index("ix_gifts_link_id", "gifts", ["link_id"])
    op.create_index("ix_gifts_album_id", "gifts", ["album_id"])


def downgrade() -> None:
    op.drop_table("gifts")
    for name in ("byte_count", "file_count", "byte_limit", "file_limit"):
        op.drop_column("share_links", name)
    for name in ("asks_first", "shows_photos", "takes_files"):
        op.drop_column("share_links", name)
