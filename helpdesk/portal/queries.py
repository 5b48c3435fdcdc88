"""Questions that customers ask."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import aliased, joinedload

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.paging import Page, keyset
from helpdesk.core.security import hash_token
from helpdesk.core.text import one_line
from helpdesk.customers.models import Address
from helpdesk.tickets.models import PUBLIC, Attachment, Message, Ticket, TicketLink
from helpdesk.tickets.queries import visible_among, visible_to
from helpdesk.tickets.sending import has_arrived, tickets_waiting
from helpdesk.tickets.survivors import came_to, survivor_of


def requests_of(account: Account, cursor: str | None, size: int = 20) -> Page[Ticket]:
    """What the account may see, whatever moved last first. Raises Invalid for a broken cursor."""
    # What goes on in another request of the same person is read there.
    goes_on = aliased(Ticket)
    twice = (
        select(goes_on.id)
        .where(goes_on.id == Ticket.merged_into_id, goes_on.customer_id == Ticket.customer_id)
        .exists()
    )
    statement = select(Ticket).where(visible_to(account), ~twice)
    statement = statement.options(joinedload(Ticket.customer))
    return keyset(statement, (Ticket.active_at, Ticket.id), cursor, size)


def last_words(tickets: Collection[Ticket]) -> dict[int, str]:
    """What was last written on those of these requests where that has not arrived yet, as far as
    it has."""
    waiting = tickets_waiting([ticket.id for ticket in tickets], now())
    return {ticket.id: _last_words(ticket) for ticket in tickets if ticket.id in waiting}


def _last_words(ticket: Ticket) -> str:
    mine = select(Message).where(Message.ticket_id == ticket.id, readable(ticket))
    message = session.scalar(mine.order_by(Message.id.desc()).limit(1))
    return one_line(message.own_words[:400], 140) if message else ""


def readable(ticket: Ticket) -> ColumnElement[bool]:
    """The condition for messages of this request that are there for its customer to read."""
    return and_(came_to(ticket), Message.kind.in_(PUBLIC), has_arrived(now()))


def filed_with(filing_key: str) -> Ticket | None:
    """The request that was filed with this key, or None."""
    found = ask(_FILED, {"filing_key": filing_key}).scalar()
    return session.get(Ticket, found) if found is not None else None


# Put together once, and of the number alone: nearly always there is none.
_FILED = select(Ticket.id).where(Ticket.filing_key == bindparam("filing_key"))


def link_with(token: str) -> TicketLink | None:
    """The ticket link with this token, good or not, or None."""
    statement = select(TicketLink).where(TicketLink.token_hash == hash_token(token))
    return session.scalar(statement)


def address_behind(link: TicketLink) -> Address | None:
    """The address that the link was mailed to, while it is still an address of the customer whose
    ticket it opens; None when the right to see it has ended."""
    if link.ticket.customer_id != link.customer_id:
        return None
    statement = select(Address).where(
        Address.email == link.email, Address.customer_id == link.customer_id
    )
    return session.scalar(statement)


def public_file(ticket: Ticket, attachment_id: str) -> Attachment | None:
    """A file on a message of this ticket that its customer may read, or None."""
    statement = (
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .where(
            Attachment.id == attachment_id,
            readable(ticket),
        )
    )
    return session.scalar(statement) if attachment_id.isprintable() else None


def follow_ups(ticket: Ticket) -> Sequence[int]:
    """Numbers of the requests that go on where this one ended."""
    return session.scalars(select(Ticket.id).where(Ticket.follows_id == ticket.id)).all()


def followed(ticket: Ticket, account: Account | None) -> Ticket:
    """The request in which this one goes on, where its reader may see that: it is of the same
    person and, for a colleague, shared with them. Else the request itself."""
    if ticket.merged_into_id is None:
        return ticket
    goes_on = survivor_of(ticket)
    if goes_on.customer_id != ticket.customer_id:
        return ticket
    if account is not None and not visible_among(account, [goes_on.id]):
        return ticket
    return goes_on
