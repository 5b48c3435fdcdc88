"""SLA policies: what is promised for which tickets."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ForeignKey, String, cast, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.core.db import Id, Model, ask, session
from helpdesk.core.hours import ALWAYS, Hours
from helpdesk.tickets.hours import BusinessHours, read_hours
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.sla import Target, Targets
from helpdesk.tickets.together import once


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


@dataclass(frozen=True)
class Terms:
    """A policy in force, as tickets are measured by it."""

    id: int
    name: str
    priorities: Sequence[str]
    team_ids: Sequence[int]
    tags: Sequence[str]
    organization_ids: Sequence[int]
    targets: Targets
    hours: Hours

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


_LISTS = ("priorities", "team_ids", "tags", "organization_ids")
_IN_FORCE = (
    select(
        SlaPolicy.id,
        SlaPolicy.name,
        *(cast(getattr(SlaPolicy, name), String).label(name) for name in _LISTS),
        *(getattr(SlaPolicy, target.value).label(target.value) for target in Target),
        BusinessHours.zone,
        *(
            cast(getattr(BusinessHours, name), String).label(name)
            for name in ("week", "public_days", "own_days")
        ),
    )
    .outerjoin(BusinessHours, BusinessHours.id == SlaPolicy.hours_id)
    .where(SlaPolicy.removed_at.is_(None))
    .order_by(SlaPolicy.position, SlaPolicy.id)
)


@once
def in_force() -> list[Terms]:
    """The policies that count, in their order. Every verb on a ticket asks, so that columns are
    read as the texts they are, and what they mean is worked out once for each text."""
    session.flush()
    return [_terms(tuple(row)) for row in ask(_IN_FORCE)]


@lru_cache(maxsize=1024)
def _terms(row: tuple[Any, ...]) -> Terms:
    policy_id, name, *rest = row
    priorities, team_ids, tags, organizations = map(json.loads, rest[:4])
    rest = rest[4:]
    lengths, (zone, *days) = rest[: len(Target)], rest[len(Target) :]
    targets = {t: timedelta(seconds=n) for t, n in zip(Target, lengths, strict=True) if n}
    hours = read_hours(zone, *map(json.loads, days)) if zone else ALWAYS
    return Terms(policy_id, name, priorities, team_ids, tags, organizations, targets, hours)


def policies_in_order() -> Sequence[SlaPolicy]:
    """The policies that count, to be shown and changed."""
    statement = select(SlaPolicy).where(SlaPolicy.removed_at.is_(None))
    return session.scalars(statement.order_by(SlaPolicy.position, SlaPolicy.id)).all()
