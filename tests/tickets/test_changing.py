"""What may be done to a ticket besides writing on it."""

import pytest
from flask import Flask

from helpdesk.accounts.models import Team
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions
from helpdesk.tickets.models import Priority, Status, Ticket
from tests.cast import Cast, cast

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast()


def told(event: str) -> list[JournalEntry]:
    entries = session.query(JournalEntry).filter_by(event=event, subject_kind="ticket")
    return list(entries.order_by(JournalEntry.id))


def test_assigning_is_told_with_before_and_after(people: Cast) -> None:
    with transaction():
        actions.assign(people.ticket, people.ben, by=people.nora)
    entry = told("TicketAssigned")[-1]
    assert entry.data == {
        "ticket_id": people.ids["ticket"],
        "before": people.ids["mika"],
        "after": people.ids["ben"],
        "reason": "by hand",
    }
    assert (entry.actor_id, entry.actor_name) == (people.ids["nora"], "Nora Weiss")


def test_assigning_twice_is_harmless(people: Cast) -> None:
    for _ in range(2):
        with transaction():
            actions.assign(people.ticket, people.ben, by=people.ben)
    assert [e.data["after"] for e in told("TicketAssigned")].count(people.ids["ben"]) == 1


def test_a_ticket_can_be_taken_from_everybody(people: Cast) -> None:
    with transaction():
        actions.assign(people.ticket, None, by=people.mika)
    assert people.ticket.assignee_id is None
    assert people.ticket.status is Status.OPEN, "new never returns"


def test_the_first_assignment_opens_a_new_ticket(people: Cast) -> None:
    with transaction():
        ticket = session.get_one(Ticket, people.ids["ticket"])
        ticket.status, ticket.assignee_id = Status.NEW, None
        session.flush()
        session.refresh(ticket)
        actions.assign(ticket, people.ben, by=people.ben)
    assert people.ticket.status is Status.OPEN


def test_a_customer_cannot_be_given_tickets(people: Cast) -> None:
    with transaction(), pytest.raises(Invalid):
        actions.assign(people.ticket, people.rosas_account, by=people.mika)


def test_a_restricted_ticket_goes_to_members_only(people: Cast) -> None:
    with transaction():
        people.billing.restricted = True
    with transaction(), pytest.raises(Invalid, match="restricted"):
        actions.assign(people.ticket, people.ben, by=people.mika)
    with transaction():
        actions.assign(people.ticket, people.ada, by=people.mika)
    assert people.ticket.assignee_id == people.ids["ada"]


def test_moving_to_a_restricted_team_takes_it_from_strangers(people: Cast) -> None:
    with transaction():
        closed = Team(name="Disputes", restricted=True, members=[people.ben])
        session.add(closed)
        actions.move_to_team(people.ticket, closed, by=people.nora)
    assert people.ticket.assignee_id is None
    assert "restricted" in told("TicketAssigned")[-1].data["reason"]


def test_moving_twice_is_harmless(people: Cast) -> None:
    before = len(told("TicketMovedToTeam"))
    for _ in range(2):
        with transaction():
            actions.move_to_team(people.ticket, people.technical, by=people.mika)
    assert len(told("TicketMovedToTeam")) == before + 1


def test_priority_is_told_once(people: Cast) -> None:
    for _ in range(2):
        with transaction():
            actions.set_priority(people.ticket, Priority.URGENT, by=people.mika)
    assert [e.data["after"] for e in told("PriorityChanged")] == ["urgent"]


@pytest.mark.parametrize("status", [Status.NEW, Status.RESOLVED, Status.CLOSED])
def test_some_statuses_are_not_set_by_hand(people: Cast, status: Status) -> None:
    with transaction(), pytest.raises(Invalid):
        actions.set_status(people.ticket, status, by=people.mika)


def test_waiting_is_told_once(people: Cast) -> None:
    for _ in range(2):
        with transaction():
            actions.set_status(people.ticket, Status.PENDING, by=people.mika)
    assert [e.data["after"] for e in told("StatusChanged")].count("pending") == 1


def test_what_is_done_must_be_reopened_first(people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    with transaction(), pytest.raises(Conflict):
        actions.set_status(people.ticket, Status.OPEN, by=people.mika)


def test_tags_are_tidied_and_told(people: Cast) -> None:
    with transaction():
        actions.set_tags(people.ticket, [" Late Refund ", "billing", "billing", ""], by=people.mika)
    assert [tag.name for tag in people.ticket.tags] == ["billing", "late-refund"]
    with transaction():
        actions.set_tags(people.ticket, ["billing"], by=people.mika)
    entry = told("TagsChanged")[-1]
    assert (entry.data["added"], entry.data["removed"]) == ([], ["late-refund"])


def test_the_same_tags_change_nothing(people: Cast) -> None:
    with transaction():
        actions.set_tags(people.ticket, ["a", "b"], by=people.mika)
    version = people.ticket.version
    with transaction():
        actions.set_tags(people.ticket, ["B", "a"], by=people.mika)
    assert people.ticket.version == version


def test_too_many_or_too_long_tags_are_refused(people: Cast) -> None:
    with transaction(), pytest.raises(Invalid, match="20"):
        actions.set_tags(people.ticket, [f"t{n}" for n in range(21)], by=people.mika)
    with transaction(), pytest.raises(Invalid, match="40"):
        actions.set_tags(people.ticket, ["x" * 41], by=people.mika)


def test_a_change_makes_replies_stale(people: Cast) -> None:
    version = people.ticket.version
    with transaction():
        actions.set_priority(people.ticket, Priority.HIGH, by=people.ben)
    assert people.ticket.version > version
