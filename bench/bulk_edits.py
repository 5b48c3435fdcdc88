"""How long a bulk edit takes for each 1,000 tickets, and taking it back, with how long the database
was kept from other writers at most."""

from time import perf_counter

from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.models import Account, Role
from helpdesk.core.db import session, transaction
from helpdesk.tickets import changes
from helpdesk.tickets.bulk import running
from helpdesk.tickets.bulk.actions import propose, start, undo
from helpdesk.tickets.bulk.models import BulkEdit
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

TICKETS = 1_000
DOES = {"do-priority": "high", "do-add_tags": "bench", "do-status": "on_hold"}


def measure(app: Flask) -> dict[str, float]:
    """Seconds for 1,000 tickets to be proposed, changed and as before again, and the longest step
    of these, in ms."""
    with app.app_context():
        with transaction():
            agent = session.scalars(select(Account).where(Account.role == Role.AGENT)).first()
            seen = [visible_to(agent)] if agent else []
            open_ones = select(Ticket.id).where(Ticket.is_open, *seen).order_by(Ticket.id)
            numbers = list(session.scalars(open_ones.limit(TICKETS)))
        if agent is None or not numbers:
            return {}
        began = perf_counter()
        with transaction():
            by = session.get_one(Account, agent.id)
            bulk_id = propose(numbers, "", changes.from_form(DOES), by=by).id
        proposed = perf_counter() - began
        with transaction():
            start(session.get_one(BulkEdit, bulk_id), confirmed=True, by=by)
        did, step = _steps()
        with transaction():
            undo(session.get_one(BulkEdit, bulk_id), by=by)
        undid, longest = _steps()
        session.remove()
    per = TICKETS / len(numbers)
    return {
        "propose_s": proposed * per,
        "change_s": did * per,
        "undo_s": undid * per,
        "longest_step_ms": 1000 * max(step, longest),
    }


def _steps() -> tuple[float, float]:
    """Work until nothing is left: seconds in all, and of the longest transaction."""
    times = []
    goes_on = True
    while goes_on:
        began = perf_counter()
        with transaction():
            goes_on = running.step()
        times.append(perf_counter() - began)
    return sum(times), max(times)
