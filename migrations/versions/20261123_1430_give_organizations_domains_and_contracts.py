"""give organizations domains and contracts

Revision ID: organization_domains
Revises: contact_points
Created: 2026-11-23 14:30:11.105447+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "organization_domains"
down_revision = "contact_points"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "organization_domain",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column(
            "domain",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_domain_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_domain")),
        sa.UniqueConstraint(
            "organization_id", "domain", name=op.f("uq_organization_domain_organization_id_domain")
        ),
    )
    op.create_index(op.f("ix_organization_domain_domain"), "organization_domain", ["domain"])
    op.execute(
        "INSERT INTO organization_domain (organization_id, domain)"
        " SELECT id, lower(domain) FROM organization WHERE domain IS NOT NULL ORDER BY id"
    )
    _drop_name_lower()
    with op.batch_alter_table("organization") as batch:
        batch.drop_constraint("uq_organization_domain", type_="unique")
        batch.drop_column("domain")
        batch.add_column(_name_lower())
        batch.add_column(sa.Column("contract_amount", sa.Numeric(12, 2), nullable=True))
        batch.add_column(sa.Column("contract_currency", sa.String(3), nullable=True))
        batch.add_column(sa.Column("contract_since", sa.Date(), nullable=True))
        batch.add_column(sa.Column("owner_id", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_organization_owner_id"), "account", ["owner_id"], ["id"])
    op.create_index(op.f("ix_organization_name_lower"), "organization", ["name_lower"])


def _drop_name_lower() -> None:
    """SQLite makes the table anew, and a column that is computed cannot be copied."""
    op.drop_index(op.f("ix_organization_name_lower"), "organization")
    op.drop_column("organization", "name_lower")


def _name_lower() -> sa.Column[str]:
    return sa.Column(
        "name_lower",
        sa.String().with_variant(sa.String(collation="C"), "postgresql"),
        sa.Computed("lower(name)", persisted=True),
        nullable=False,
    )


def downgrade() -> None:
    _drop_name_lower()
    with op.batch_alter_table("organization") as batch:
        batch.add_column(_name_lower())
        batch.drop_constraint(op.f("fk_organization_owner_id"), type_="foreignkey")
        batch.drop_column("owner_id")
        batch.drop_column("contract_since")
        batch.drop_column("contract_currency")
        batch.drop_column("contract_amount")
        batch.add_column(sa.Column("domain", sa.String(), nullable=True))
        batch.create_unique_constraint("uq_organization_domain", ["domain"])
    op.create_index(op.f("ix_organization_name_lower"), "organization", ["name_lower"])
    op.execute(
        "UPDATE organization SET domain = (SELECT min(domain) FROM organization_domain AS d"
        " WHERE d.organization_id = organization.id AND NOT EXISTS"
        " (SELECT 1 FROM organization_domain AS o WHERE o.domain = d.domain"
        " AND o.organization_id < d.organization_id))"
    )
    op.drop_table("organization_domain")
