"""Who is at work, how much they can have at once, and how a team gives out its tickets."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.core.db import Model, session
from helpdesk.tickets.hours import BusinessHours


class Method(StrEnum):
    BY_HAND = "by_hand"
    ROUND_ROBIN = "round_robin"  # whoever got none for longest
    LEAST_LOADED = "least_loaded"  # whoever has the fewest open tickets


class AgentDuty(Model):
    """What an agent can be given. Who has no row is on shift at all times, without a limit."""

    __tablename__ = "agent_duty"
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    is_available: Mapped[bool] = mapped_column(default=True)
    """Their own switch: off while they are ill, away or busy."""
    capacity: Mapped[int | None]
    """The most open tickets they are given; None is no limit."""
    hours_id: Mapped[int | None] = mapped_column(ForeignKey("business_hours.id"))
    """Their shifts; None is at all times."""

    hours: Mapped[BusinessHours | None] = relationship()

    def on_shift(self, at: datetime) -> bool:
        """Whether they can be given something at that moment."""
        return self.is_available and (self.hours is None or self.hours.hours.is_open(at))


class TeamDistribution(Model):
    """How a team gives out its tickets; a team without a row does it by hand."""

    __tablename__ = "team_distribution"
    team_id: Mapped[int] = mapped_column(
        ForeignKey("team.id", ondelete="CASCADE"), primary_key=True
    )
    method: Mapped[Method]


class TeamTurn(Model):
    """The number under which a member of a team was last given a ticket of it. Numbers, because
    clocks jump."""

    __tablename__ = "team_turn"
    team_id: Mapped[int] = mapped_column(
        ForeignKey("team.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    turn: Mapped[int]


class UnassignedTicket(Model):
    """A ticket that could be given to nobody yet, and why; tried again until somebody has it."""

    __tablename__ = "unassigned_ticket"
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    since: Mapped[datetime]
    reason: Mapped[str]

    __table_args__ = (Index("ix_unassigned_ticket_team", "team_id", "since", "ticket_id"),)


def methods() -> Mapping[int, Method]:
    """How each team gives out its tickets; teams that do it by hand may be missing."""
    return {one.team_id: one.method for one in session.scalars(select(TeamDistribution))}
