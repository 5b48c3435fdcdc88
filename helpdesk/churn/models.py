"""Health as it was each day, and the flags of customers who may leave."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import Id, Model
from helpdesk.customers.models import Customer


class HealthSnapshot(Model):
    """What a customer's health was at the end of a day (UTC), and why."""

    __tablename__ = "health_snapshot"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    day: Mapped[date]
    risk: Mapped[int]
    points: Mapped[list[Any]]
    """Each reason: {"family", "key", "value", "counted", "reason", "ticket_ids"}."""
    missing: Mapped[list[Any]]
    """What was not known, in words."""
    coverage: Mapped[float]
    clears: Mapped[list[Any]]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("customer_id", "day"),
        Index("ix_health_snapshot_day", "day"),
    )

    @property
    def health(self) -> int:
        return 100 - self.risk


class FlagState(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    WORKING = "working"
    SAVED = "saved"
    LOST = "lost"
    FALSE_ALARM = "false_alarm"
    CLEARED = "cleared"  # the risk fell before anybody had to do anything


OPEN = (FlagState.RAISED, FlagState.ACKNOWLEDGED, FlagState.WORKING)
OUTCOMES = (FlagState.SAVED, FlagState.LOST, FlagState.FALSE_ALARM)


class ChurnFlag(Model):
    """A customer may leave: since when, why, who looks after it, and what became of it."""

    __tablename__ = "churn_flag"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    state: Mapped[FlagState] = mapped_column(default=FlagState.RAISED)
    risk: Mapped[int]
    """Risk when it was raised; the present one is on the customer."""
    points: Mapped[list[Any]]
    """The reasons when it was raised."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    """What was done, written by whoever closed it."""

    customer: Mapped[Customer] = relationship()
    owner: Mapped[Account | None] = relationship()

    __table_args__ = (
        Index(
            "uq_churn_flag_open",
            "customer_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_churn_flag_state", "state", "raised_at", "id"),
        Index("ix_churn_flag_customer", "customer_id", "raised_at"),
        Index("ix_churn_flag_closed_at", "closed_at"),
    )

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
