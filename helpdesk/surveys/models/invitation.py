"""The decision whether to ask somebody once."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import Id, Model
from helpdesk.customers.models import Customer
from helpdesk.mail.models import OutboundEmail
from helpdesk.surveys.models.standing import State, standing_of
from helpdesk.surveys.models.survey import Kind, Survey
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import Ticket

if TYPE_CHECKING:
    from helpdesk.surveys.models.response import Response


class Channel(StrEnum):
    MAIL = "mail"
    PORTAL = "portal"  # shown to those who sign in; nothing is mailed


class Invitation(Model):
    """The decision whether to ask one customer once: asked, or not asked and why.

    A ticket has one for each time it was resolved.
    """

    __tablename__ = "survey_invitation"
    id: Mapped[Id]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    kind: Mapped[Kind]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    resolved_at: Mapped[datetime | None]
    """Which resolution of the ticket it asks about."""
    state: Mapped[State]
    reason: Mapped[Reason | None]
    """Why it is suppressed or withdrawn."""
    email: Mapped[str | None]
    """The address it goes to."""
    language: Mapped[str] = mapped_column(default="en")

    created_at: Mapped[datetime]
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    """When its mail was written down; counts against the contact budget."""
    expires_at: Mapped[datetime | None]
    email_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_email.id"), unique=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who had the ticket when it was sent; later reassignment changes nothing."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))

    channel: Mapped[Channel] = mapped_column(default=Channel.MAIL, server_default="mail")
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("survey_rule.id", ondelete="SET NULL"))
    """Which rule chose the question."""
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who had it sent, where that was a person and not a rule."""
    experiment_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_experiment.id", ondelete="SET NULL")
    )
    arm: Mapped[str | None] = mapped_column(String(40))
    reminded_at: Mapped[datetime | None]
    """When its one reminder was written down; from then on never again."""
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_email.id"), unique=True)

    survey: Mapped[Survey] = relationship()
    customer: Mapped[Customer] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    mail: Mapped[OutboundEmail | None] = relationship(foreign_keys=email_id)
    reminder: Mapped[OutboundEmail | None] = relationship(foreign_keys=reminder_id)
    assignee: Mapped[Account | None] = relationship(foreign_keys=assignee_id)
    asked_by: Mapped[Account | None] = relationship(foreign_keys=asked_by_id)
    team: Mapped[Team | None] = relationship()
    credits: Mapped[list["Credit"]] = relationship(cascade="all, delete-orphan")
    response: Mapped["Response | None"] = relationship(back_populates="invitation")

    __table_args__ = (
        UniqueConstraint("ticket_id", "resolved_at"),
        Index(
            "uq_survey_invitation_waiting_nps",
            "customer_id",
            unique=True,
            sqlite_where=text("kind = 'nps' AND state = 'waiting'"),
            postgresql_where=text("kind = 'nps' AND state = 'waiting'"),
        ),
        Index("ix_survey_invitation_due", "state", "send_at"),
        Index("ix_survey_invitation_expiry", "state", "expires_at"),
        Index("ix_survey_invitation_reason", "state", "reason", "created_at"),
        Index("ix_survey_invitation_customer", "customer_id", "sent_at"),
        Index("ix_survey_invitation_organization", "organization_id", "sent_at"),
        Index("ix_survey_invitation_sent_at", "sent_at"),
        Index("ix_survey_invitation_created_at", "created_at", "id"),
        Index("ix_survey_invitation_experiment", "experiment_id", "arm"),
    )

    @property
    def standing(self) -> str:
        """Its state, or what became of its mail where that says more: bounced, in_doubt,
        parked."""
        return standing_of(self.state, self.mail.state if self.mail else None)

    def is_open(self, at: datetime) -> bool:
        """Whether an answer can be given or changed."""
        asked = self.state in (State.SENT, State.ANSWERED)
        return asked and self.expires_at is not None and at < self.expires_at


class Credit(Model):
    """The share of an agent in the public replies of a ticket, frozen when the survey was sent;
    the shares of one invitation add up to 1."""

    __tablename__ = "survey_credit"
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("survey_invitation.id", ondelete="CASCADE"), primary_key=True
    )
    agent_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    share: Mapped[float]
