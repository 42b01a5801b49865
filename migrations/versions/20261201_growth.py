"""The sizes beside what came when: what is stored is summed from the index alone."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_photos_owner_id_created_at_id", ["owner_id", "created_at", "id"]


def upgrade() -> None:
    op.drop_index(NAME, "photos")
    op.create_index(f"{NAME}_size", "photos", [*COLUMNS, "size"])


def downgrade() -> None:
    op.drop_index(f"{NAME}_size", "photos")
    op.create_index(NAME, "photos", COLUMNS)
