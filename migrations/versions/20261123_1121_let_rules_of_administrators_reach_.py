"""let rules of administrators reach everywhere

Revision ID: rules_everywhere
Revises: merge_and_split
Created: 2026-11-23 11:21:58.520980+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "rules_everywhere"
down_revision = "merge_and_split"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rule_version", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("everywhere", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("rule_version", schema=None) as batch_op:
        batch_op.drop_column("everywhere")
