"""Resolving, reopening, closing."""

import pytest
from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.jobs import close_resolved
from helpdesk.tickets.models import Status, Ticket
from tests.cast import Cast, cast
from tests.conftest import Clock


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast()


def told(event: str) -> list[JournalEntry]:
    return list(session.query(JournalEntry).filter_by(event=event).order_by(JournalEntry.id))


def status(people: Cast) -> Status:
    session.expire_all()
    return people.ticket.status


def test_resolving_ends_the_waiting(people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    ticket = people.ticket
    assert (ticket.status, ticket.waiting_since) == (Status.RESOLVED, None)
    assert ticket.resolved_at is not None
    assert not ticket.is_open


def test_resolving_is_told_with_who_had_it(people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.ben)
    data = told("TicketResolved")[0].data
    assert (data["assignee_id"], data["by_customer"]) == (people.ids["mika"], False)


def test_resolving_twice_is_harmless(people: Cast) -> None:
    for _ in range(2):
        with transaction():
            actions.resolve(people.ticket, by=people.mika)
    assert len(told("TicketResolved")) == 1


def test_who_resolves_what_nobody_has_becomes_its_assignee(people: Cast) -> None:
    with transaction():
        actions.assign(people.ticket, None, by=people.mika)
        actions.resolve(people.ticket, by=people.ben)
    assert people.ticket.assignee_id == people.ids["ben"]


def test_solved_by_the_customer_it_stays_with_nobody(people: Cast) -> None:
    with transaction():
        actions.assign(people.ticket, None, by=people.mika)
        actions.resolve(people.ticket, by=people.rosas_account, by_customer=True)
    assert people.ticket.assignee_id is None


def test_reopening_counts_and_is_told_once(people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    for _ in range(2):
        with transaction():
            actions.reopen(people.ticket, by=people.mika)
    ticket = people.ticket
    assert (ticket.status, ticket.reopenings, ticket.resolved_at) == (Status.OPEN, 1, None)
    assert len(told("TicketReopened")) == 1


def test_a_message_of_the_customer_reopens(people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
        conversation.write(people.ticket, "It is back.", people.rosa)
    ticket = people.ticket
    assert ticket.status is Status.OPEN
    assert ticket.waiting_since is not None
    assert told("TicketReopened")[0].data["by_customer"] is True


@pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD])
def test_a_message_of_the_customer_ends_a_pause(people: Cast, status: Status) -> None:
    with transaction():
        actions.set_status(people.ticket, status, by=people.mika)
        conversation.write(people.ticket, "Any news?", people.rosa)
    assert people.ticket.status is Status.OPEN


def test_resolved_closes_after_four_quiet_days(clock: Clock, people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    clock.move(hours=95)
    close_resolved()
    assert status(people) is Status.RESOLVED
    clock.move(hours=2)
    close_resolved()
    close_resolved()
    assert status(people) is Status.CLOSED
    assert len(told("TicketClosed")) == 1


def closed(people: Cast) -> Ticket:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
        actions.close(people.ticket)
    return people.ticket


def test_closed_does_not_reopen(people: Cast) -> None:
    ticket = closed(people)
    with transaction(), pytest.raises(Conflict):
        actions.reopen(ticket, by=people.mika)


def test_a_message_on_a_closed_ticket_opens_a_follow_up(people: Cast) -> None:
    ticket = closed(people)
    with transaction():
        actions.resolve(ticket, by=people.mika)  # done already: nothing happens
        following = conversation.write(people.ticket, "Again!", people.rosa)
        number = following.id
    session.expire_all()
    following = session.get_one(Ticket, number)
    assert (following.follows_id, following.customer_id) == (ticket.id, ticket.customer_id)
    assert following.subject == ticket.subject
    assert following.team_id == people.ids["billing"]
    assert told("TicketFollowedUp")[0].data["follow_up_id"] == number


def test_nobody_closes_what_is_open(people: Cast) -> None:
    with transaction():
        actions.close(people.ticket)
    assert people.ticket.status is Status.OPEN


def test_closing_waits_for_the_last_resolution(clock: Clock, people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    clock.move(hours=90)
    with transaction():
        actions.reopen(people.ticket, by=people.mika)
        actions.resolve(people.ticket, by=people.mika)
    clock.move(hours=50)
    close_resolved()
    assert people.ticket.status is Status.RESOLVED
