"""Mass data: as real as what people make, the same every time, and whole or not at all."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, inspect, select, text

from helpdesk.accounts.demo import DEMO_AGENT
from helpdesk.accounts.queries import account_at
from helpdesk.cli.seed import bulk
from helpdesk.cli.seed.bulk import fill
from helpdesk.cli.seed.bulk_tickets import Tickets
from helpdesk.core.db import Model, db, session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer
from helpdesk.surveys.models import Invitation, Response, State
from helpdesk.tickets import clocks
from helpdesk.tickets.indexing import read_into_index
from helpdesk.tickets.models import Message, Status, Ticket
from tests.cast import Cast
from tests.visitor import Visitor

END = datetime(2026, 3, 2, 9, tzinfo=UTC)


def count(model: type[Model]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_as_many_tickets_as_asked_for_with_about_three_messages_each(app: Flask) -> None:
    written = fill(600, end=END)
    assert count(Ticket) == written["ticket"] == 600
    assert 2.8 < count(Message) / 600 < 3.3


def test_the_same_seed_makes_the_same_tickets(app: Flask, database: tuple[Flask, object]) -> None:
    rows = select(Ticket.subject, Ticket.created_at, Ticket.status, Ticket.last_score)
    fill(80, seed=5, end=END)
    first = session.execute(rows.order_by(Ticket.id).limit(80)).all()
    fill(80, seed=5, end=END)
    second = session.execute(rows.order_by(Ticket.id).offset(80)).all()
    assert first == second


def test_another_seed_makes_others(app: Flask) -> None:
    subjects = select(Ticket.subject).order_by(Ticket.id)
    fill(50, seed=1, end=END)
    fill(50, seed=2, end=END)
    found = session.scalars(subjects).all()
    assert found[:50] != found[50:]


def test_most_tickets_are_done_some_are_open_and_about_a_quarter_is_rated(app: Flask) -> None:
    fill(1000, end=END)
    by_status = dict(
        session.execute(select(Ticket.status, func.count()).group_by(Ticket.status)).all()
    )
    assert by_status[Status.CLOSED] > 870
    assert 7 < sum(n for status, n in by_status.items() if status.value != "closed") < 80
    assert 0.18 < count(Response) / 1000 < 0.34
    assert session.scalar(select(Invitation.id).where(Invitation.state == State.SUPPRESSED))


def test_the_share_that_nobody_closed_stays_resolved(app: Flask) -> None:
    fill(400, end=END, unclosed=1.0)
    assert session.scalar(select(Ticket.id).where(Ticket.status == Status.CLOSED)) is None


def test_nothing_happens_before_its_ticket_or_after_the_end(app: Flask) -> None:
    fill(300, end=END)
    late = select(JournalEntry.id).where(JournalEntry.at > END)
    early = (
        select(Message.id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(Message.created_at < Ticket.created_at)
    )
    assert session.scalar(late) is None
    assert session.scalar(early) is None


def test_every_entry_reads_as_the_event_it_is(app: Flask) -> None:
    fill(120, end=END)
    kinds = {type(entry.to_event()).__name__ for entry in session.scalars(select(JournalEntry))}
    assert {"TicketFiled", "AgentReplied", "TicketResolved", "SurveyAnswered"} <= kinds


def test_nobody_is_told_of_what_was_made_up(app: Flask) -> None:
    fill(60, end=END)
    assert session.scalar(select(JournalEntry.id).where(JournalEntry.tell_at.is_not(None))) is None


def test_indexes_and_foreign_keys_are_as_they_were(app: Flask) -> None:
    def shape() -> dict[str, tuple[set[str | None], int]]:
        look = inspect(db.engine)
        return {
            table: (
                {index["name"] for index in look.get_indexes(table)},
                len(look.get_foreign_keys(table)),
            )
            for table in look.get_table_names()
        }

    before = shape()
    fill(30, end=END)
    assert shape() == before


@pytest.mark.databases("sqlite")
def test_no_row_points_at_nothing(app: Flask) -> None:
    fill(200, end=END)
    assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_the_next_ticket_of_a_person_gets_the_next_number(people: Cast) -> None:
    fill(25, end=END)
    numbers = sorted(session.scalars(select(Ticket.id)))
    assert all(b - a == 1 for a, b in pairwise(numbers))
    customer = session.get_one(Customer, people.rosa.id)
    session.add(Ticket(subject="One more", customer_id=customer.id, created_at=END, active_at=END))
    session.flush()
    assert session.scalar(select(func.max(Ticket.id))) == numbers[-1] + 1
    session.rollback()


def test_a_load_that_fails_leaves_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_tickets: Tickets) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(Tickets, "finish", fail)
    monkeypatch.setattr(bulk, "AT_ONCE", 10)
    with pytest.raises(OSError, match="full"):
        fill(40, end=END)
    session.rollback()
    assert count(Ticket) == 0
    assert inspect(db.engine).get_indexes("ticket")


def test_the_pages_show_it(app: Flask, client: Visitor) -> None:
    fill(300)
    agent = account_at(DEMO_AGENT)
    assert agent is not None
    client.sign_in(agent)
    number = session.scalar(select(func.max(Ticket.id)))
    customer = session.scalar(select(func.max(Customer.id)))
    for address in ("queue/open", "queue/unassigned", f"tickets/{number}", f"customers/{customer}"):
        assert client.get(f"/desk/{address}").status_code == 200


def test_the_command_makes_mass_data(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["seed", "--tickets", "40"])
    assert said.exit_code == 0, said.output
    assert "40 ticket" in said.output


def test_the_command_leaves_a_database_with_tickets_alone(people: Cast, app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["seed", "--tickets", "40"])
    assert said.exit_code == 1
    assert "There are tickets in this database; --add adds to them." in said.output
    assert app.test_cli_runner().invoke(args=["seed"]).exit_code == 1
    assert count(Ticket) == 1


def test_the_command_adds_when_told_to(people: Cast, app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["seed", "--tickets", "40", "--add"])
    assert said.exit_code == 0, said.output
    assert count(Ticket) == 41


def test_every_ticket_is_found_as_if_it_had_been_written_by_hand(app: Flask) -> None:
    fill(60, end=END)
    loaded = _documents()
    with transaction():
        read_into_index(list(session.scalars(select(Ticket.id))))
    assert _documents() == loaded
    assert len(loaded) == 60


def _documents() -> list[tuple[object, ...]]:
    columns = "rowid" if db.engine.dialect.name == "sqlite" else "words::text"
    with transaction(write=False):
        rows = session.execute(text(f"SELECT *, {columns} FROM ticket_text ORDER BY 1"))
        return sorted(tuple(row) for row in rows)


def test_what_is_owed_is_what_counting_it_gives(app: Flask) -> None:
    fill(1500, end=END)
    with time_machine.travel(END, tick=False), transaction():
        owed = select(Ticket).where(Ticket.due_for.is_not(None)).order_by(Ticket.id)
        tickets = session.scalars(owed).all()
        assert {ticket.is_open for ticket in tickets} == {True}
        before = [(ticket.due_at, ticket.due_for, ticket.sla_policy_id) for ticket in tickets]
        assert any(due for due, _, _ in before)
        for ticket in tickets:
            clocks.refresh(ticket)
        assert [(t.due_at, t.due_for, t.sla_policy_id) for t in tickets] == before
        told = select(JournalEntry.id).where(JournalEntry.event.like("Sla%"))
        assert session.scalars(told).all() == [], "nothing is left to warn of"
