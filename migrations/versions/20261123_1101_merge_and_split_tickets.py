"""merge and split tickets

Revision ID: merge_and_split
Revises: merge_customers
Created: 2026-11-23 11:01:40.642599+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "merge_and_split"
down_revision = "merge_customers"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WATCHED = "UPDATE ticket SET has_parts = {} WHERE id IN (SELECT ticket_id FROM ticket_watcher)"


def _add_reference(table: str, column: str) -> None:
    """A column that names a ticket, and an index over those that do. On SQLite without making the
    table anew, which takes long when it is large."""
    key = f"fk_{table}_{column}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER"
            f" CONSTRAINT {key} REFERENCES ticket (id)"
        )
    else:
        op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
        op.create_foreign_key(key, table, "ticket", [column], ["id"])
    known = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_{column}", table, [column], sqlite_where=known, postgresql_where=known
    )


def _drop_reference(table: str, column: str) -> None:
    op.drop_index(f"ix_{table}_{column}", table)
    if op.get_bind().dialect.name != "sqlite":  # where it goes with its column
        op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
    op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _create_record(name: str, other: str, at: str) -> None:
    op.create_table(
        name,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_id", BIG_ID, nullable=False),
        sa.Column(other, BIG_ID, nullable=False),
        sa.Column(at, sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", BIG_ID, nullable=True),
        sa.Column("saved", JSON, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=f"fk_{name}_by_id"),
        sa.ForeignKeyConstraint(["undone_by_id"], ["account.id"], name=f"fk_{name}_undone_by_id"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=f"fk_{name}_ticket_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            [other], ["ticket.id"], name=f"fk_{name}_{other}", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_ticket", name, ["ticket_id", "id"])
    op.create_index(f"ix_{name}_{other.removesuffix('_id')}", name, [other, "id"])


def upgrade() -> None:
    _add_reference("message", "came_to_id")
    _add_reference("ticket", "merged_into_id")
    op.add_column(
        "ticket", sa.Column("has_parts", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute(WATCHED.format("1" if op.get_bind().dialect.name == "sqlite" else "true"))
    _create_record("ticket_merge", "into_id", "merged_at")
    _create_record("ticket_splitting", "from_id", "split_at")


def downgrade() -> None:
    op.drop_table("ticket_splitting")
    op.drop_table("ticket_merge")
    op.execute("ALTER TABLE ticket DROP COLUMN has_parts")
    _drop_reference("ticket", "merged_into_id")
    _drop_reference("message", "came_to_id")
