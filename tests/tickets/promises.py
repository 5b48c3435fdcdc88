"""What tests about promises begin with."""

from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.tickets.clocks import SlaClock
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.policies import SlaPolicy
from helpdesk.tickets.sla import Target

HOUR = 3600
OFFICE = [[day, *span] for day in range(5) for span in ((540, 720), (780, 1020))]


def office(zone: str = "Europe/Berlin") -> BusinessHours:
    """Monday to Friday, 9 to 12 and 13 to 17."""
    hours = BusinessHours(name=f"Office {zone}", zone=zone, week=OFFICE, created_at=now())
    session.add(hours)
    session.flush()
    return hours


def policy(name: str = "Standard", position: int = 1, **fields: object) -> SlaPolicy:
    """A policy in calendar time, unless `business_hours` says otherwise; targets in seconds."""
    made = SlaPolicy(name=name, position=position, created_at=now(), **fields)
    session.add(made)
    session.flush()
    return made


def clock_of(ticket_id: int, target: Target) -> SlaClock | None:
    """As it is stored."""
    return session.get(SlaClock, (ticket_id, target), populate_existing=True)


def berlin(*parts: int) -> datetime:
    """A time on the wall in Berlin."""
    year, month, day, hour, minute = (*parts, 0, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))
