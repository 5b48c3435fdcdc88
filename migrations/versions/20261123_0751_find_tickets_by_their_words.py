"""find tickets by their words

Tickets that are there already wait in ticket_to_index; a job reads them, newest first.

Revision ID: ticket_text
Revises: 0020_design_surveys
Created: 2026-11-23 07:51:54.542716+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "ticket_text"
down_revision = "0020_design_surveys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_to_index",
        sa.Column(
            "ticket_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_to_index_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_to_index")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE ticket_text USING fts5("
            "title, people, said, noted, tokenize='ascii', prefix='3', columnsize=0)"
        )
    else:
        op.execute("CREATE TABLE ticket_text (id bigint PRIMARY KEY, words tsvector)")
        op.execute(
            "CREATE INDEX ix_ticket_text_words ON ticket_text"
            " USING gin (words) WITH (gin_pending_list_limit = 256)"
        )
    op.execute("INSERT INTO ticket_to_index (ticket_id) SELECT id FROM ticket")


def downgrade() -> None:
    op.execute("DROP TABLE ticket_text")
    op.drop_table("ticket_to_index")
