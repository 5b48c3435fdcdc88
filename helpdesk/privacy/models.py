"""Erasures, what stands against them, and how long things are kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import BIG_ID, Id, Model
from helpdesk.customers.models import STAYS, Customer


class LegalHold(Model):
    """Why a person's data must not be erased for now, such as a lawsuit."""

    __tablename__ = "legal_hold"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    reason: Mapped[str]
    placed_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account] = relationship(foreign_keys=by_id)

    __table_args__ = (Index("ix_legal_hold_customer", "customer_id", "lifted_at"),)


class Stage(StrEnum):
    ASKED = "asked"
    REFUSED = "refused"
    CONFIRMED = "confirmed"  # the job is to do it
    SWEEPING = "sweeping"  # the rows are done; traces elsewhere are looked for
    DONE = "done"


class Erasure(Model):
    """That a person's data was to be erased, and what became of it; without the data."""

    __tablename__ = "erasure"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True, info=STAYS)
    stage: Mapped[Stage] = mapped_column(default=Stage.ASKED)
    why: Mapped[str]
    """Who wants it and why, in words about the request and not about the person."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    refusal: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
    traces: Mapped[list[Any] | None]
    """Words to look for until it is done; then nothing."""
    paths: Mapped[list[Any] | None]
    """Files to remove until it is done; then nothing."""
    swept: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    """Tables that were looked through."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """How many of what were erased."""

    customer: Mapped[Customer] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)

    __table_args__ = (Index("ix_erasure_stage", "stage", "id"),)


class ForgottenTicket(Model):
    """A ticket whose words are gone; everything that is counted stays."""

    __tablename__ = "forgotten_ticket"
    ticket_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]


class RetentionRule(Model):
    """After how many days things of a kind are forgotten. Nothing is unless somebody says so."""

    __tablename__ = "retention_rule"
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    days: Mapped[int]
    active: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    last_run_at: Mapped[datetime | None]
    last_count: Mapped[int] = mapped_column(default=0)

    changed_by: Mapped[Account] = relationship()
