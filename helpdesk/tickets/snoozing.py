"""Putting a ticket aside until a time, or until its customer answers. Its promises go on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.jobs import job
from helpdesk.core.journal import record
from helpdesk.tickets.events import TicketEvent
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import locked

UNTIL_ANSWERED = datetime(9999, 1, 1, tzinfo=UTC)
"""As the column says that nothing but an answer ends it."""
LONGEST = timedelta(days=366)
AT_ONCE = 500


@dataclass(frozen=True)
class TicketSnoozed(TicketEvent):
    """`until` is None where an answer of the customer alone ends it."""

    ticket_id: int
    until: datetime | None


@dataclass(frozen=True)
class TicketWoken(TicketEvent):
    """It is in the open lists again."""

    ticket_id: int
    why: str


def snooze(ticket: Ticket, until: datetime | None, *, by: Account) -> None:
    """Leave the open lists until then, or until the customer answers, which ends it in any case.

    Raises Conflict for what is not open, Invalid for a time that has passed or is too far.
    """
    if not ticket.is_open or ticket.merged_into_id is not None:
        raise Conflict("Only an open ticket can be put aside.")
    at = now()
    if until is not None and not at < until <= at + LONGEST:
        raise Invalid("Choose a time that comes, within a year.")
    ticket.snoozed_until = until or UNTIL_ANSWERED
    ticket.version += 1
    record(TicketSnoozed(ticket.id, until), by=by)


def wake(ticket: Ticket, why: str, *, by: Account | None = None) -> None:
    """It is in the open lists again. Twice is harmless."""
    if ticket.snoozed_until is None:
        return
    ticket.snoozed_until = None
    ticket.version += 1
    if ticket.is_open:
        ticket.active_at = now()
        record(TicketWoken(ticket.id, why), by=by)


@job(queue="default")
def wake_due() -> None:
    """Wake what was put aside until now, and what is done by now; each in its own transaction."""
    due = or_(Ticket.snoozed_until <= now(), Ticket.is_open.is_(False))
    with transaction(write=False):
        statement = select(Ticket.id).where(Ticket.snoozed_until.is_not(None), due)
        numbers = list(session.scalars(statement.limit(AT_ONCE)))
    for number in numbers:
        with transaction():
            ticket = locked(number)
            if ticket.snoozed_until and (ticket.snoozed_until <= now() or not ticket.is_open):
                wake(ticket, "its time has come")
