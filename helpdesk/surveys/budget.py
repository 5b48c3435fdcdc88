"""How often people may be asked: once in so many days, each person and each organization, and the
question about us as a whole before those about tickets."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.customers.models import Customer
from helpdesk.surveys.models import Invitation, Kind, State
from helpdesk.surveys.reasons import Reason


def reason_against(customer: Customer, kind: Kind, at: datetime) -> Reason | None:
    """The reason not to send a survey of that kind to `customer` at that moment, if there is one.

    Only those that were mailed count, so one that never went out costs nobody anything.
    """
    since = at - timedelta(days=settings().survey_budget_days)
    if _was_one_sent(Invitation.customer_id == customer.id, since):
        return Reason.PERSON_BUDGET
    organization_id = customer.organization_id
    if organization_id and _was_one_sent(Invitation.organization_id == organization_id, since):
        return Reason.ORGANIZATION_BUDGET
    if kind is not Kind.NPS and _awaits_nps(customer):
        return Reason.NPS_FIRST
    return None


def _was_one_sent(to_them: ColumnElement[bool], since: datetime) -> bool:
    statement = select(Invitation.id).where(to_them, Invitation.sent_at > since)
    return bool(session.scalar(select(statement.exists())))


def _awaits_nps(customer: Customer) -> bool:
    statement = select(Invitation.id).where(
        Invitation.customer_id == customer.id,
        Invitation.kind == Kind.NPS,
        Invitation.state == State.WAITING,
    )
    return bool(session.scalar(select(statement.exists())))
