"""What tests about surveys have in common: a ticket that was helped with and resolved."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session, transaction
from helpdesk.customers.models import Customer
from helpdesk.mail.models import OutboundEmail
from helpdesk.surveys import actions, answers, cadence
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.links import token_for
from helpdesk.surveys.models import Invitation, Response
from helpdesk.tickets import actions as tickets
from helpdesk.tickets.models import Message, MessageKind, Ticket
from tests.cast import Cast
from tests.conftest import Clock

DAY_AND_A_BIT = timedelta(days=1, minutes=1)


def say(ticket: Ticket, kind: MessageKind, author: Account | None = None, **columns: Any) -> None:
    """Put a message onto the ticket, whoever may write it."""
    message = Message(
        ticket_id=ticket.id,
        kind=kind,
        author_id=author.id if author else None,
        body="Words.",
        created_at=now(),
        **columns,
    )
    session.add(message)
    session.flush()


def file_ticket(customer: Customer, subject: str = "Printer on fire") -> Ticket:
    """Another ticket, without any mail about it."""
    at = now()
    ticket = Ticket(subject=subject, customer_id=customer.id, created_at=at, active_at=at)
    ticket.organization_id = customer.organization_id
    session.add(ticket)
    session.flush()
    return ticket


def help_with(ticket: Ticket, agent: Account) -> None:
    """One of us replies and resolves it."""
    say(ticket, MessageKind.AGENT, agent)
    ticket.first_replied_at = ticket.first_replied_at or now()
    tickets.resolve(ticket, by=agent)


def decide(ticket: Ticket) -> Invitation:
    """What is decided about asking, now that the ticket is resolved."""
    invitation = actions.invite_about(ticket)
    assert invitation is not None
    return invitation


def resolved(people: Cast) -> int:
    """Rosa's ticket is helped with, resolved and decided about; the id of the decision."""
    with transaction():
        help_with(people.ticket, people.mika)
        return decide(people.ticket).id


def asked(people: Cast, clock: Clock) -> int:
    """The same, and a day later Rosa is asked."""
    invitation_id = resolved(people)
    clock.move(days=1, minutes=1)
    send_due()
    return invitation_id


def answered(invitation_id: int, score: int, comment: str = "") -> int:
    """The customer answers; the id of the response."""
    with transaction():
        return answers.answer(invitation_id, score, comment).id


def invited_to_nps(customer_id: int) -> Invitation | None:
    """Decide about asking for a recommendation, whatever day it is."""
    with transaction():
        cadence.ask(customer_id, share=1000)
    return session.scalar(
        select(Invitation).where(Invitation.customer_id == customer_id, Invitation.kind == "nps")
    )


def invitation(invitation_id: int) -> Invitation:
    """The row as it is now."""
    session.rollback()
    return session.get_one(Invitation, invitation_id)


def response(response_id: int) -> Response:
    """The row as it is now."""
    session.rollback()
    return session.get_one(Response, response_id)


def mails() -> list[OutboundEmail]:
    """Every survey mail that was written down, oldest first."""
    session.rollback()
    statement = select(OutboundEmail).where(OutboundEmail.kind == "survey")
    return list(session.scalars(statement.order_by(OutboundEmail.id)))


def link(invitation_id: int, more: str = "") -> str:
    """The path of the invitation's page."""
    return f"/surveys/{token_for(invitation(invitation_id))}{more}"


def rows() -> dict[str, int]:
    """How many rows every table has."""
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Model.metadata.sorted_tables
    }
