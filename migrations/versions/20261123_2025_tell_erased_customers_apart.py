"""tell erased customers apart

Revision ID: erased_customers
Revises: reread_comments
Created: 2026-11-23 20:25:10.104116+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "erased_customers"
down_revision = "reread_comments"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("customer", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    customer = sa.table(
        "customer",
        sa.column("id", ID),
        sa.column("merged_into_id", ID),
        sa.column("erased_at", sa.DateTime(timezone=True)),
    )
    erasure = sa.table(
        "erasure",
        sa.column("customer_id", ID),
        sa.column("decided_at", sa.DateTime(timezone=True)),
        sa.column("stage", sa.String()),
    )
    person = sa.func.coalesce(customer.c.merged_into_id, customer.c.id)
    of_them = (erasure.c.customer_id == person, erasure.c.stage.in_(("sweeping", "done")))
    when = sa.select(sa.func.max(erasure.c.decided_at)).where(*of_them).scalar_subquery()
    erased = sa.exists().where(*of_them)
    op.execute(sa.update(customer).where(erased).values(erased_at=when))


def downgrade() -> None:
    op.drop_column("customer", "erased_at")
