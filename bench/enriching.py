"""What mass data lack and a bench needs: a customer of whom very much is known, tickets with very
many messages, words that hardly any ticket has."""

from string import ascii_lowercase

from sqlalchemy import func, insert, select, update

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.customers.models import Customer
from helpdesk.surveys.models import Invitation, Response
from helpdesk.tickets.indexing import read_into_index
from helpdesk.tickets.models import Message, MessageKind, Ticket
from helpdesk.tickets.queries import visible_to

THEIRS = 1_250
"""Tickets of the one customer of whom very much is known: with three messages each, 5,000 events
and the surveys besides."""
LONG, AT_LENGTH = 5, 300
"""So many tickets with so many messages."""


def know_somebody_well() -> int:
    """A customer with some 5,000 events: the first one gets one ticket in so many, with all that
    hangs on it. Twice is harmless."""
    customer = session.scalars(select(Customer).order_by(Customer.id).limit(1)).one()
    highest = session.scalar(select(func.max(Ticket.id))) or 0
    numbers = list(range(1, highest + 1, max(1, highest // THEIRS)))
    own = {"customer_id": customer.id}
    theirs = update(Ticket).where(Ticket.id.in_(numbers))
    session.execute(theirs.values(organization_id=customer.organization_id, **own))
    for model in (Invitation, Response):
        session.execute(update(model).where(model.ticket_id.in_(numbers)).values(**own))
    return customer.id


def talk_at_length(agent: Account) -> list[int]:
    """Tickets with 300 messages, filled up to that where it needs be."""
    some = select(Ticket).where(Ticket.is_open, visible_to(agent)).order_by(Ticket.id).limit(LONG)
    tickets = list(session.scalars(some))
    for ticket in tickets:
        said = select(func.count()).where(Message.ticket_id == ticket.id)
        lacking = AT_LENGTH - (session.scalar(said) or 0)
        _add([_message(ticket, f"This is what we saw, part {n}.") for n in range(lacking)])
    return [ticket.id for ticket in tickets]


def write_rare_words(count: int) -> list[str]:
    """So many words that each stand in one ticket alone. Twice is harmless."""
    tickets = session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(count)).all()
    words = [_word(ticket.id) for ticket in tickets]
    _add([_message(t, f"It says {word}.") for t, word in zip(tickets, words, strict=True)])
    return words


def _add(rows: list[dict[str, object]]) -> None:
    if rows:
        session.execute(insert(Message), rows)
        read_into_index({int(str(row["ticket_id"])) for row in rows})


def _message(ticket: Ticket, body: str) -> dict[str, object]:
    return {
        "ticket_id": ticket.id,
        "customer_id": ticket.customer_id,
        "kind": MessageKind.CUSTOMER,
        "body": body,
        "created_at": now(),
    }


def _word(number: int) -> str:
    """A word that nobody uses, for a number."""
    return "qx" + "".join(ascii_lowercase[int(digit)] for digit in str(number))
