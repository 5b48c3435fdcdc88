"""A new row is written past the unit of work, and the session knows no difference."""

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.storing import add, store, store_all
from helpdesk.tickets.models import Status, Ticket
from tests.cast import Cast
from tests.desk.conftest import statements


def a_ticket(people: Cast, **more: object) -> Ticket:
    at = now()
    given = {"subject": "Hello", "created_at": at, "active_at": at, **more}
    return Ticket(customer_id=people.ids["rosa"], **given)


def subjects() -> list[str]:
    return list(session.scalars(select(Ticket.subject)))


def test_a_stored_row_is_one_that_was_flushed(people: Cast) -> None:
    ticket = a_ticket(people)
    with transaction():
        with statements() as asked:
            store(ticket)
            session.flush()
        assert len(asked) == 1
        assert inspect(ticket).persistent
        assert session.get(Ticket, ticket.id) is ticket
        with statements() as asked:
            assert (ticket.status, ticket.version, ticket.is_open) == (Status.NEW, 1, True)
            assert ticket.team_id is None
        assert asked == []
        ticket.subject = "Changed later"
    assert "Changed later" in subjects()


def test_many_rows_are_stored_in_their_order(people: Cast) -> None:
    rows = [a_ticket(people, subject=f"Number {n}") for n in range(30)]
    rows[7].team_id = people.ids["billing"]
    with transaction():
        store_all(rows)
        assert [row.id for row in rows] == sorted(row.id for row in rows)
        with statements() as asked:
            session.flush()
            assert all(session.get(Ticket, row.id) is row for row in rows)
            assert [row.team_id for row in rows].count(None) == len(rows) - 1
        assert asked == []
        store_all([])
    assert subjects()[-30:] == [f"Number {n}" for n in range(30)]


def test_a_savepoint_takes_a_stored_row_back(people: Cast) -> None:
    with transaction():
        store(a_ticket(people, subject="Kept"))
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            store(gone := a_ticket(people, subject="Gone"))
            raise ZeroDivisionError
        assert gone not in session
        store(a_ticket(people, subject="Kept as well"))
    assert {"Kept", "Kept as well"} <= set(subjects())
    assert "Gone" not in subjects()


def test_what_the_database_refuses_is_refused_at_once(people: Cast) -> None:
    with pytest.raises(IntegrityError), transaction():
        store(a_ticket(people, filing_key="the same"))
        store(a_ticket(people, filing_key="the same"))


def test_where_nothing_is_to_be_flushed_a_row_waits(people: Cast) -> None:
    with transaction():
        with statements() as asked, session.no_autoflush:
            add(ticket := a_ticket(people))
        assert asked == []
        assert inspect(ticket).pending
