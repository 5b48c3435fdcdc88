"""What the clock wakes up for reports."""

from time import monotonic

from flask import current_app
from sqlalchemy import func, select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job
from helpdesk.core.settings import settings
from helpdesk.reports import mailing
from helpdesk.reports.rollups import keeping
from helpdesk.tickets.models import Ticket

LONGEST = 40
"""Seconds that counting may take in one run; the next one goes on."""
WORTH_KEEPING = 5_000
"""Tickets from which on counts are kept; fewer are counted in no time."""


@job(queue="slow")
def mail_reports() -> None:
    """Write down the mails that are due, each in its own transaction; one that breaks is put off
    and stops no other. Raises ExceptionGroup of what broke."""
    broken: list[Exception] = []
    # Addresses are made as on a page, and that asks for a request.
    with current_app.test_request_context(base_url=settings().public_url):
        with transaction(write=False):
            waiting = mailing.due(now())
        for subscription_id in waiting:
            try:
                with transaction():
                    mailing.send(subscription_id)
            except Exception as failure:  # noqa: BLE001 - told together, after the others were sent
                with transaction():
                    mailing.put_off(subscription_id)
                broken.append(failure)
    if broken:
        raise ExceptionGroup("Some reports could not be mailed and are put off.", broken)


@job(queue="slow")
def keep_counts() -> None:
    """Count the days that are over, and those that were changed since, a few in each transaction;
    then add up weeks and months."""
    with transaction(write=False):
        if (session.scalar(select(func.max(Ticket.id))) or 0) < WORTH_KEEPING:
            return
    until = monotonic() + LONGEST
    for step in (keeping.keep_some, keeping.fold_some):
        going = True
        while going and monotonic() < until:
            with transaction():
                going = step()
