"""ticket types and their fields

Revision ID: ticket_types
Revises: ticket_parts
Created: 2026-11-23 11:58:31.220917+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ticket_types"
down_revision = "ticket_parts"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ticket_type",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_type"),
        sa.UniqueConstraint("name", name="uq_ticket_type_name"),
    )
    op.create_table(
        "ticket_field",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("type_id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["type_id"], ["ticket_type.id"], name="fk_ticket_field_type_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_field"),
        sa.UniqueConstraint("key", name="uq_ticket_field_key"),
    )
    op.create_index("ix_ticket_field_type_id", "ticket_field", ["type_id"])
    op.create_table(
        "ticket_field_value",
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("field_id", BIG_ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_ticket_field_value_ticket_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["field_id"], ["ticket_field.id"], name="fk_ticket_field_value_field_id"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "field_id", name="pk_ticket_field_value"),
    )
    op.create_index("ix_ticket_field_value_number", "ticket_field_value", ["field_id", "number"])
    if op.get_bind().dialect.name == "sqlite":  # without making a large table anew
        op.execute(
            "ALTER TABLE ticket ADD COLUMN type_id INTEGER"
            " CONSTRAINT fk_ticket_type_id REFERENCES ticket_type (id)"
        )
    else:
        op.add_column("ticket", sa.Column("type_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key("fk_ticket_type_id", "ticket", "ticket_type", ["type_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_ticket_type_id", "ticket", type_="foreignkey")
    op.execute("ALTER TABLE ticket DROP COLUMN type_id")
    for name in ("ticket_field_value", "ticket_field", "ticket_type"):
        op.drop_table(name)
