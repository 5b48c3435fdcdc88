"""read comments again

Revision ID: reread_comments
Revises: papers
Created: 2026-11-23 14:07:12.518204+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "reread_comments"
down_revision = "papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sentiment_rereading",
        sa.Column("what", sa.String(length=10), server_default="messages", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("sentiment_rereading", "what")
