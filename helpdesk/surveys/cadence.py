"""Asking about us as a whole: everybody once in an interval, a few each day."""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.customers.models import Address, Customer
from helpdesk.surveys import actions, policies, queries
from helpdesk.surveys.models import Invitation, Kind, State
from helpdesk.surveys.questions import survey_in_use
from helpdesk.surveys.reasons import BUDGET
from helpdesk.tickets.models import Ticket

ACQUAINTED = timedelta(days=30)
"""Nobody can say much about us before they have known us for so long."""
DAY = timedelta(days=1)


def interval() -> timedelta:
    """How long a customer is left alone between two such questions."""
    return timedelta(days=settings().nps_interval_days)


def who_can_be_asked() -> Select[Customer]:
    """Customers with a verified address that takes mail, to whom one of us has written."""
    proven = select(Address.id).where(
        Address.customer_id == Customer.id,
        Address.verified_at.is_not(None),
        Address.bounced_at.is_(None),
    )
    helped = select(Ticket.id).where(
        Ticket.customer_id == Customer.id, Ticket.first_replied_at.is_not(None)
    )
    staying = (Customer.lost_on.is_(None), Customer.merged_into_id.is_(None))
    return select(Customer).where(*staying, proven.exists(), helped.exists())


def daily_share() -> int:
    """How many are asked in one day, so that all have their turn in the interval: the number of
    those who can be asked over its days, rounded up."""
    everybody = who_can_be_asked().with_only_columns(func.count())
    return ceil((session.scalar(everybody) or 0) / settings().nps_interval_days)


def due(at: datetime) -> Select[int]:
    """Ids of customers to ask, those who have waited longest first.

    Whoever was asked anything inside the contact budget keeps their turn for later, and holds up
    nobody behind them.
    """
    held = policies.policy()
    of_person = Invitation.sent_at > at - policies.person_window(held)
    of_organization = Invitation.sent_at > at - policies.organization_window(held)
    before = select(func.max(Invitation.created_at)).where(
        Invitation.customer_id == Customer.id, Invitation.kind == Kind.NPS
    )
    turn = func.coalesce(before.scalar_subquery(), Customer.created_at)
    return (
        who_can_be_asked()
        .where(
            Customer.created_at <= at - ACQUAINTED,
            ~_exists(Invitation.customer_id == Customer.id, of_person),
            ~_exists(Invitation.organization_id == Customer.organization_id, of_organization),
            ~_exists(Invitation.customer_id == Customer.id, *_decided_since(at - interval())),
        )
        .with_only_columns(Customer.id)
        .order_by(turn, Customer.id)
    )


def _exists(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Invitation.id).where(*conditions).exists()


def _decided_since(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    """One that still waits, or a decision for or against, unless only the budget spoke against
    it."""
    lasting = or_(Invitation.reason.is_(None), Invitation.reason.not_in(BUDGET))
    recent = and_(Invitation.created_at > moment, lasting)
    return Invitation.kind == Kind.NPS, or_(Invitation.state == State.WAITING, recent)


def ask(customer_id: int, share: int) -> bool:
    """Decide about one customer who is due; False once the day's share is used up."""
    survey_in_use(Kind.NPS, to_lock=True)  # two jobs at once would each use the share
    if _asked_since(now() - DAY) >= share:
        return False
    customer = session.get_one(Customer, customer_id)
    queries.lock_budget(customer.organization_id, customer_id)
    decided = _exists(Invitation.customer_id == customer_id, *_decided_since(now() - interval()))
    if not session.scalar(select(decided)):
        actions.invite_about_us(customer)
    return True


def _asked_since(moment: datetime) -> int:
    statement = select(func.count()).where(
        Invitation.kind == Kind.NPS,
        Invitation.created_at > moment,
        Invitation.state != State.SUPPRESSED,
    )
    return session.scalar(statement) or 0
