"""design surveys

Revision ID: 0020_design_surveys
Revises: 0011_promise
Created: 2026-11-23 08:03:26.286010+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020_design_surveys"
down_revision = "0011_promise"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_experiment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "split",
            sa.Enum(
                "delay", "wording", "scale", "channel", name="split", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("arms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("stop_after", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_experiment")),
    )
    op.create_table(
        "survey_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_most", sa.Integer(), nullable=False),
        sa.Column("person_days", sa.Integer(), nullable=True),
        sa.Column("organization_most", sa.Integer(), nullable=False),
        sa.Column("organization_days", sa.Integer(), nullable=True),
        sa.Column("holdout_percent", sa.Integer(), nullable=False),
        sa.Column("reminder_days", sa.Integer(), nullable=False),
        sa.Column("send_from", sa.Integer(), nullable=False),
        sa.Column("send_until", sa.Integer(), nullable=False),
        sa.Column("on_weekends", sa.Boolean(), nullable=False),
        sa.Column("warm_up_from", sa.Integer(), nullable=True),
        sa.Column("warm_up_growth", sa.Integer(), nullable=False),
        sa.Column("warm_up_since", sa.Date(), nullable=True),
        sa.Column("colour", sa.String(length=7), nullable=True),
        sa.Column("logo", sa.String(), nullable=True),
        sa.Column("logo_type", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_policy")),
    )
    op.create_table(
        "survey_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("tag", sa.String(), nullable=True),
        sa.Column("first_contact", sa.Boolean(), nullable=False),
        sa.Column("delay_hours", sa.Integer(), nullable=True),
        sa.Column("business_hours", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_survey_rule_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_survey_rule_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_rule")),
    )
    with op.batch_alter_table("survey_rule", schema=None) as batch_op:
        batch_op.create_index("ix_survey_rule_position", ["position", "id"], unique=False)

    op.create_table(
        "survey_follow_up",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "trigger",
            sa.Enum("low_score", "negative_comment", name="trigger", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "cause",
            sa.Enum(
                "slow",
                "not_solved",
                "unfriendly",
                "unclear",
                "product",
                "price",
                "misunderstanding",
                "other",
                name="cause",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "solved",
                "explained",
                "made_good",
                "passed_on",
                "unreached",
                "nothing",
                name="outcome",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("told", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_survey_follow_up_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_survey_follow_up_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["survey_response.id"],
            name=op.f("fk_survey_follow_up_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_survey_follow_up_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_follow_up")),
        sa.UniqueConstraint("response_id", name=op.f("uq_survey_follow_up_response_id")),
    )
    with op.batch_alter_table("survey_follow_up", schema=None) as batch_op:
        batch_op.create_index(
            "ix_survey_follow_up_customer", ["customer_id", "closed_at"], unique=False
        )
        batch_op.create_index(
            "ix_survey_follow_up_open",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_survey_follow_up_opened_at", ["opened_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_survey_follow_up_ticket_id"), ["ticket_id"], unique=False
        )

    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column(
                "scale",
                sa.Enum(
                    "numbers",
                    "stars",
                    "faces",
                    "thumbs",
                    "words",
                    name="scale",
                    native_enum=False,
                    length=20,
                ),
                server_default="numbers",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "reasons",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'[]'"),
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "texts",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("language", sa.String(length=12), server_default="en", nullable=False)
        )
        batch_op.drop_constraint(batch_op.f("uq_survey_kind_version"), type_="unique")
    op.execute(
        "UPDATE survey SET title = CASE kind WHEN 'nps' THEN 'About us' ELSE 'After a request' END"
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_survey_title_version"), ["title", "version"]
        )

    with op.batch_alter_table("survey_click", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("program", sa.String(length=120), server_default="", nullable=False)
        )
        batch_op.create_index("ix_survey_click_clicked_at", ["clicked_at"], unique=False)

    with op.batch_alter_table("survey_invitation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "channel",
                sa.Enum("mail", "portal", name="channel", native_enum=False, length=20),
                server_default="mail",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "experiment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("arm", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "reminder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_index(
            "ix_survey_invitation_experiment", ["experiment_id", "arm"], unique=False
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_survey_invitation_reminder_id"), ["reminder_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_survey_invitation_reminder_id"),
            "outbound_email",
            ["reminder_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_survey_invitation_rule_id"),
            "survey_rule",
            ["rule_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_survey_invitation_experiment_id"),
            "survey_experiment",
            ["experiment_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_survey_invitation_asked_by_id"), "account", ["asked_by_id"], ["id"]
        )

    with op.batch_alter_table("survey_response", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reasons",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'[]'"),
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("door", sa.String(length=10), server_default="page", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("survey_response", schema=None) as batch_op:
        batch_op.drop_column("door")
        batch_op.drop_column("reasons")

    with op.batch_alter_table("survey_invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_survey_invitation_asked_by_id"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_survey_invitation_experiment_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_survey_invitation_rule_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_survey_invitation_reminder_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_survey_invitation_reminder_id"), type_="unique")
        batch_op.drop_index("ix_survey_invitation_experiment")
        batch_op.drop_column("reminder_id")
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("arm")
        batch_op.drop_column("experiment_id")
        batch_op.drop_column("asked_by_id")
        batch_op.drop_column("rule_id")
        batch_op.drop_column("channel")

    with op.batch_alter_table("survey_click", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_click_clicked_at")
        batch_op.drop_column("program")

    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_survey_title_version"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_survey_kind_version"), ["kind", "version"])
        batch_op.drop_column("language")
        batch_op.drop_column("texts")
        batch_op.drop_column("reasons")
        batch_op.drop_column("scale")
        batch_op.drop_column("title")

    with op.batch_alter_table("survey_follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_follow_up_ticket_id"))
        batch_op.drop_index("ix_survey_follow_up_opened_at")
        batch_op.drop_index(
            "ix_survey_follow_up_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index("ix_survey_follow_up_customer")

    op.drop_table("survey_follow_up")
    with op.batch_alter_table("survey_rule", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_rule_position")

    op.drop_table("survey_rule")
    op.drop_table("survey_policy")
    op.drop_table("survey_experiment")
