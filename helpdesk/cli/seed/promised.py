"""What the made-up companies promise: office hours in Berlin, and two policies."""

from datetime import datetime

from helpdesk.core.db import session
from helpdesk.core.hours import fingerprint
from helpdesk.tickets import clocks
from helpdesk.tickets.calendars import public_holidays
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.policies import SlaPolicy
from helpdesk.tickets.queries import locked

ZONE = "Europe/Berlin"
WEEK = [[day, *block] for day in range(5) for block in ((9 * 60, 12 * 60 + 30), (13 * 60, 18 * 60))]
HOUR = 3600


def promise(since: datetime, today: datetime) -> None:
    """Hours with Berlin's holidays, a policy for what is urgent and one for the rest."""
    hours = BusinessHours(
        name="Office",
        zone=ZONE,
        week=WEEK,
        country="DE",
        region="BE",
        public_days=[list(day) for day in public_holidays("DE", "BE", today.date())],
        own_days=[[f"{today.year}-12-24", "Christmas Eve"], [f"{today.year}-12-31", "Old year"]],
        rules=fingerprint(ZONE, today.year),
        created_at=since,
    )
    urgent = SlaPolicy(
        name="Urgent",
        position=1,
        business_hours=hours,
        priorities=["urgent"],
        first_response=HOUR,
        next_response=2 * HOUR,
        resolution=9 * HOUR,
        created_at=since,
    )
    standard = SlaPolicy(
        name="Standard",
        position=2,
        business_hours=hours,
        first_response=8 * HOUR,
        next_response=10 * HOUR,
        resolution=45 * HOUR,
        total_resolution=60 * HOUR,
        created_at=since,
    )
    session.add_all([urgent, standard])
    session.flush()


def look(at: datetime) -> None:
    """What the watch does, in a history that is told."""
    for ticket_id in dict.fromkeys(session.scalars(clocks.to_look_at(at)).all()):
        clocks.refresh(locked(ticket_id))
