"""Who is not asked, whatever the budget says. Every rule gives its reason."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from helpdesk.accounts.models import STAFF, Account
from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.customers.models import Address, Customer, SurveyPreference
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import Message, MessageKind, Ticket

SPAM_TAG = "spam"


def reason_against(customer: Customer, ticket: Ticket | None, at: datetime) -> Reason | None:
    """The first reason not to ask `customer` at that moment, about `ticket` or about us as a
    whole; None when nothing speaks against it."""
    return (
        _in_their_address(customer)
        or _in_their_wishes(customer, at)
        or (_in_the_ticket(ticket) if ticket else None)
        or _in_how_it_went(customer, ticket)
    )


def address_of(customer: Customer) -> Address | None:
    """Where to ask: a verified address that does not bounce, the primary one first; else the one
    that comes nearest to it."""

    def distance(address: Address) -> tuple[bool, bool, bool, int]:
        bounces, proven = address.bounced_at is not None, address.verified_at is not None
        return bounces, not proven, not address.is_primary, address.id

    return min(customer.addresses, key=distance, default=None)


def _in_their_address(customer: Customer) -> Reason | None:
    address = address_of(customer)
    if address is None:
        return Reason.NO_ADDRESS
    if _is_staff(customer):
        return Reason.STAFF
    if any(_is_internal(mine.email) for mine in customer.addresses):
        return Reason.INTERNAL
    if address.bounced_at is not None:
        return Reason.BOUNCED
    return Reason.UNVERIFIED if address.verified_at is None else None


def _is_staff(customer: Customer) -> bool:
    emails = [address.email for address in customer.addresses]
    known = select(Account.id).where(Account.email.in_(emails), Account.role.in_(STAFF))
    signs_in = customer.account is not None and customer.account.is_staff
    return signs_in or bool(session.scalar(select(known.exists())))


def _is_internal(email: str) -> bool:
    domain = email.rpartition("@")[2]
    return any(domain == own or domain.endswith(f".{own}") for own in settings().internal_domains)


def _in_their_wishes(customer: Customer, at: datetime) -> Reason | None:
    if customer.survey_preference is SurveyPreference.NONE:
        return Reason.UNSUBSCRIBED
    paused = customer.survey_paused_until is not None and at < customer.survey_paused_until
    return Reason.PAUSED if paused else None


def _in_the_ticket(ticket: Ticket) -> Reason | None:
    if any(tag.name == SPAM_TAG for tag in ticket.tags):
        return Reason.SPAM
    by_a_person = Message.author_id.is_not(None)
    replied = _has_message(ticket, Message.kind == MessageKind.AGENT, by_a_person)
    return None if replied else Reason.NO_HUMAN_REPLY


def _in_how_it_went(customer: Customer, ticket: Ticket | None) -> Reason | None:
    if customer.survey_preference is not SurveyPreference.PROBLEMS:
        return None
    return None if ticket is not None and went_wrong(ticket) else Reason.WENT_WELL


def went_wrong(ticket: Ticket) -> bool:
    """It was reopened, or the customer wrote something in a negative tone."""
    return ticket.reopenings > 0 or _has_message(ticket, Message.sentiment_label == "negative")


def _has_message(ticket: Ticket, *conditions: ColumnElement[bool]) -> bool:
    statement = select(exists().where(Message.ticket_id == ticket.id, *conditions))
    return bool(session.scalar(statement))
