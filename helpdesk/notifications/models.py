"""What agents are told, and how each of them wants to be."""

from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import Id, Model
from helpdesk.notifications.quiet import Quiet


class Kind(StrEnum):
    ASSIGNED = "assigned"
    REPLIED = "replied"
    MENTIONED = "mentioned"
    WATCHED = "watched"
    SLA = "sla"
    BOUNCED = "bounced"
    FOLLOW_UP = "follow_up"
    CHURN = "churn"
    BULK = "bulk"


class Way(StrEnum):
    PAGE = "page"  # in the page alone
    AT_ONCE = "at_once"  # and by mail, soon
    DAILY = "daily"  # and in one mail a day
    NEVER = "never"


KINDS = {
    Kind.ASSIGNED: "A ticket is given to me",
    Kind.REPLIED: "A customer wrote on a ticket of mine",
    Kind.MENTIONED: "Somebody calls me by name",
    Kind.WATCHED: "Something happens on a ticket that I watch",
    Kind.SLA: "A promise on a ticket of mine is about to be broken, or is",
    Kind.BOUNCED: "A reply of mine could not be delivered",
    Kind.FOLLOW_UP: "A follow-up of mine is due",
    Kind.CHURN: "A customer who may leave is given to me",
    Kind.BULK: "A bulk edit of mine is done",
}
DEFAULT = Way.PAGE


class Notification(Model):
    """Something one agent is told, once for each cause. It holds no customer's words."""

    __tablename__ = "notification"
    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(String(80))
    """What it is because of; nobody is told of one cause twice."""
    kind: Mapped[Kind]
    words: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), index=True
    )
    address: Mapped[str] = mapped_column(default="")
    """Where it leads, where that is not the ticket."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column()
    mail_at: Mapped[datetime | None] = mapped_column()
    """When a mail is due; NULL when none is, or it went."""

    account: Mapped[Account] = relationship()

    __table_args__ = (
        UniqueConstraint("account_id", "cause"),
        Index("ix_notification_account", "account_id", "created_at", "id"),
        Index(
            "ix_notification_unread",
            "account_id",
            sqlite_where=read_at.is_(None),
            postgresql_where=read_at.is_(None),
        ),
        Index(
            "ix_notification_mail_at",
            "mail_at",
            sqlite_where=mail_at.is_not(None),
            postgresql_where=mail_at.is_not(None),
        ),
    )


class Wish(Model):
    """How one agent wants to be told of one kind, where that is not `DEFAULT`."""

    __tablename__ = "notification_wish"
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[Kind] = mapped_column(primary_key=True)
    way: Mapped[Way]


class QuietHours(Model):
    """When one agent gets no mail, and when the daily one comes: minutes of the day where they
    live."""

    __tablename__ = "notification_hours"
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    weekends: Mapped[bool] = mapped_column(default=False)
    """Quiet on Saturday and Sunday as well."""
    daily_at: Mapped[int] = mapped_column(default=8 * 60)

    def rule(self, zone: ZoneInfo) -> Quiet:
        """As the arithmetic wants it."""
        between = None
        if self.quiet_from is not None and self.quiet_until is not None:
            between = (_time(self.quiet_from), _time(self.quiet_until))
        return Quiet(zone, between, self.weekends, _time(self.daily_at))


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
