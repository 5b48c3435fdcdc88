"""sum orders from an index

Revision ID: order_sums
Revises: report_counts
Created: 2026-11-23 15:00:00.000000+00:00
"""

from alembic import op

revision = "order_sums"
down_revision = "report_counts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_customer_order_customer_amount", "customer_order", ["customer_id", "amount"]
    )


def downgrade() -> None:
    op.drop_index("ix_customer_order_customer_amount", table_name="customer_order")
