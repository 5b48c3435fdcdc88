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
    sent = Invitation.sent_at > at - timedelta(days=settings().survey_budget_days)
    theirs = Invitation.customer_id == customer.id
    rules = {Reason.PERSON_BUDGET: _exists(theirs, sent)}
    if customer.organization_id is not None:
        colleagues = Invitation.organization_id == customer.organization_id
        rules[Reason.ORGANIZATION_BUDGET] = _exists(colleagues, sent)
    if kind is not Kind.NPS:
        waits = (Invitation.kind == Kind.NPS, Invitation.state == State.WAITING)
        rules[Reason.NPS_FIRST] = _exists(theirs, *waits)
    broken = session.execute(select(*rules.values())).one()
    return next((reason for reason, holds in zip(rules, broken, strict=True) if holds), None)


def _exists(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Invitation.id).where(*conditions).exists()
