"""Jobs by priority, kills apart from tries, when each began and ended; lines that pause."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_jobs_state_lease_until", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        for name in ("priority", "kills"):
            jobs.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        for name in ("started_at", "finished_at"):
            jobs.add_column(sa.Column(name, sa.DateTime()))
    with op.batch_alter_table("jobs") as jobs:
        for name in ("priority", "kills"):
            jobs.alter_column(name, server_default=None)
    op.create_index("ix_jobs_line", "jobs", ["kind", "state", sa.text("priority DESC"), "id"])
    op.create_index(
        "ix_jobs_kind_state_finished_at_id", "jobs", ["kind", "state", "finished_at", "id"]
    )
    op.create_table(
        "job_lines",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("paused_at", sa.DateTime()),
        sa.Column("emptied_at", sa.DateTime()),
        sa.Column("renewing_since", sa.DateTime()),
        sa.PrimaryKeyConstraint("kind", name="pk_job_lines"),
    )


def downgrade() -> None:
    op.drop_table("job_lines")
    op.drop_index("ix_jobs_kind_state_finished_at_id", "jobs")
    op.drop_index("ix_jobs_line", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        for name in ("finished_at", "started_at", "kills", "priority"):
            jobs.drop_column(name)
    op.create_index("ix_jobs_state_lease_until", "jobs", ["state", "lease_until"])
