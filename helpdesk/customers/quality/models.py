"""What was found about a record, until it is mended or somebody says that it looks right."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core.db import Id, Model
from helpdesk.customers.models import STAYS


class RecordFinding(Model):
    """A flaw of a customer's or an organization's record. `reason` says in words what was seen, so
    that another reason means that the data changed. It names no address and no number."""

    __tablename__ = "record_finding"
    id: Mapped[Id]
    kind: Mapped[int]
    """Its number among `quality.kinds`, by which the list is sorted."""
    subject: Mapped[str] = mapped_column(String(60))
    """What it is about, as one word: `customer-4`, `customer-4-7` or `organization-9`."""
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True, info=STAYS
    )
    other_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True, info=STAYS
    )
    """The other one, where two records contradict or repeat one another."""
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str]
    found_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None] = mapped_column()
    """When somebody said that it looks right."""
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index(
            "ix_record_finding_open",
            "kind",
            "id",
            sqlite_where=dismissed_at.is_(None),
            postgresql_where=dismissed_at.is_(None),
        ),
        Index(
            "ix_record_finding_dismissed",
            "dismissed_at",
            "id",
            sqlite_where=dismissed_at.is_not(None),
            postgresql_where=dismissed_at.is_not(None),
        ),
    )
