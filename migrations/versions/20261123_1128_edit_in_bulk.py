"""edit in bulk

Revision ID: bulk_edits
Revises: letterheads
Created: 2026-11-23 11:28:00.271159+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "bulk_edits"
down_revision = "letterheads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_edit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "running",
                "done",
                "undoing",
                "undone",
                name="bulkstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "undo_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_bulk_edit_by_id")),
        sa.ForeignKeyConstraint(
            ["undo_by_id"], ["account.id"], name=op.f("fk_bulk_edit_undo_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edit")),
    )
    with op.batch_alter_table("bulk_edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_edit_by_id"), ["by_id"], unique=False)
        batch_op.create_index("ix_bulk_edit_state", ["state", "id"], unique=False)

    op.create_table(
        "bulk_edit_line",
        sa.Column("bulk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "ticket_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "changed",
                "unchanged",
                "refused",
                "undone",
                "partly",
                "left",
                name="outcome",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column(
            "before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["bulk_id"],
            ["bulk_edit.id"],
            name=op.f("fk_bulk_edit_line_bulk_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_bulk_edit_line_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bulk_id", "ticket_id", name=op.f("pk_bulk_edit_line")),
    )
    with op.batch_alter_table("bulk_edit_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bulk_edit_line_outcome", ["bulk_id", "outcome", "ticket_id"], unique=False
        )
        batch_op.create_index("ix_bulk_edit_line_ticket", ["ticket_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("bulk_edit_line", schema=None) as batch_op:
        batch_op.drop_index("ix_bulk_edit_line_ticket")
        batch_op.drop_index("ix_bulk_edit_line_outcome")

    op.drop_table("bulk_edit_line")
    with op.batch_alter_table("bulk_edit", schema=None) as batch_op:
        batch_op.drop_index("ix_bulk_edit_state")
        batch_op.drop_index(batch_op.f("ix_bulk_edit_by_id"))

    op.drop_table("bulk_edit")
