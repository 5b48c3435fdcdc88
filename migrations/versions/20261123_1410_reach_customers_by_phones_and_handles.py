"""reach customers by phones and handles

Revision ID: contact_points
Revises: order_sums
Created: 2026-11-23 14:10:13.900547+00:00
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "contact_points"
down_revision = "order_sums"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("phone", "whatsapp", "signal", "telegram", "x", "mastodon", "linkedin", "other")


def upgrade() -> None:
    points = op.create_table(
        "contact_point",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="pointkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column(
            "key",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("tail", sa.String(length=9), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_contact_point_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
        sa.UniqueConstraint(
            "customer_id", "kind", "key", name=op.f("uq_contact_point_customer_id_kind_key")
        ),
    )
    _take_over(points)
    op.create_index(op.f("ix_contact_point_key"), "contact_point", ["key"])
    op.create_index(op.f("ix_contact_point_tail"), "contact_point", ["tail"])
    op.drop_column("customer", "phone")


def _take_over(points: sa.Table) -> None:
    """The phone that a record had is the one to call; words that are no number are kept too."""
    customer = sa.table("customer", sa.column("id"), sa.column("phone"))
    found = op.get_bind().execute(
        sa.select(customer.c.id, customer.c.phone)
        .where(sa.func.trim(sa.func.coalesce(customer.c.phone, "")) != "")
        .order_by(customer.c.id)
    )
    rows = found.all()
    for start in range(0, len(rows), 1000):
        op.bulk_insert(points, [_point(*row) for row in rows[start : start + 1000]])


def _point(customer_id: int, phone: str) -> dict[str, object]:
    digits = "".join(c for c in phone if c.isascii() and c.isdigit())
    return {
        "customer_id": customer_id,
        "kind": "phone" if digits else "other",
        "value": phone.strip(),
        "key": digits.removeprefix("00") or digits or phone.strip().lower(),
        "tail": digits[-9:] if len(digits) >= 7 else None,
        "label": "",
        "is_primary": bool(digits),
        "created_at": datetime.now(UTC),
    }


def downgrade() -> None:
    op.add_column("customer", sa.Column("phone", sa.String(), nullable=True))
    op.execute(
        "UPDATE customer SET phone = (SELECT min(value) FROM contact_point"
        " WHERE customer_id = customer.id AND is_primary)"
    )
    op.drop_table("contact_point")
