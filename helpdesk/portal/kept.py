"""What is kept about a customer, for her own eyes.

What she told us and what she decided stand here. Notes of the staff and figures worked out from
it are not shown on the portal; the page says that they exist and how to ask for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from helpdesk.core.db import session
from helpdesk.customers.models import Customer, Order
from helpdesk.surveys.models import Invitation, Response
from helpdesk.surveys.questions import asking
from helpdesk.tickets.models import Attachment, Message, MessageKind, Ticket

MOST = 100


@dataclass(frozen=True)
class Given:
    """An answer to one of our questions."""

    question: str
    said: str
    comment: str
    at: datetime
    ticket_id: int | None


@dataclass(frozen=True)
class Kept:
    """`requests`, `messages` and `files` are counts; answers and orders are the newest MOST."""

    requests: int
    messages: int
    files: int
    answers: Sequence[Given]
    orders: Sequence[Order]


def kept_about(customer: Customer) -> Kept:
    """What is kept about this customer and nobody else."""
    written = (Message.customer_id == customer.id, Message.kind == MessageKind.CUSTOMER)
    orders = select(Order).where(Order.customer_id == customer.id)
    return Kept(
        requests=_count(select(func.count()).where(Ticket.customer_id == customer.id)),
        messages=_count(select(func.count(Message.id)).where(*written)),
        files=_count(select(func.count(Attachment.id)).join(Message).where(*written)),
        answers=_answers(customer),
        orders=session.scalars(orders.order_by(Order.ordered_at.desc()).limit(MOST)).all(),
    )


def _count(statement: Select[int]) -> int:
    return session.scalar(statement) or 0


def _answers(customer: Customer) -> Sequence[Given]:
    statement = (
        select(Response)
        .where(Response.customer_id == customer.id)
        .options(
            joinedload(Response.invitation).joinedload(Invitation.survey),
            joinedload(Response.invitation).joinedload(Invitation.ticket),
        )
        .order_by(Response.created_at.desc(), Response.id.desc())
        .limit(MOST)
    )
    return [_given(response) for response in session.scalars(statement)]


def _given(response: Response) -> Given:
    invitation = response.invitation
    ask = asking(invitation)
    said = ask.said(response.score) if invitation.survey.has_scores else ""
    return Given(ask.text, said, response.comment, response.created_at, response.ticket_id)
