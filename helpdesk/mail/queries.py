"""Questions about mails."""

from datetime import datetime

from sqlalchemy import Select, false, func, select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import by_id
from helpdesk.mail.models import TO_DECIDE, Delivery, OutboundEmail


def mail_by_id(email_id: int, *, for_update: bool = False) -> OutboundEmail:
    """The mail. Raises NotFound."""
    email = by_id(OutboundEmail, email_id, with_for_update=for_update)
    if email is None:
        raise NotFound("There is no such mail.")
    return email


def mails_to(address: str = "") -> Select[OutboundEmail]:
    """Every mail that is not held back any more, or every such one to `address`."""
    held_back = (OutboundEmail.state == Delivery.QUEUED) & (OutboundEmail.next_try_at > now())
    statement = select(OutboundEmail).where(~func.coalesce(held_back, false()))
    if address:
        statement = statement.where(OutboundEmail.to_address == address.strip().lower())
    return statement


def mails_that_are(state: Delivery) -> Select[OutboundEmail]:
    """Every mail in that state."""
    return select(OutboundEmail).where(OutboundEmail.state == state)


def undecided_secrets(before: datetime) -> Select[OutboundEmail]:
    """Mails with a secret that were last tried before then and wait for a person."""
    return select(OutboundEmail).where(
        OutboundEmail.state.in_(TO_DECIDE),
        OutboundEmail.secret,
        OutboundEmail.text != "",
        OutboundEmail.claimed_at <= before,
    )


def how_many(*states: Delivery) -> dict[Delivery, int]:
    """How many mails are in each of these states."""
    statement = (
        select(OutboundEmail.state, func.count())
        .where(OutboundEmail.state.in_(states))
        .group_by(OutboundEmail.state)
    )
    counts = {state: count for state, count in session.execute(statement)}  # noqa: C416 - rows, not pairs
    return {state: counts.get(state, 0) for state in states}
