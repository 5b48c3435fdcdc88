"""keep consent with its proof

Revision ID: consent
Revises: organization_domains
Created: 2026-11-23 14:43:20.482910+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "consent"
down_revision = "organization_domains"
branch_labels = None
depends_on = None

CHANNELS = ("email", "phone", "messenger", "portal")


def upgrade() -> None:
    op.add_column("correction", sa.Column("source", sa.String(20), nullable=True))
    op.add_column("correction", sa.Column("proof", sa.String(), nullable=True))
    channel = sa.Enum(*CHANNELS, name="channel", native_enum=False, length=20)
    op.add_column("customer", sa.Column("channel", channel, nullable=True))
    op.add_column("customer", sa.Column("marketing", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("customer", "marketing")
    op.drop_column("customer", "channel")
    op.drop_column("correction", "proof")
    op.drop_column("correction", "source")
