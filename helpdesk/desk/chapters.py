"""What else happened with a customer: flags that may mean that they leave, what moved their health,
what was done about unhappy answers, and what they chose or somebody corrected."""

from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from helpdesk.accounts.models import Account
from helpdesk.churn.models import ChurnFlag, HealthSnapshot
from helpdesk.customers.fields import PREFIX
from helpdesk.customers.history import Correction
from helpdesk.customers.visits import CustomerVisit
from helpdesk.surveys.models import FollowUp, Response
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

Rows = Select[*tuple[Any, ...]]
CUSTOMER = bindparam("customer", type_=BigInteger)
_OWNER = aliased(Account)
_BEFORE, _EARLIER = aliased(HealthSnapshot), aliased(HealthSnapshot)

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
NOTHING_YET = {
    None: (
        "Nothing here yet",
        "Tickets, messages, answers, orders and notes stand here as they come.",
    ),
    "tickets": ("No tickets yet", "What they ask for stands here, from whatever channel it comes."),
    "messages": ("No messages yet", "What they write, and what we answer, stands here."),
    "surveys": ("No answers yet", "What they answer to surveys stands here, with its tone."),
    "orders": ("No orders yet", "What they bought comes with an import of orders."),
    "notes": ("No notes yet", "Write above what colleagues should know. Only the team sees it."),
    "flags": ("No flags", "A flag is raised when the risk that they leave grows too high."),
    "health": ("No changes of health yet", "Each one stands here, with the reasons that moved it."),
    "follow-ups": ("No follow-ups", "An unhappy answer opens one: what was done, and by whom."),
    "visits": ("No visits yet", "Days on which they signed in on the portal stand here."),
    "changes": ("No changes yet", "What is corrected in the record stands here, with who did it."),
}
"""Title and text where there is nothing of a kind."""


def flags(_viewer: Account) -> Rows:
    """Flags, by when they were raised."""
    return select(
        ChurnFlag.id, ChurnFlag.raised_at.label("at"), ChurnFlag.risk, ChurnFlag.state
    ).where(ChurnFlag.customer_id == CUSTOMER)


def health(_viewer: Account) -> Rows:
    """Days on which the health was another one than before, with the reasons of both."""
    day_before = (
        select(func.max(_EARLIER.day))
        .where(_EARLIER.customer_id == CUSTOMER, _EARLIER.day < HealthSnapshot.day)
        .correlate(HealthSnapshot)
        .scalar_subquery()
    )
    return (
        select(
            HealthSnapshot.id,
            HealthSnapshot.recorded_at.label("at"),
            HealthSnapshot.risk,
            HealthSnapshot.points,
            _BEFORE.risk.label("risk_before"),
            _BEFORE.points.label("points_before"),
        )
        .join(_BEFORE, and_(_BEFORE.customer_id == CUSTOMER, _BEFORE.day == day_before))
        .where(HealthSnapshot.customer_id == CUSTOMER, HealthSnapshot.risk != _BEFORE.risk)
    )


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
