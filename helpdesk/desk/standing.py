"""What is filled in on a ticket, as its page shows it."""

from sqlalchemy import and_, select

from helpdesk.core.db import ask
from helpdesk.tickets.types import TicketField, TicketFieldValue, TicketType


def standing_on(number: int, type_id: int) -> tuple[str, list[tuple[str, str]]]:
    """The name of a type, and labels with what is filled in under it on a ticket."""
    here = TicketFieldValue.ticket_id == number
    statement = (
        select(TicketType.name, TicketField.label, TicketFieldValue.text)
        .outerjoin(TicketField, TicketField.type_id == TicketType.id)
        .outerjoin(TicketFieldValue, and_(here, TicketFieldValue.field_id == TicketField.id))
        .where(TicketType.id == type_id)
        .order_by(TicketField.id)
    )
    rows = ask(statement).all()
    return rows[0].name if rows else "", [(row.label, row.text) for row in rows if row.text]
