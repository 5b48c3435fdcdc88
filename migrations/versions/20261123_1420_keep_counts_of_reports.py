"""keep counts of reports

Revision ID: report_counts
Revises: unmerged
Created: 2026-11-23 14:20:00.000000+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "report_counts"
down_revision = "unmerged"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_kept",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("length", sa.String(length=5), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_kept")),
        sa.UniqueConstraint(
            "name", "length", "start", name=op.f("uq_report_kept_name_length_start")
        ),
    )
    # The database itself writes into it, by triggers that env.py makes after every migration.
    op.create_table(
        "report_stale",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_stale")),
    )


def downgrade() -> None:
    op.drop_table("report_stale")
    op.drop_table("report_kept")
