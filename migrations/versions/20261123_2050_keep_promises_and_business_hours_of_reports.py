"""keep promises and business hours of reports

Revision ID: report_waits
Revises: asked_addresses
Created: 2026-11-23 20:35:00.000000+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "report_waits"
down_revision = "asked_addresses"
branch_labels = None
depends_on = None

ALONE = sa.text("merged_into_id IS NULL")
ENDS = sa.text("event IN ('SlaMet', 'SlaBreached')")


def upgrade() -> None:
    # Times are kept in another form now; the clock counts them anew.
    op.execute("DELETE FROM report_kept")
    op.create_index(
        "ix_journal_entry_promise",
        "journal_entry",
        ["subject_id"],
        sqlite_where=ENDS,
        postgresql_where=ENDS,
    )
    op.create_index(
        "ix_customer_lives",
        "customer",
        ["customer_since", "lost_on", "created_at"],
        sqlite_where=ALONE,
        postgresql_where=ALONE,
    )


def downgrade() -> None:
    op.drop_index("ix_customer_lives", "customer")
    op.drop_index("ix_journal_entry_promise", "journal_entry")
    op.execute("DELETE FROM report_kept")
