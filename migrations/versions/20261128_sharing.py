"""Share links; and what a download wants to know of a file beforehand."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("crc32", sa.BigInteger()))
    op.create_table(
        "cleanings",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("patches", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name="fk_cleanings_photo_id_photos", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("photo_id", name="pk_cleanings"),
    )
    op.create_table(
        "share_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("album_id", sa.Integer()),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String()),
        sa.Column("can_download", sa.Boolean(), nullable=False),
        sa.Column("hides_places", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime()),
        sa.Column("ended_at", sa.DateTime()),
        sa.Column("view_count", sa.Integer(), nullable=False),
        sa.Column("viewed_at", sa.DateTime()),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_share_links_owner_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["album_id"], ["albums.id"], name="fk_share_links_album_id_albums", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_share_links"),
        sa.UniqueConstraint("public_id", name="uq_share_links_public_id"),
        sa.UniqueConstraint("digest", name="uq_share_links_digest"),
    )
    op.create_index("ix_share_links_owner_id", "share_links", ["owner_id", "id"])
    op.create_index("ix_share_links_album_id", "share_links", ["album_id"])
    op.create_table(
        "shared_photos",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["share_links.id"],
            name="fk_shared_photos_link_id_share_links",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name="fk_shared_photos_photo_id_photos", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_id", "photo_id", name="pk_shared_photos"),
    )
    op.create_index("ix_shared_photos_photo_id", "shared_photos", ["photo_id"])


def downgrade() -> None:
    op.drop_table("shared_photos")
    op.drop_table("share_links")
    op.drop_table("cleanings")
    # Not in batch mode: a copied table would lose the triggers of the search.
    op.drop_column("photos", "crc32")
