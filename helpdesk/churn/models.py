"""Health as it was each day, and the flags of customers who may leave."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import Id, Model
from helpdesk.customers.models import STAYS, Customer


class HealthSnapshot(Model):
    """What a customer's health was at the end of a day (UTC), and why."""

    __tablename__ = "health_snapshot"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), info=STAYS
    )
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
    due_at: Mapped[datetime | None]
    """Until when somebody should have dealt with it."""
    withheld_at: Mapped[datetime | None]
    """When lot said that nothing begins by itself, so that one can tell whether it helps."""
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


class RiskWeights(Model):
    """Points and caps that somebody adopted. Never edited: what is adopted next is a new row, and
    the last row holds."""

    __tablename__ = "risk_weights"
    id: Mapped[Id]
    points: Mapped[dict[str, Any]]
    """By rule."""
    caps: Mapped[dict[str, Any]]
    """By family."""
    basis: Mapped[str] = mapped_column(String(20))
    """By hand, re-fit, or return to earlier ones."""
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account] = relationship()


class Backtest(Model):
    """A look at the past that somebody asked for, and what it found."""

    __tablename__ = "backtest"
    id: Mapped[Id]
    asked_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime | None]
    error: Mapped[str | None]
    result: Mapped[dict[str, Any] | None]

    by: Mapped[Account | None] = relationship()


class Doing(StrEnum):
    CALL = "call"
    MAIL = "mail"
    OFFER = "offer"
    CHECK_IN = "check_in"
    TASK = "task"  # something that the customer does not notice


class Playbook(Model):
    """What to do about a customer who may leave."""

    __tablename__ = "playbook"
    id: Mapped[Id]
    name: Mapped[str]
    rule_key: Mapped[str] = mapped_column(String(40), default="")
    """The reason that begins it by itself; empty where only a person does."""
    least_risk: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    retired_at: Mapped[datetime | None]

    by: Mapped[Account] = relationship()
    steps: Mapped[list["PlaybookStep"]] = relationship(
        order_by="PlaybookStep.position", cascade="all, delete-orphan"
    )


class PlaybookStep(Model):
    """A step as it is written down."""

    __tablename__ = "playbook_step"
    id: Mapped[Id]
    playbook_id: Mapped[int] = mapped_column(
        ForeignKey("playbook.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str]
    doing: Mapped[Doing]
    after_days: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    """Words for it, with names of facts in braces."""


class PlaybookRun(Model):
    """A playbook that was begun for a flag; once for each."""

    __tablename__ = "playbook_run"
    id: Mapped[Id]
    playbook_id: Mapped[int] = mapped_column(ForeignKey("playbook.id"), index=True)
    flag_id: Mapped[int] = mapped_column(
        ForeignKey("churn_flag.id", ondelete="CASCADE"), unique=True
    )
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    """As the playbook was called then."""
    begun_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """None where a rule began it."""
    ended_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()
    flag: Mapped[ChurnFlag] = relationship()
    by: Mapped[Account | None] = relationship()
    tasks: Mapped[list["PlaybookTask"]] = relationship(
        back_populates="run", order_by="PlaybookTask.position", cascade="all, delete-orphan"
    )


class PlaybookTask(Model):
    """A step that waits for somebody, or is done."""

    __tablename__ = "playbook_task"
    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(
        ForeignKey("playbook_run.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str]
    doing: Mapped[Doing]
    text: Mapped[str] = mapped_column(default="")
    """The words, filled from the record when it was begun."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column()
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str] = mapped_column(default="")

    run: Mapped[PlaybookRun] = relationship(back_populates="tasks")
    owner: Mapped[Account | None] = relationship(foreign_keys=[owner_id])
    done_by: Mapped[Account | None] = relationship(foreign_keys=[done_by_id])

    __table_args__ = (
        Index(
            "ix_playbook_task_due",
            "due_at",
            sqlite_where=done_at.is_(None),
            postgresql_where=done_at.is_(None),
        ),
    )
