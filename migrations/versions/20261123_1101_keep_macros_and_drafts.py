"""keep macros and drafts

Revision ID: macros
Revises: rules
Created: 2026-11-23 11:01:07.728021+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "macros"
down_revision = "rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "macro",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("shortcut", sa.String(length=30), nullable=True),
        sa.Column(
            "changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("for_everybody", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_macro_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_macro")),
    )
    with op.batch_alter_table("macro", schema=None) as batch_op:
        batch_op.create_index("ix_macro_owner", ["owner_id"], unique=False)

    op.create_table(
        "macro_team",
        sa.Column("macro_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["macro_id"], ["macro.id"], name=op.f("fk_macro_team_macro_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_macro_team_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("macro_id", "team_id", name=op.f("pk_macro_team")),
    )
    with op.batch_alter_table("macro_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_macro_team_team_id"), ["team_id"], unique=False)

    op.create_table(
        "written_draft",
        sa.Column(
            "ticket_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("is_note", sa.Boolean(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_written_draft_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_written_draft_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", "account_id", name=op.f("pk_written_draft")),
    )
    with op.batch_alter_table("written_draft", schema=None) as batch_op:
        batch_op.create_index("ix_written_draft_saved_at", ["saved_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("written_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_written_draft_saved_at")

    op.drop_table("written_draft")
    with op.batch_alter_table("macro_team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_macro_team_team_id"))

    op.drop_table("macro_team")
    with op.batch_alter_table("macro", schema=None) as batch_op:
        batch_op.drop_index("ix_macro_owner")

    op.drop_table("macro")
