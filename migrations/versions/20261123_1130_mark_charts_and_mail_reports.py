"""mark charts and mail reports

Revision ID: report_mail
Revises: bulk_edits
Created: 2026-11-23 11:30:04.927497+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "report_mail"
down_revision = "bulk_edits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_occasion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "sort",
            sa.Enum("incident", "release", "other", name="sort", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column(
            "made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["account.id"],
            name=op.f("fk_report_occasion_made_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_occasion")),
    )
    with op.batch_alter_table("report_occasion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_occasion_day"), ["day"], unique=False)

    op.create_table(
        "report_subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column(
            "rhythm",
            sa.Enum("weekly", "monthly", name="rhythm", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "asked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_because", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_report_subscription_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_subscription")),
    )
    with op.batch_alter_table("report_subscription", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_subscription_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            "ix_report_subscription_next_at",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("report_subscription", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_report_subscription_next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_report_subscription_account_id"))

    op.drop_table("report_subscription")
    with op.batch_alter_table("report_occasion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_occasion_day"))

    op.drop_table("report_occasion")
