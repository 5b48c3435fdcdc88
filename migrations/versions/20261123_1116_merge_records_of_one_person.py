"""merge records of one person

Revision ID: merge_customers
Revises: 0040_tone
Created: 2026-11-23 10:57:49.752788+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "merge_customers"
down_revision = "macros"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_duplicate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "dismissed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["dismissed_by_id"], ["account.id"], name=op.f("fk_customer_duplicate_dismissed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["customer.id"],
            name=op.f("fk_customer_duplicate_first_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["customer.id"],
            name=op.f("fk_customer_duplicate_second_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_duplicate")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_customer_duplicate_first_id_second_id")
        ),
    )
    with op.batch_alter_table("customer_duplicate", schema=None) as batch_op:
        batch_op.create_index(
            "ix_customer_duplicate_open",
            ["score", "id"],
            unique=False,
            sqlite_where=sa.text("dismissed_at IS NULL"),
            postgresql_where=sa.text("dismissed_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_customer_duplicate_second_id"), ["second_id"], unique=False
        )

    op.create_table(
        "customer_merge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "undone_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "highest", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_customer_merge_by_id")),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["customer.id"], name=op.f("fk_customer_merge_gone_id")
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["customer.id"], name=op.f("fk_customer_merge_kept_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["account.id"], name=op.f("fk_customer_merge_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merge")),
    )
    with op.batch_alter_table("customer_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_merge_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_merge_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "customer_move",
        sa.Column("merge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["customer_merge.id"],
            name=op.f("fk_customer_move_merge_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merge_id", "place", "row_id", name=op.f("pk_customer_move")),
    )
    # By hand: made anew in a batch, the table would lose its computed column.
    kind = "BIGINT" if op.get_bind().dialect.name != "sqlite" else "INTEGER"
    op.execute(
        f"ALTER TABLE customer ADD COLUMN merged_into_id {kind}"
        " CONSTRAINT fk_customer_merged_into_id REFERENCES customer (id)"
    )
    op.create_index("ix_customer_merged_into_id", "customer", ["merged_into_id"])


def downgrade() -> None:
    op.drop_index("ix_customer_merged_into_id", "customer")
    if op.get_bind().dialect.name != "sqlite":  # where it goes with its column
        op.drop_constraint("fk_customer_merged_into_id", "customer", type_="foreignkey")
    op.execute("ALTER TABLE customer DROP COLUMN merged_into_id")

    op.drop_table("customer_move")
    with op.batch_alter_table("customer_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_merge_kept_id"))
        batch_op.drop_index(batch_op.f("ix_customer_merge_gone_id"))

    op.drop_table("customer_merge")
    with op.batch_alter_table("customer_duplicate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_duplicate_second_id"))
        batch_op.drop_index(
            "ix_customer_duplicate_open",
            sqlite_where=sa.text("dismissed_at IS NULL"),
            postgresql_where=sa.text("dismissed_at IS NULL"),
        )

    op.drop_table("customer_duplicate")
