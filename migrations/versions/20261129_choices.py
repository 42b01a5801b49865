"""What was chosen to be downloaded, where that is more than an address holds."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_choices_owner_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_choices"),
        sa.UniqueConstraint("public_id", name="uq_choices_public_id"),
    )
    op.create_index("ix_choices_owner_id", "choices", ["owner_id"])
    op.create_index("ix_choices_created_at", "choices", ["created_at"])


def downgrade() -> None:
    op.drop_table("choices")
