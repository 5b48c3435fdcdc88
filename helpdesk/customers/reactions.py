"""What customers' records do when something happened."""

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.customers.actions import mark_bounced
from helpdesk.customers.models import Address
from helpdesk.mail.events import MailBounced
from helpdesk.mail.models import OutboundEmail


def note_bounce(event: MailBounced) -> None:
    """Remember that mail to this address comes back, until the address is verified anew. A server
    that disliked what one mail said tells nothing about the address."""
    if not event.address_to_blame:
        return
    email = session.get_one(OutboundEmail, event.email_id)
    address = session.scalar(select(Address).where(Address.email == email.to_address))
    if address is not None:
        mark_bounced(address)
