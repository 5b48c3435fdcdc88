"""Who is not asked, whatever the budget says. Every rule gives its reason."""

from datetime import datetime

from helpdesk.core.settings import settings
from helpdesk.customers.models import Address, Customer, SurveyPreference
from helpdesk.surveys.facts import Facts
from helpdesk.surveys.policies import is_held_out
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import Ticket

SPAM_TAG = "spam"


def reason_against(facts: Facts, at: datetime) -> Reason | None:
    """The first reason not to ask this customer at that moment; None when nothing speaks against
    it."""
    return (
        _in_their_address(facts)
        or _in_their_wishes(facts.customer, at)
        or (_in_the_ticket(facts, facts.ticket) if facts.ticket else None)
        or _in_how_it_went(facts)
        or (Reason.HOLDOUT if is_held_out(facts.customer.id, facts.policy) else None)
        or (Reason.FOLLOW_UP_OPEN if facts.is_looked_after else None)
    )


def address_of(customer: Customer) -> Address | None:
    """Where to ask: a verified address that does not bounce, the primary one first; else the one
    that comes nearest to it."""

    def distance(address: Address) -> tuple[bool, bool, bool, int]:
        bounces, proven = address.bounced_at is not None, address.verified_at is not None
        return bounces, not proven, not address.is_primary, address.id

    return min(customer.addresses, key=distance, default=None)


def _in_their_address(facts: Facts) -> Reason | None:
    customer = facts.customer
    address = address_of(customer)
    if address is None:
        return Reason.NO_ADDRESS
    if facts.is_staff or (customer.account is not None and customer.account.is_staff):
        return Reason.STAFF
    if any(_is_internal(mine.email) for mine in customer.addresses):
        return Reason.INTERNAL
    if address.bounced_at is not None:
        return Reason.BOUNCED
    return Reason.UNVERIFIED if address.verified_at is None else None


def _is_internal(email: str) -> bool:
    domain = email.rpartition("@")[2]
    return any(domain == own or domain.endswith(f".{own}") for own in settings().internal_domains)


def _in_their_wishes(customer: Customer, at: datetime) -> Reason | None:
    if customer.survey_preference is SurveyPreference.NONE:
        return Reason.UNSUBSCRIBED
    paused = customer.survey_paused_until is not None and at < customer.survey_paused_until
    return Reason.PAUSED if paused else None


def _in_the_ticket(facts: Facts, ticket: Ticket) -> Reason | None:
    if ticket.merged_into_id is not None:
        return Reason.MERGED
    if any(tag.name == SPAM_TAG for tag in ticket.tags):
        return Reason.SPAM
    return None if facts.replies else Reason.NO_HUMAN_REPLY


def _in_how_it_went(facts: Facts) -> Reason | None:
    if facts.customer.survey_preference is not SurveyPreference.PROBLEMS:
        return None
    ticket = facts.ticket
    went_wrong = ticket is not None and (ticket.reopenings > 0 or facts.had_bad_tone)
    return None if went_wrong else Reason.WENT_WELL
