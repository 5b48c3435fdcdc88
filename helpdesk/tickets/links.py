"""Links that open one ticket for one recipient without signing in."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.core.security import hash_token, new_token
from helpdesk.core.settings import settings
from helpdesk.customers.models import Customer
from helpdesk.tickets.events import TicketLinkRevoked
from helpdesk.tickets.models import Ticket, TicketLink

LIFE = timedelta(days=30)


def link_for(ticket: Ticket, customer: Customer, email: str) -> str:
    """A new absolute link to `ticket` for whoever reads mail at `email`; good for 30 days."""
    token = new_token()
    session.add(
        TicketLink(
            ticket_id=ticket.id,
            customer_id=customer.id,
            email=email,
            token_hash=hash_token(token),
            created_at=now(),
            expires_at=now() + LIFE,
        )
    )
    path: str = current_app.url_map.bind("").build("portal.linked_ticket", {"token": token})
    return settings().public_url + path


def revoke_links(ticket: Ticket, *, by: Account) -> None:
    """No link that was mailed for this ticket opens it any more."""
    links = session.scalars(
        select(TicketLink).where(TicketLink.ticket_id == ticket.id, TicketLink.revoked_at.is_(None))
    )
    for link in links:
        link.revoked_at = now()
        record(TicketLinkRevoked(ticket.id, link.customer_id), by=by)
