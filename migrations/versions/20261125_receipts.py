"""Files that are still to come stand on the receipt, with their size."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("batch_items") as items:
        items.add_column(sa.Column("size", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("batch_items") as items:
        items.alter_column("size", server_default=None)
    op.create_index("ix_batches_created_at", "batches", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_batches_created_at", "batches")
    with op.batch_alter_table("batch_items") as items:
        items.drop_column("size")
