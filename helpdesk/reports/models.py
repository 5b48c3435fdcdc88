"""What happened that explains a curve, which reports are mailed to whom, and what is counted
already."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import Id, Model


class Sort(StrEnum):
    INCIDENT = "incident"
    RELEASE = "release"
    OTHER = "other"


class Occasion(Model):
    """Something that happened on a day: charts over time are marked with it."""

    __tablename__ = "report_occasion"
    id: Mapped[Id]
    day: Mapped[date] = mapped_column(index=True)
    sort: Mapped[Sort]
    text: Mapped[str] = mapped_column(String(80))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Subscription(Model):
    """A report that is mailed to somebody, of the week or the month that is over. It holds what
    was asked, never figures: what it shows is decided when it is sent."""

    __tablename__ = "report_subscription"
    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    page: Mapped[str] = mapped_column(String(20))
    rhythm: Mapped[Rhythm]
    asked: Mapped[dict[str, Any]]
    """What narrows it, as it stands in an address."""
    next_at: Mapped[datetime | None] = mapped_column()
    """When it is due again; NULL when it stopped."""
    last_at: Mapped[datetime | None]
    stopped_because: Mapped[str | None]
    made_at: Mapped[datetime]

    account: Mapped[Account] = relationship()

    __table_args__ = (
        Index(
            "ix_report_subscription_next_at",
            "next_at",
            sqlite_where=next_at.is_not(None),
            postgresql_where=next_at.is_not(None),
        ),
    )


class KeptCount(Model):
    """What was counted in one day, week or month where the company is; see `reports.rollups`."""

    __tablename__ = "report_kept"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    """The measure and its dimensions."""
    length: Mapped[str] = mapped_column(String(5))
    start: Mapped[date]
    zone: Mapped[str] = mapped_column(String(40))
    """The time zone in which the days begin."""
    cells: Mapped[str] = mapped_column(Text)
    """JSON: [values of the dimensions …, number or times] for each line."""

    __table_args__ = (UniqueConstraint("name", "length", "start"),)


class StaleDay(Model):
    """A day of UTC on which rows were changed afterwards. The database itself writes it."""

    __tablename__ = "report_stale"
    id: Mapped[Id]
    what: Mapped[str] = mapped_column(String(12))
    day: Mapped[date]
