"""ask owners of addresses

Revision ID: asked_addresses
Revises: record_findings
Created: 2026-11-23 20:45:44.902113+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "asked_addresses"
down_revision = "record_findings"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "asked_address",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("email", BYTEWISE, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_hash", sa.String(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_asked_address_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_asked_address_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_address")),
        sa.UniqueConstraint("consent_hash", name=op.f("uq_asked_address_consent_hash")),
        sa.UniqueConstraint(
            "customer_id", "email", name=op.f("uq_asked_address_customer_id_email")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_asked_address_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("asked_address")
