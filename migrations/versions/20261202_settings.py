"""What admins set while the gallery runs, and in the log what it was before and after."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changer_id"], ["users.id"], name="fk_settings_changer_id_users", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.add_column("audit_entries", sa.Column("details", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_entries", "details")
    op.drop_table("settings")
