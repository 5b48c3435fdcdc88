"""keep corrections of tone

Revision ID: 0040_tone
Revises: try_and_undo_imports
Created: 2026-11-23 08:52:16.481304+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040_tone"
down_revision = "try_and_undo_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sentiment_layer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "layer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("fitted", sa.Integer(), nullable=False),
        sa.Column("macro_f1_before", sa.Double(), nullable=False),
        sa.Column("macro_f1_after", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentiment_layer")),
    )
    op.create_table(
        "sentiment_rereading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("analyzer", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentiment_rereading")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrected_label", sa.String(length=12), nullable=True))

    with op.batch_alter_table("survey_response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrected_label", sa.String(length=12), nullable=True))

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sentiment_first", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("sentiment_lowest", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("sentiment_slope", sa.Double(), nullable=True))


def downgrade() -> None:
    # Not as a batch: SQLite would copy the table, and is_open, which it computes, cannot be copied.
    for name in ("sentiment_slope", "sentiment_lowest", "sentiment_first"):
        op.drop_column("ticket", name)

    with op.batch_alter_table("survey_response", schema=None) as batch_op:
        batch_op.drop_column("corrected_label")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("corrected_label")

    op.drop_table("sentiment_rereading")
    op.drop_table("sentiment_layer")
