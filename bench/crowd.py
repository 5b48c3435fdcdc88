"""A crowd of customers who are all to be asked at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Table

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session, transaction
from helpdesk.customers.models import Address, Customer, Organization
from helpdesk.surveys import policies
from helpdesk.surveys.models import Invitation, Kind, State
from helpdesk.surveys.questions import survey_in_use
from helpdesk.tickets.models import Message, Ticket

AT_A_TIME = 5_000
"""Customers after which their rows are kept."""
Row = dict[str, object]


def fill(invitations: int) -> None:
    """Customers with a ticket each that was resolved yesterday, so that all are due now."""
    at = now() - timedelta(days=1, minutes=5)
    with transaction():
        agent = Account(
            name="Mika Kallio",
            email="mika@bench.example",
            role="agent",
            session_key="none",
            created_at=at,
            verified_at=at,
        )
        session.add(agent)
        hours = policies.policy(to_change=True)  # at whatever hour somebody measures
        hours.send_from, hours.send_until, hours.on_weekends = 0, 24 * 60, True
        session.flush()
        survey_id, agent_id = survey_in_use(Kind.CSAT).id, agent.id
    for first in range(1, invitations + 1, AT_A_TIME):
        numbers = range(first, min(first + AT_A_TIME, invitations + 1))
        with transaction():
            _fill_some(numbers, survey_id, agent_id)


def _fill_some(numbers: range, survey_id: int, agent_id: int) -> None:
    at = now() - timedelta(days=1, minutes=5)
    _put(Organization, numbers, lambda n: _organization(n, at))
    _put(Customer, numbers, lambda n: _customer(n, at))
    _put(Address, numbers, lambda n: _address(n, at))
    _put(Ticket, numbers, lambda n: _ticket(n, agent_id, at))
    _put(Message, numbers, lambda n: _reply(n, agent_id, at))
    _put(Invitation, numbers, lambda n: _invitation(n, survey_id, at))


def _organization(n: int, at: datetime) -> Row:
    return {"id": n, "name": f"Company {n}", "shares_tickets": False, "created_at": at}


def _customer(n: int, at: datetime) -> Row:
    return {"id": n, "name": f"Customer {n}", "organization_id": n, "created_at": at}


def _email(n: int) -> str:
    return f"customer{n}@company{n}.example"


def _address(n: int, at: datetime) -> Row:
    return {"customer_id": n, "email": _email(n), "is_primary": True, "verified_at": at}


def _ticket(n: int, agent_id: int, at: datetime) -> Row:
    return {
        "id": n,
        "subject": f"Question number {n} about an invoice",
        "status": "resolved",
        "customer_id": n,
        "organization_id": n,
        "assignee_id": agent_id,
        **dict.fromkeys(("created_at", "active_at", "first_replied_at", "resolved_at"), at),
    }


def _reply(n: int, agent_id: int, at: datetime) -> Row:
    return {
        "ticket_id": n,
        "kind": "agent",
        "author_id": agent_id,
        "body": "It is mended.",
        "created_at": at,
    }


def _invitation(n: int, survey_id: int, at: datetime) -> Row:
    return {
        "survey_id": survey_id,
        "kind": Kind.CSAT,
        "customer_id": n,
        "organization_id": n,
        "ticket_id": n,
        "resolved_at": at,
        "state": State.WAITING,
        "email": _email(n),
        "created_at": at,
        "send_at": at + timedelta(days=1),
    }


def _put(model: type[Model], numbers: range, row: Callable[[int], Row]) -> None:
    assert isinstance(model.__table__, Table)  # noqa: S101 - every model has one
    session.execute(model.__table__.insert(), [row(n) for n in numbers])
