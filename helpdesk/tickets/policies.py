"""SLA policies: what is promised for which tickets."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from helpdesk.core.db import Id, Model, session
from helpdesk.core.hours import ALWAYS, Hours
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.sla import Target, Targets


class SlaPolicy(Model):
    """Targets for the tickets that fulfil its conditions. Of all that fit, the first counts. An
    empty condition asks for nothing."""

    __tablename__ = "sla_policy"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String)
    position: Mapped[int]
    hours_id: Mapped[int | None] = mapped_column(ForeignKey("business_hours.id"))
    """None: calendar time."""
    priorities: Mapped[list[Any]] = mapped_column(default=list)
    team_ids: Mapped[list[Any]] = mapped_column(default=list)
    tags: Mapped[list[Any]] = mapped_column(default=list)
    organization_ids: Mapped[list[Any]] = mapped_column(default=list)
    first_response: Mapped[int | None]
    """Seconds, as all targets; None promises nothing."""
    next_response: Mapped[int | None]
    update: Mapped[int | None] = mapped_column("update_every")
    resolution: Mapped[int | None]
    total_resolution: Mapped[int | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    """Removed policies stay, for what the journal says of them."""

    business_hours: Mapped[BusinessHours | None] = relationship()

    @property
    def targets(self) -> Targets:
        """The targets that are set."""
        lengths = {target: getattr(self, target.value) for target in Target}
        return {t: timedelta(seconds=length) for t, length in lengths.items() if length}

    @property
    def hours(self) -> Hours:
        """The hours in which its targets count."""
        return self.business_hours.hours if self.business_hours else ALWAYS

    def fits(self, ticket: Ticket) -> bool:
        """Whether the ticket fulfils every condition."""
        return (
            (not self.priorities or ticket.priority.value in self.priorities)
            and (not self.team_ids or ticket.team_id in self.team_ids)
            and (not self.organization_ids or ticket.organization_id in self.organization_ids)
            and (not self.tags or any(tag.name in self.tags for tag in ticket.tags))
        )

    def reason(self, ticket: Ticket) -> str:
        """Why it counts for a ticket that fits."""
        parts = [f"priority {ticket.priority.value}"] if self.priorities else []
        if self.team_ids and ticket.team:
            parts.append(f"team {ticket.team.name}")
        if self.tags:
            named = [tag.name for tag in ticket.tags if tag.name in self.tags]
            parts.append(f"tag {', '.join(named)}")
        if self.organization_ids and ticket.organization:
            parts.append(f"organization {ticket.organization.name}")
        return " and ".join(parts) or "it counts for every ticket"


def in_force() -> Sequence[SlaPolicy]:
    """The policies that count, in their order, with their hours."""
    statement = (
        select(SlaPolicy)
        .where(SlaPolicy.removed_at.is_(None))
        .options(joinedload(SlaPolicy.business_hours))
        .order_by(SlaPolicy.position, SlaPolicy.id)
    )
    return session.scalars(statement).all()


def policy_for(ticket: Ticket) -> SlaPolicy | None:
    """The first policy that fits, or None."""
    return next((policy for policy in in_force() if policy.fits(ticket)), None)
