"""When a question goes out: after a while, and at an hour at which its reader works."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.core.hours import Block, Hours
from helpdesk.core.settings import settings
from helpdesk.customers.models import Customer
from helpdesk.surveys.models import Invitation, SurveyPolicy

AT_ONCE = timedelta(hours=1)
"""Whoever sets a shorter delay than this means it: such questions go out at any hour."""
_MOMENT = timedelta(microseconds=1)


def hours_of(customer: Customer, held: SurveyPolicy) -> Hours:
    """The hours in which a customer may get our mail."""
    return _hours(_zone_of(customer), held.send_from, held.send_until, held.on_weekends)


@lru_cache(maxsize=512)
def _hours(zone: str, start: int, end: int, on_weekends: bool) -> Hours:
    days = range(7 if on_weekends else 5)
    return Hours(zone, tuple(Block(day, start, end) for day in days))


def _zone_of(customer: Customer) -> str:
    name = customer.time_zone or settings().time_zone
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return settings().time_zone


def moment_after(
    start: datetime, delay: timedelta, business: bool, customer: Customer, held: SurveyPolicy
) -> datetime:
    """`delay` after `start`, by the clock or counted in `business` hours of the customer, and then
    the first moment at which they work. A short delay is taken as it is."""
    if delay < AT_ONCE and not business:
        return start + delay
    hours = hours_of(customer, held)
    moment = (hours.add(start, delay) if business else None) or start + delay
    return next_open(hours, moment)


def next_open(hours: Hours, moment: datetime) -> datetime:
    """`moment` where it lies inside the hours, else when they begin next."""
    if hours.is_open(moment):
        return moment
    opened = hours.add(moment, _MOMENT)
    return opened - _MOMENT if opened else moment


def is_unfit(invitation: Invitation, at: datetime, held: SurveyPolicy) -> datetime | None:
    """When to send it instead, where its reader does not work at that moment. One that was meant to
    go at once goes at any hour."""
    begun = invitation.resolved_at or invitation.created_at
    if invitation.ticket_id is not None and invitation.send_at - begun < AT_ONCE:
        return None
    better = next_open(hours_of(invitation.customer, held), at)
    return better if better > at else None
