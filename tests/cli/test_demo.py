"""The demo's history is one that could have happened. Told once for each database, since telling
takes seconds, and then looked at from several sides."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.churn.models import HealthSnapshot
from helpdesk.cli.seed import seed_demo
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session
from helpdesk.core.journal import JournalEntry
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.surveys.models import Invitation, Kind, Response, State
from helpdesk.tickets.models import DONE, Message, Ticket
from tests.conftest import Clock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def rows(model: type[Model], condition: object = None) -> int:
    statement = select(func.count()).select_from(model)
    if condition is not None:
        statement = statement.where(condition)  # type: ignore[arg-type]  # any condition
    return session.scalar(statement) or 0


def undecided() -> set[int]:
    resolved = set(session.scalars(select(Ticket.id).where(Ticket.status.in_(DONE))))
    about = select(Invitation.ticket_id).where(Invitation.kind == Kind.CSAT)
    assert resolved
    return resolved - {ticket_id for ticket_id in session.scalars(about) if ticket_id}


def test_the_demo_could_have_happened(app: Flask, clock: Clock) -> None:
    clock.set(NOON)
    seed_demo(span=timedelta(days=35), organizations=5)
    assert undecided() == set()
    assert rows(JournalEntry, JournalEntry.tell_at.is_not(None)) == 0, "something is left to tell"
    assert rows(OutboundEmail, OutboundEmail.state == Delivery.QUEUED) == 0, "mail would go out"
    assert rows(Response) == rows(Invitation, Invitation.state == State.ANSWERED) > 0
    assert rows(HealthSnapshot, HealthSnapshot.risk >= 50) > 0, "nobody may leave"
    settled = set(session.scalars(select(InboundEmail.outcome)))
    assert settled == set(Outcome) - {Outcome.DUPLICATE, Outcome.REJECTED}
    for column in (Message.created_at, JournalEntry.at, Response.created_at, Ticket.active_at):
        latest = session.scalar(select(func.max(column)))
        assert latest is not None
        assert latest <= now(), f"{column} knows the future"


@pytest.mark.databases("sqlite")
def test_the_same_seed_tells_the_same_story(app: Flask, clock: Clock) -> None:
    clock.set(NOON)
    stories = []
    for _ in range(2):
        seed_demo(span=timedelta(days=10), organizations=3)
        stories.append([m.body for m in session.scalars(select(Message).order_by(Message.id))])
        session.rollback()
        with session.begin():
            for table in reversed(Model.metadata.sorted_tables):
                session.execute(table.delete())
    assert stories[0] == stories[1] != []
