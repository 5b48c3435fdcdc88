"""keep files and visits of customers

Revision ID: papers
Revises: record_fields
Created: 2026-11-23 15:03:44.219306+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "papers"
down_revision = "record_fields"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "customer_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_customer_file_by_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_customer_file_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_file")),
    )
    op.create_index(op.f("ix_customer_file_customer_id"), "customer_file", ["customer_id"])
    op.create_index(op.f("ix_customer_file_path"), "customer_file", ["path"])
    op.create_table(
        "customer_visit",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("day", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_customer_visit_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_visit")),
        sa.UniqueConstraint("customer_id", "day", name=op.f("uq_customer_visit_customer_id_day")),
    )


def downgrade() -> None:
    op.drop_table("customer_visit")
    op.drop_table("customer_file")
