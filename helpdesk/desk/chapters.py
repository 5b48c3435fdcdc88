"""What else happened with a customer: flags that may mean that they leave, what was done about
unhappy answers, and what they chose or somebody corrected."""

from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from helpdesk.accounts.models import Account
from helpdesk.churn.models import ChurnFlag
from helpdesk.customers.fields import PREFIX
from helpdesk.customers.history import Correction
from helpdesk.customers.visits import CustomerVisit
from helpdesk.surveys.models import FollowUp, Response
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

Rows = Select[*tuple[Any, ...]]
CUSTOMER = bindparam("customer", type_=BigInteger)
_OWNER = aliased(Account)

FLAG_WORDS = {
    "raised": "it waits for somebody",
    "acknowledged": "somebody looks after it",
    "working": "a playbook is at work",
    "saved": "they stayed",
    "lost": "they left",
    "false_alarm": "a false alarm",
    "cleared": "it cleared by itself",
}
CHOICE_WORDS = {
    "survey_preference": "Surveys",
    "survey_paused_until": "Surveys paused until",
    "marketing": "Advertising",
    "channel": "Reached by",
    "language": "Language",
    "time_zone": "Time zone",
    "lost_on": "Left on",
    "customer_since": "Customer since",
    "tier": "Tier",
    "phone": "Phone",
    "handle": "Handle",
    "address": "Address",
    "primary address": "Mail goes to",
    "name": "Name",
}
"""Fields of the record that a history tells of, in words."""


def flags(_viewer: Account) -> Rows:
    """Flags, by when they were raised."""
    return select(
        ChurnFlag.id, ChurnFlag.raised_at.label("at"), ChurnFlag.risk, ChurnFlag.state
    ).where(ChurnFlag.customer_id == CUSTOMER)


def follow_ups(viewer: Account) -> Rows:
    """What was done about unhappy answers, where the reader may see the request."""
    found = select(
        FollowUp.id,
        FollowUp.opened_at.label("at"),
        FollowUp.score,
        FollowUp.outcome,
        FollowUp.closed_at,
        FollowUp.ticket_id,
        _OWNER.name.label("owner"),
    ).outerjoin(_OWNER, _OWNER.id == FollowUp.owner_id)
    return readable(found, FollowUp, viewer)


def readable(found: Rows, kind: type[FollowUp | Response], viewer: Account) -> Rows:
    """Those of a customer that hang on no ticket, or on one that `viewer` may see."""
    return found.outerjoin(Ticket, Ticket.id == kind.ticket_id).where(
        kind.customer_id == CUSTOMER, or_(kind.ticket_id.is_(None), visible_to(viewer))
    )


def visits(_viewer: Account) -> Rows:
    """Days on which they came to the portal."""
    return select(CustomerVisit.id, CustomerVisit.day.label("at")).where(
        CustomerVisit.customer_id == CUSTOMER
    )


def choices(_viewer: Account) -> Rows:
    """What changed in the record: wishes among it, with who said so and when."""
    return (
        select(
            Correction.id,
            Correction.recorded_at.label("at"),
            Correction.field,
            Correction.before,
            Correction.after,
            Account.name.label("author"),
        )
        .outerjoin(Account, Account.id == Correction.by_id)
        .where(
            and_(Correction.kind == "customer", Correction.subject_id == CUSTOMER),
            or_(
                Correction.field.in_(tuple(CHOICE_WORDS)),
                Correction.field.startswith(PREFIX, autoescape=True),
            ),
        )
    )
