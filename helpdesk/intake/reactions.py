"""Mail to the staff, which they can answer: where MAIL_AGENTS says so."""

from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.mail import outbound
from helpdesk.tickets.events import CustomerWrote
from helpdesk.tickets.models import Message, Ticket


def mail_assignee(event: CustomerWrote) -> None:
    """Mail whoever has the ticket what the customer wrote. The answer to that mail comes to
    an address that was made for this agent and this state of the ticket."""
    ticket = session.get_one(Ticket, event.ticket_id)
    agent = ticket.assignee
    if not settings().mail_agents or agent is None or not agent.is_active:
        return
    message = session.get_one(Message, event.message_id)
    newest = max(each.id for each in ticket.messages)
    outbound.write(
        kind="assignee",
        to=agent.email,
        to_name=agent.name,
        subject=f"[#{ticket.id}] {ticket.subject}",
        template="intake/mail/wrote",
        context={
            "ticket": ticket,
            "message": message,
            "url": f"{settings().public_url}/desk/tickets/{ticket.id}",
        },
        topic=f"ticket-{ticket.id}-{newest}",
        automatic=True,
    )
