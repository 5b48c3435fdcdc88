"""links, checklists, time and snoozing

Revision ID: ticket_parts
Revises: recall
Created: 2026-11-23 11:50:12.104511+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "ticket_parts"
down_revision = "recall"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _ticket(table: str, column: str = "ticket_id") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["ticket.id"], name=name, ondelete="CASCADE")


def _account(table: str, column: str, rule: str | None = None) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["account.id"], name=name, ondelete=rule)


def upgrade() -> None:
    op.add_column("ticket", sa.Column("snoozed_until", MOMENT, nullable=True))
    known = sa.text("snoozed_until IS NOT NULL")
    op.create_index(
        "ix_ticket_snoozed_until",
        "ticket",
        ["snoozed_until"],
        sqlite_where=known,
        postgresql_where=known,
    )
    op.create_table(
        "ticket_relation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("other_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        _ticket("ticket_relation"),
        _ticket("ticket_relation", "other_id"),
        _account("ticket_relation", "by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_relation"),
        sa.UniqueConstraint(
            "ticket_id", "other_id", "kind", name="uq_ticket_relation_ticket_id_other_id_kind"
        ),
    )
    op.create_index("ix_ticket_relation_other_id", "ticket_relation", ["other_id"])
    op.create_table(
        "checklist_item",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", BIG_ID, nullable=True),
        _ticket("checklist_item"),
        _account("checklist_item", "done_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_checklist_item"),
    )
    op.create_index("ix_checklist_item_ticket", "checklist_item", ["ticket_id", "place"])
    op.create_table(
        "time_entry",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("agent_id", BIG_ID, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _ticket("time_entry"),
        _account("time_entry", "agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_time_entry"),
    )
    op.create_index("ix_time_entry_agent", "time_entry", ["agent_id", "created_at"])
    op.create_index("ix_time_entry_ticket_id", "time_entry", ["ticket_id"])
    op.create_table(
        "agent_watch",
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        _ticket("agent_watch"),
        _account("agent_watch", "account_id", "CASCADE"),
        sa.PrimaryKeyConstraint("ticket_id", "account_id", name="pk_agent_watch"),
    )
    op.create_index("ix_agent_watch_account_id", "agent_watch", ["account_id"])


def downgrade() -> None:
    for name in ("agent_watch", "time_entry", "checklist_item", "ticket_relation"):
        op.drop_table(name)
    op.drop_index("ix_ticket_snoozed_until", "ticket")
    op.execute("ALTER TABLE ticket DROP COLUMN snoozed_until")
