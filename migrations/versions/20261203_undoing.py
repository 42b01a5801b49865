"""What photos were once a change was done: undo leaves what was said since."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("after", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("changes") as changes:
        changes.drop_column("after")
