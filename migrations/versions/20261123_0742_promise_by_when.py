"""promise by when

Revision ID: 0011_promise
Revises: 0010_take_mail_in
Created: 2026-11-23 07:42:05.625323+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_promise"
down_revision = "0010_take_mail_in"
branch_labels = None
depends_on = None


COLUMNS = ("sla_policy_id", "due_for", "due_at", "answered_at", "asked_at", "last_replied_at")
# Of closed tickets nothing is owed any more, and nobody asks when they were asked.
ASKED = "UPDATE ticket SET asked_at = created_at WHERE channel <> 'desk' AND status <> 'closed'"
ASKED_AFTER_AN_AGENT = """
    UPDATE ticket SET asked_at = (
        SELECT min(message.created_at) FROM message
        LEFT JOIN account ON account.id = message.author_id
        WHERE message.ticket_id = ticket.id AND message.kind = 'customer'
        AND (account.id IS NULL OR account.role = 'customer')
    ) WHERE channel = 'desk' AND status <> 'closed'
"""
REPLIED = """
    UPDATE ticket SET last_replied_at = (
        SELECT max(message.created_at) FROM message
        WHERE message.ticket_id = ticket.id AND message.kind = 'agent'
    ) WHERE status <> 'closed'
"""
ANSWERED = """
    UPDATE ticket SET answered_at = first_replied_at WHERE channel <> 'desk' AND status <> 'closed'
"""
ANSWERED_AFTER_AN_AGENT = """
    UPDATE ticket SET answered_at = (
        SELECT min(message.created_at) FROM message
        WHERE message.ticket_id = ticket.id AND message.kind = 'agent'
        AND message.created_at > ticket.asked_at
    ) WHERE channel = 'desk' AND status <> 'closed'
"""
PAUSED = """
    INSERT INTO ticket_pause (ticket_id, status, started_at)
    SELECT id, status, active_at FROM ticket WHERE status IN ('pending', 'on_hold')
"""


def _add_columns() -> None:
    """On SQLite without making the table anew, which takes long when it is large."""
    for name in ("last_replied_at", "asked_at", "answered_at", "due_at"):
        op.add_column("ticket", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("due_for", sa.String(length=20), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE ticket ADD COLUMN sla_policy_id INTEGER"
            " CONSTRAINT fk_ticket_sla_policy_id REFERENCES sla_policy (id)"
        )
    else:
        op.add_column("ticket", sa.Column("sla_policy_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            "fk_ticket_sla_policy_id", "ticket", "sla_policy", ["sla_policy_id"], ["id"]
        )
    op.create_index(
        "ix_ticket_due_at",
        "ticket",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def upgrade() -> None:
    op.create_table(
        "business_hours",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("week", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("region", sa.String(length=10), nullable=True),
        sa.Column(
            "public_days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "own_days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_hours")),
        sa.UniqueConstraint("name", name=op.f("uq_business_hours_name")),
    )
    op.create_table(
        "agent_duty",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("hours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_agent_duty_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["business_hours.id"], name=op.f("fk_agent_duty_hours_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_agent_duty")),
    )
    op.create_table(
        "sla_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "priorities", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "team_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "organization_ids",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("first_response", sa.Integer(), nullable=True),
        sa.Column("next_response", sa.Integer(), nullable=True),
        sa.Column("update_every", sa.Integer(), nullable=True),
        sa.Column("resolution", sa.Integer(), nullable=True),
        sa.Column("total_resolution", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["business_hours.id"], name=op.f("fk_sla_policy_hours_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_policy")),
    )
    op.create_table(
        "sla_recount",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_sla_recount_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_recount")),
    )
    with op.batch_alter_table("sla_recount", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sla_recount_unfinished",
            ["id"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "team_distribution",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "by_hand",
                "round_robin",
                "least_loaded",
                name="method",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_distribution_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_team_distribution")),
    )
    op.create_table(
        "team_turn",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_team_turn_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_turn_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "account_id", name=op.f("pk_team_turn")),
    )
    op.create_table(
        "sla_clock",
        sa.Column(
            "ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "target",
            sa.Enum(
                "first_response",
                "next_response",
                "update",
                "resolution",
                "total_resolution",
                name="target",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["sla_policy.id"], name=op.f("fk_sla_clock_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_sla_clock_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "target", name=op.f("pk_sla_clock")),
    )
    with op.batch_alter_table("sla_clock", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sla_clock_look_at",
            ["look_at"],
            unique=False,
            sqlite_where=sa.text("look_at IS NOT NULL"),
            postgresql_where=sa.text("look_at IS NOT NULL"),
        )

    op.create_table(
        "ticket_pause",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "open",
                "pending",
                "on_hold",
                "resolved",
                "closed",
                name="status",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "started_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("ended_because", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_ticket_pause_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["account.id"], name=op.f("fk_ticket_pause_started_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_pause_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_pause")),
    )
    with op.batch_alter_table("ticket_pause", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_pause_ticket", ["ticket_id", "id"], unique=False)

    op.create_table(
        "unassigned_ticket",
        sa.Column(
            "ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_unassigned_ticket_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_unassigned_ticket_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_unassigned_ticket")),
    )
    with op.batch_alter_table("unassigned_ticket", schema=None) as batch_op:
        batch_op.create_index(
            "ix_unassigned_ticket_team", ["team_id", "since", "ticket_id"], unique=False
        )

    _add_columns()
    op.execute(ASKED)
    op.execute(ASKED_AFTER_AN_AGENT)
    op.execute(ANSWERED)
    op.execute(ANSWERED_AFTER_AN_AGENT)
    op.execute(REPLIED)
    op.execute(PAUSED)


def downgrade() -> None:
    op.drop_index("ix_ticket_due_at", "ticket")
    if op.get_bind().dialect.name != "sqlite":  # where it goes with its column
        op.drop_constraint("fk_ticket_sla_policy_id", "ticket", type_="foreignkey")
    for name in COLUMNS:
        op.execute(f"ALTER TABLE ticket DROP COLUMN {name}")

    with op.batch_alter_table("unassigned_ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_unassigned_ticket_team")

    op.drop_table("unassigned_ticket")
    with op.batch_alter_table("ticket_pause", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_pause_ticket")

    op.drop_table("ticket_pause")
    with op.batch_alter_table("sla_clock", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_sla_clock_look_at",
            sqlite_where=sa.text("look_at IS NOT NULL"),
            postgresql_where=sa.text("look_at IS NOT NULL"),
        )

    op.drop_table("sla_clock")
    op.drop_table("team_turn")
    op.drop_table("team_distribution")
    with op.batch_alter_table("sla_recount", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_sla_recount_unfinished",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.drop_table("sla_recount")
    op.drop_table("sla_policy")
    op.drop_table("agent_duty")
    op.drop_table("business_hours")
