"""index tags and scores for counting

Revision ID: index_tags_and_scores
Revises: report_waits
Created: 2026-11-24 16:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "index_tags_and_scores"
down_revision = "report_waits"
branch_labels = None
depends_on = None

RATED = sa.text("last_score IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_ticket_tag_tag_id", table_name="ticket_tag")
    op.create_index("ix_ticket_tag_tag_id", "ticket_tag", ["tag_id", "ticket_id"])
    op.create_index(
        "ix_ticket_last_score",
        "ticket",
        ["last_score", "status", "id", "team_id"],
        sqlite_where=RATED,
        postgresql_where=RATED,
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_last_score", table_name="ticket")
    op.drop_index("ix_ticket_tag_tag_id", table_name="ticket_tag")
    op.create_index("ix_ticket_tag_tag_id", "ticket_tag", ["tag_id"])
