"""spare domains and keep letterheads

Revision ID: letterheads
Revises: erasures
Created: 2026-11-23 11:41:48.682240+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "letterheads"
down_revision = "erasures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letterhead",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_letterhead")),
    )
    op.create_table(
        "recipient_domain",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_recipient_domain")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_path"), ["path"], unique=False)

    with op.batch_alter_table("outbound_email", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_domain", sa.String(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("from_address", sa.String(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("from_name", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reply_from", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("ticket", "reply_from")  # no batch: a generated column cannot be copied

    with op.batch_alter_table("outbound_email", schema=None) as batch_op:
        batch_op.drop_column("from_name")
        batch_op.drop_column("from_address")
        batch_op.drop_column("to_domain")

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_path"))

    op.drop_table("recipient_domain")
    op.drop_table("letterhead")
