"""try imports and undo them

Revision ID: try_and_undo_imports
Revises: saved_view
Created: 2026-11-23 08:51:27.705272+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "try_and_undo_imports"
down_revision = "saved_view"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customer_import", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("trial", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "mapping",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )

    with op.batch_alter_table("customer_import_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "undo", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("customer_import_line", schema=None) as batch_op:
        batch_op.drop_column("undo")

    with op.batch_alter_table("customer_import", schema=None) as batch_op:
        batch_op.drop_column("mapping")
        batch_op.drop_column("trial")
