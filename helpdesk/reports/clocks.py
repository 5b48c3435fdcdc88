"""Business time of many waits at once."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.hours import ALWAYS, Hours, Meter
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.policies import SlaPolicy


class Clocks:
    """Measures each wait in the hours of its policy, looked up once."""

    def __init__(self) -> None:
        self._meters: dict[int | None, Meter] = {}

    def between(self, began: int, ended: int, policy: int | None) -> int:
        """Business seconds from one second since 1970 to another; none when it ended first."""
        meter = self._meters.get(policy)
        if meter is None:
            by_policy, usual = self._hours
            hours = usual if policy is None else by_policy.get(policy, usual)
            meter = self._meters[policy] = Meter(hours or ALWAYS)
        return meter.between(began, ended)

    @cached_property
    def _hours(self) -> tuple[dict[int, Hours], Hours | None]:
        return hours_by_policy()


def hours_by_policy() -> tuple[dict[int, Hours], Hours | None]:
    """The business hours of each policy, and those that count where a ticket has none: the first
    that were set up. None where nobody set up any."""
    kept = {each.id: each.hours for each in session.scalars(select(BusinessHours))}
    pairs = session.execute(select(SlaPolicy.id, SlaPolicy.hours_id))
    by_policy = {policy: kept[hours] for policy, hours in pairs if hours in kept}
    return by_policy, kept[min(kept)] if kept else None


def are_set_up() -> bool:
    """Whether there are business hours at all."""
    return session.scalar(select(BusinessHours.id).limit(1)) is not None
