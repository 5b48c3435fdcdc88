"""save views

Revision ID: saved_view
Revises: work_on_leavers
Created: 2026-11-23 08:35:25.071736+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "saved_view"
down_revision = "work_on_leavers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_active_at", ["active_at", "id"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column(
            "columns", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("for_everybody", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_saved_view_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index("ix_saved_view_owner", ["owner_id", "place"], unique=False)

    op.create_table(
        "saved_view_team",
        sa.Column("view_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_saved_view_team_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["view_id"],
            ["saved_view.id"],
            name=op.f("fk_saved_view_team_view_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("view_id", "team_id", name=op.f("pk_saved_view_team")),
    )
    with op.batch_alter_table("saved_view_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_team_team_id"), ["team_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("saved_view_team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_view_team_team_id"))

    op.drop_table("saved_view_team")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index("ix_saved_view_owner")

    op.drop_table("saved_view")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_active_at")
