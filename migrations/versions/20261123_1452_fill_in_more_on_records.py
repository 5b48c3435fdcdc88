"""fill in more on records

Revision ID: record_fields
Revises: consent
Created: 2026-11-23 14:52:02.730192+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "record_fields"
down_revision = "consent"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "record_field",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "about",
            sa.Enum("customer", "organization", name="about", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_field")),
        sa.UniqueConstraint("key", name=op.f("uq_record_field_key")),
    )
    for whose in ("customer", "organization"):
        table = f"{whose}_field_value"
        op.create_table(
            table,
            sa.Column("id", ID, nullable=False),
            sa.Column(f"{whose}_id", ID, nullable=False),
            sa.Column("field_id", ID, nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("number", sa.Double(), nullable=True),
            sa.ForeignKeyConstraint(
                [f"{whose}_id"],
                [f"{whose}.id"],
                name=op.f(f"fk_{table}_{whose}_id"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["field_id"], ["record_field.id"], name=op.f(f"fk_{table}_field_id")
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint(
                f"{whose}_id", "field_id", name=op.f(f"uq_{table}_{whose}_id_field_id")
            ),
        )
        op.create_index(f"ix_{table}_field", table, ["field_id", "number"])


def downgrade() -> None:
    op.drop_table("organization_field_value")
    op.drop_table("customer_field_value")
    op.drop_table("record_field")
