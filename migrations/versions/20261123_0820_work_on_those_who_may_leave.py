"""work on those who may leave

Revision ID: work_on_leavers
Revises: remember_corrections
Created: 2026-11-23 08:20:28.195975+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "work_on_leavers"
down_revision = "remember_corrections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backtest",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column(
            "result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_backtest_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backtest")),
    )
    op.create_table(
        "playbook",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rule_key", sa.String(length=40), nullable=False),
        sa.Column("least_risk", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_playbook_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook")),
    )
    op.create_table(
        "risk_weights",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "points", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("caps", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_risk_weights_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_weights")),
    )
    op.create_table(
        "playbook_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "playbook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "doing",
            sa.Enum(
                "call",
                "mail",
                "offer",
                "check_in",
                "task",
                name="doing",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["playbook_id"],
            ["playbook.id"],
            name=op.f("fk_playbook_step_playbook_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook_step")),
    )
    with op.batch_alter_table("playbook_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_playbook_step_playbook_id"), ["playbook_id"], unique=False
        )

    op.create_table(
        "playbook_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "playbook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("flag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_playbook_run_by_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_playbook_run_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["churn_flag.id"], name=op.f("fk_playbook_run_flag_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["playbook_id"], ["playbook.id"], name=op.f("fk_playbook_run_playbook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook_run")),
        sa.UniqueConstraint("flag_id", name=op.f("uq_playbook_run_flag_id")),
    )
    with op.batch_alter_table("playbook_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_playbook_run_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_playbook_run_playbook_id"), ["playbook_id"], unique=False
        )

    op.create_table(
        "playbook_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "doing",
            sa.Enum(
                "call",
                "mail",
                "offer",
                "check_in",
                "task",
                name="doing",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "done_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["account.id"], name=op.f("fk_playbook_task_done_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_playbook_task_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["playbook_run.id"],
            name=op.f("fk_playbook_task_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook_task")),
    )
    with op.batch_alter_table("playbook_task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_playbook_task_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_playbook_task_run_id"), ["run_id"], unique=False)

    with op.batch_alter_table("churn_flag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withheld_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("churn_flag", schema=None) as batch_op:
        batch_op.drop_column("withheld_at")
        batch_op.drop_column("due_at")

    with op.batch_alter_table("playbook_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_playbook_task_run_id"))
        batch_op.drop_index(
            "ix_playbook_task_due",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("playbook_task")
    with op.batch_alter_table("playbook_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_playbook_run_playbook_id"))
        batch_op.drop_index(batch_op.f("ix_playbook_run_customer_id"))

    op.drop_table("playbook_run")
    with op.batch_alter_table("playbook_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_playbook_step_playbook_id"))

    op.drop_table("playbook_step")
    op.drop_table("risk_weights")
    op.drop_table("playbook")
    op.drop_table("backtest")
