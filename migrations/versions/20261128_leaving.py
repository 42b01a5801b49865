"""Since when somebody wants their account to end."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("leaving_at", sa.DateTime()))


def downgrade() -> None:
    op.drop_column("users", "leaving_at")
