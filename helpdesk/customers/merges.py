"""What merges are remembered by: which record went into which, and every row that moved."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import BIG_ID, Id, Model
from helpdesk.customers.models import STAYS, Customer


class CustomerMerge(Model):
    """A person found that two records are one person's. The record that went is kept, empty, so
    that all of it can be taken back."""

    __tablename__ = "customer_merge"
    id: Mapped[Id]
    kept_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True, info=STAYS)
    gone_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True, info=STAYS)
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changes: Mapped[list[Any]]
    """What it changed in the records themselves: [table, id, field, before, after]."""
    highest: Mapped[dict[str, Any]]
    """The highest id of each table at that moment: what is above it came later."""

    kept: Mapped[Customer] = relationship(foreign_keys=kept_id)
    gone: Mapped[Customer] = relationship(foreign_keys=gone_id)
    by: Mapped[Account] = relationship(foreign_keys=by_id)


class CustomerMove(Model):
    """A row that belonged to the record that went. `place` is table and column."""

    __tablename__ = "customer_move"
    merge_id: Mapped[int] = mapped_column(
        ForeignKey("customer_merge.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[str] = mapped_column(String(80), primary_key=True)
    row_id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)


class Duplicate(Model):
    """Two records that may be one person's, and why; the one with the lower id first. Once a
    person said that they are not, that is remembered."""

    __tablename__ = "customer_duplicate"
    id: Mapped[Id]
    first_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), info=STAYS)
    second_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True, info=STAYS
    )
    reasons: Mapped[list[Any]]
    """In words."""
    score: Mapped[float]
    """0 to 1, for the order of the list."""
    found_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None] = mapped_column()
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    first: Mapped[Customer] = relationship(foreign_keys=first_id)
    second: Mapped[Customer] = relationship(foreign_keys=second_id)

    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index(
            "ix_customer_duplicate_open",
            "score",
            "id",
            sqlite_where=text("dismissed_at IS NULL"),
            postgresql_where=text("dismissed_at IS NULL"),
        ),
    )
