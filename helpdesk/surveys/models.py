"""Questions, who was asked them and who was not, and the answers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import Id, Model
from helpdesk.customers.models import Customer
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.sentiment.models import Scored
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import Ticket


class Kind(StrEnum):
    CSAT = "csat"  # how was our help with this ticket
    NPS = "nps"  # would you recommend us


class State(StrEnum):
    """Where an invitation stands. Whether the mail of a sent one bounced, or nobody knows, its
    OutboundEmail says: see `Invitation.standing`."""

    WAITING = "waiting"
    SENT = "sent"  # its mail is written down; from here on never again
    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPPRESSED = "suppressed"


ASKED = (State.SENT, State.ANSWERED, State.EXPIRED)
MAILED = (State.SENT, State.EXPIRED, State.WITHDRAWN)
"""Nothing came back yet, so what became of the mail is the better answer."""
UNSURE = (Delivery.IN_DOUBT, Delivery.BOUNCED, Delivery.PARKED)
"""States of a mail that did not arrive, or may not have."""


def standing_of(state: State, delivery: Delivery | None) -> str:
    """The state, or what became of the mail where that says more: bounced, in_doubt, parked."""
    unsure = state in MAILED and delivery in UNSURE
    return delivery.value if delivery and unsure else state.value


class Survey(Model):
    """A question as it is asked. It is never edited: a new wording is a new row, so that old
    answers keep the question they answered."""

    __tablename__ = "survey"
    id: Mapped[Id]
    kind: Mapped[Kind]
    version: Mapped[int] = mapped_column(default=1)
    question: Mapped[str]
    """May hold {subject} and {company}."""
    comment_label: Mapped[str]
    low_label: Mapped[str]
    high_label: Mapped[str]
    lowest: Mapped[int]
    highest: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("kind", "version"),)

    @property
    def scores(self) -> range:
        """Every score that can be given, lowest first."""
        return range(self.lowest, self.highest + 1)


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

    survey: Mapped[Survey] = relationship()
    customer: Mapped[Customer] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    mail: Mapped[OutboundEmail | None] = relationship()
    assignee: Mapped[Account | None] = relationship()
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


class Response(Scored, Model):
    """What a customer answered. Ticket, agent and team are those of the moment of sending."""

    __tablename__ = "survey_response"
    id: Mapped[Id]
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("survey_invitation.id", ondelete="CASCADE"), unique=True
    )
    kind: Mapped[Kind]
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))

    invitation: Mapped[Invitation] = relationship(back_populates="response")
    customer: Mapped[Customer] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    agent: Mapped[Account | None] = relationship()
    team: Mapped[Team | None] = relationship()
    revisions: Mapped[list["ResponseRevision"]] = relationship(order_by="ResponseRevision.id")

    __table_args__ = (
        Index("ix_survey_response_kind", "kind", "created_at"),
        Index("ix_survey_response_agent", "agent_id", "created_at"),
        Index("ix_survey_response_team", "team_id", "created_at"),
        Index("ix_survey_response_customer", "customer_id", "created_at"),
        Index("ix_survey_response_ticket", "ticket_id", "created_at"),
        Index(
            "ix_survey_response_unscored",
            "id",
            sqlite_where=text("scored_at IS NULL AND comment <> ''"),
            postgresql_where=text("scored_at IS NULL AND comment <> ''"),
        ),
    )


class ResponseRevision(Model):
    """What a response said before it was changed."""

    __tablename__ = "survey_response_revision"
    id: Mapped[Id]
    response_id: Mapped[int] = mapped_column(
        ForeignKey("survey_response.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[int]
    comment: Mapped[str]
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime]


class ProvisionalClick(Model):
    """A link with a score was opened; by whom or what nobody knows. Never enters a score."""

    __tablename__ = "survey_click"
    id: Mapped[Id]
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("survey_invitation.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[int]
    clicked_at: Mapped[datetime]
