"""What came when, with its size, of all people at once; and people by name, a page at a time."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_photos_owner_id_created_at_id", ["owner_id", "created_at", "id"]
OF_ALL = "ix_photos_created_at_size"


def upgrade() -> None:
    op.drop_index(f"{NAME}_size", "photos")
    op.create_index(NAME, "photos", COLUMNS)
    op.create_index(OF_ALL, "photos", ["created_at", "size"])
    op.create_index("ix_users_name_id", "users", ["name", "id"])


def downgrade() -> None:
    op.drop_index("ix_users_name_id", "users")
    op.drop_index(OF_ALL, "photos")
    op.drop_index(NAME, "photos")
    op.create_index(f"{NAME}_size", "photos", [*COLUMNS, "size"])
