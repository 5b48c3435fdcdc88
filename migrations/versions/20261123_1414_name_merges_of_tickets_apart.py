"""name merges of tickets apart from those of customers

Revision ID: unmerged
Revises: worth
Created: 2026-11-23 14:14:00+00:00
"""

from alembic import op

revision = "unmerged"
down_revision = "worth"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("MergeUndone", "TicketUnmerged")


def downgrade() -> None:
    _rename("TicketUnmerged", "MergeUndone")


def _rename(before: str, after: str) -> None:
    op.execute(
        f"UPDATE journal_entry SET event = '{after}'"
        f" WHERE event = '{before}' AND subject_kind = 'ticket'"
    )
