"""keep what customers are worth

Revision ID: worth
Revises: notifications
Created: 2026-11-23 12:12:47.332018+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "worth"
down_revision = "notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worth_summary",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worth_summary")),
    )


def downgrade() -> None:
    op.drop_table("worth_summary")
