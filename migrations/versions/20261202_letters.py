"""Mails to be sent, jobs that wait for a while, and links to a password that are mailed."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = "pk_password_resets"


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_letters_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
    )
    op.create_index("ix_letters_user_id", "letters", ["user_id"])
    op.add_column("jobs", sa.Column("not_before", sa.DateTime(), nullable=True))
    _be_known_by("user_id", "maker_id")


def downgrade() -> None:
    op.execute("DELETE FROM password_resets")  # of one person, one alone can stay
    _be_known_by("user_id")
    op.drop_column("jobs", "not_before")
    op.drop_table("letters")


def _be_known_by(*columns: str) -> None:
    with op.batch_alter_table("password_resets", recreate="always") as resets:
        resets.drop_constraint(KEY, type_="primary")
        resets.create_primary_key(KEY, list(columns))
