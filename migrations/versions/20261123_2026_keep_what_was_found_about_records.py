"""keep what was found about records

Revision ID: record_findings
Revises: erased_customers
Created: 2026-11-23 20:26:31.770415+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "record_findings"
down_revision = "erased_customers"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _refers(column: str, table: str, **more: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_record_finding_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, **more)


def upgrade() -> None:
    op.create_table(
        "record_finding",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("other_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by_id", ID, nullable=True),
        _refers("customer_id", "customer", ondelete="CASCADE"),
        _refers("other_id", "customer", ondelete="CASCADE"),
        _refers("organization_id", "organization", ondelete="CASCADE"),
        _refers("dismissed_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_finding")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_record_finding_kind_subject")),
    )
    for column in ("customer_id", "other_id", "organization_id"):
        op.create_index(op.f(f"ix_record_finding_{column}"), "record_finding", [column])
    for name, columns, condition in (
        ("open", ["kind", "id"], "dismissed_at IS NULL"),
        ("dismissed", ["dismissed_at", "id"], "dismissed_at IS NOT NULL"),
    ):
        op.create_index(
            f"ix_record_finding_{name}",
            "record_finding",
            columns,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def downgrade() -> None:
    op.drop_table("record_finding")
