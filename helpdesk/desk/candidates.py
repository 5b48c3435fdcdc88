"""Tickets that somebody may mean when they look at another one."""

from collections.abc import Sequence

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

FEW = 10


def others_of(viewer: Account, ticket: Ticket) -> Sequence[Ticket]:
    """Other tickets of the same customer, open ones first, the latest first."""
    statement = (
        select(Ticket)
        .where(
            Ticket.customer_id == ticket.customer_id,
            Ticket.id != ticket.id,
            Ticket.merged_into_id.is_(None),
            visible_to(viewer),
        )
        .order_by(Ticket.is_open.desc(), Ticket.active_at.desc(), Ticket.id.desc())
        .limit(FEW)
    )
    return session.scalars(statement).all()
