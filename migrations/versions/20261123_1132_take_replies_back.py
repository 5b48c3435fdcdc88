"""take replies back

Revision ID: recall
Revises: report_mail
Created: 2026-11-23 11:32:04.676500+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "recall"
down_revision = "report_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_reply",
        sa.Column(
            "message_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "email_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "first_entry", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "last_entry", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_sent_reply_author_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_sent_reply_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_sent_reply")),
    )
    with op.batch_alter_table("sent_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_reply_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_sent_reply_sent_at", ["sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sent_reply_ticket_id"), ["ticket_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sent_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_reply_ticket_id"))
        batch_op.drop_index("ix_sent_reply_sent_at")
        batch_op.drop_index(batch_op.f("ix_sent_reply_author_id"))

    op.drop_table("sent_reply")
