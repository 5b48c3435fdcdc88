"""What customers answered, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import Id, Model
from helpdesk.customers.models import Customer
from helpdesk.sentiment.models import Scored
from helpdesk.surveys.models.invitation import Invitation
from helpdesk.surveys.models.survey import Kind
from helpdesk.tickets.models import Ticket


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
    reasons: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    """What went wrong, as far as it was ticked."""
    door: Mapped[str] = mapped_column(String(10), default="page", server_default="page")
    """How it came: the page, the portal, or a mail."""
    created_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    """When it was written down here, where that was later than it was given."""
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


HIDDEN = -1


class ProvisionalClick(Model):
    """A link with a score was opened; by whom or what nobody knows. Never enters a score."""

    __tablename__ = "survey_click"
    id: Mapped[Id]
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("survey_invitation.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[int]
    """HIDDEN for the link that no person can see."""
    clicked_at: Mapped[datetime]
    program: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """What it said that it was."""

    __table_args__ = (Index("ix_survey_click_clicked_at", "clicked_at"),)
