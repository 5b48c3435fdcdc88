"""What is done about an unhappy answer."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import Id, Model
from helpdesk.customers.models import Customer
from helpdesk.surveys.models.response import Response
from helpdesk.tickets.models import Ticket


class Trigger(StrEnum):
    LOW_SCORE = "low_score"
    NEGATIVE_COMMENT = "negative_comment"

    @property
    def words(self) -> str:
        """What it was, to follow "because of"."""
        return "a low score" if self is Trigger.LOW_SCORE else "a strongly negative comment"


class Cause(StrEnum):
    """Why they were unhappy, as far as we found out."""

    SLOW = "slow"
    NOT_SOLVED = "not_solved"
    UNFRIENDLY = "unfriendly"
    UNCLEAR = "unclear"
    PRODUCT = "product"
    PRICE = "price"
    MISUNDERSTANDING = "misunderstanding"
    OTHER = "other"


class Outcome(StrEnum):
    SOLVED = "solved"
    EXPLAINED = "explained"
    MADE_GOOD = "made_good"
    PASSED_ON = "passed_on"
    UNREACHED = "unreached"
    NOTHING = "nothing"


class FollowUp(Model):
    """Somebody looks after an unhappy answer: owner, due time, cause, outcome, and what the
    customer is told. One for each answer."""

    __tablename__ = "survey_follow_up"
    id: Mapped[Id]
    response_id: Mapped[int] = mapped_column(
        ForeignKey("survey_response.id", ondelete="CASCADE"), unique=True
    )
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), index=True
    )
    trigger: Mapped[Trigger]
    score: Mapped[int]
    """What was answered when it was opened; a later change does not undo it."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    contacted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column()
    cause: Mapped[Cause | None]
    outcome: Mapped[Outcome | None]
    told: Mapped[str] = mapped_column(default="")
    """What became of it, in words for the customer."""

    response: Mapped[Response] = relationship()
    customer: Mapped[Customer] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    owner: Mapped[Account | None] = relationship()

    __table_args__ = (
        Index(
            "ix_survey_follow_up_open",
            "due_at",
            sqlite_where=closed_at.is_(None),
            postgresql_where=closed_at.is_(None),
        ),
        Index("ix_survey_follow_up_customer", "customer_id", "closed_at"),
        Index("ix_survey_follow_up_opened_at", "opened_at", "id"),
    )

    def is_late(self, at: datetime) -> bool:
        """Nobody has been in touch by the time it was due."""
        return self.closed_at is None and self.contacted_at is None and at > self.due_at
