"""give notes on customers a form key

Revision ID: customer_note_form_key
Revises: 0001_begin
Created: 2026-11-23 07:36:54.277964+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "customer_note_form_key"
down_revision = "0001_begin"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customer_note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("form_key", sa.String(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_customer_note_form_key"), ["form_key"])


def downgrade() -> None:
    with op.batch_alter_table("customer_note", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_customer_note_form_key"), type_="unique")
        batch_op.drop_column("form_key")
