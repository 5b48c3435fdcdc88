"""Where a ticket that was merged goes on."""

from sqlalchemy import ColumnElement, and_, select

from helpdesk.core.db import session
from helpdesk.tickets.models import Message, Status, Ticket
from helpdesk.tickets.queries import locked

DEEPEST = 100
"""Merges in a row that are followed; nobody makes so many."""


def survivor_of(ticket: Ticket) -> Ticket:
    """The ticket that it was merged into in the end; itself where it was not."""
    for _ in range(DEEPEST):
        if ticket.merged_into_id is None:
            break
        ticket = session.get_one(Ticket, ticket.merged_into_id)
    return ticket


def locked_survivor_of(ticket: Ticket) -> Ticket:
    """The same, kept from others' changes until this transaction ends."""
    while ticket.merged_into_id is not None:
        ticket = locked(ticket.merged_into_id)
    return ticket


def where_it_goes_on(ticket: Ticket) -> Ticket:
    """The ticket on which a message that comes to this one belongs, locked.

    Where that is closed and somebody else's, this one: its follow-up is its customer's own.
    """
    if ticket.merged_into_id is None:
        return ticket
    survivor = locked_survivor_of(ticket)
    is_foreign = survivor.customer_id != ticket.customer_id
    return ticket if is_foreign and survivor.status is Status.CLOSED else survivor


def family_of(ticket: Ticket) -> set[int]:
    """Its number and those of all that were merged into it, straight or by way of another."""
    family, youngest = {ticket.id}, {ticket.id}
    while youngest:
        children = select(Ticket.id).where(Ticket.merged_into_id.in_(youngest))
        youngest = set(session.scalars(children)) - family
        family |= youngest
    return family


def came_to(ticket: Ticket) -> ColumnElement[bool]:
    """The condition for messages of a ticket as its customer knows it: where it was merged, those
    that came to its number or to one that had been merged into it."""
    if ticket.merged_into_id is None:
        return Message.ticket_id == ticket.id
    goes_on = survivor_of(ticket)
    return and_(Message.ticket_id == goes_on.id, Message.came_to_id.in_(family_of(ticket)))
