"""Changing a ticket from its page: each verb works, is told, and is not a stranger's."""

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions
from helpdesk.tickets.links import link_for
from helpdesk.tickets.models import Priority, Status, Ticket, TicketLink
from tests.cast import Cast
from tests.visitor import Visitor

VERBS = {
    "assignment": ({"assignee": "me"}, "TicketAssigned"),
    "team": ({"team": ""}, "TicketMovedToTeam"),
    "priority": ({"priority": "urgent"}, "PriorityChanged"),
    "status": ({"status": "pending"}, "StatusChanged"),
    "tags": ({"tags": "refund, late"}, "TagsChanged"),
    "resolution": ({}, "TicketResolved"),
}


def change(visitor: Visitor, number: int, what: str, data: dict[str, str]) -> int:
    return visitor.post(f"/desk/tickets/{number}/{what}", data=data).status_code


def told(event: str) -> int:
    session.expire_all()
    return session.query(JournalEntry).filter_by(event=event).count()


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_works_once_and_is_told_once(ben: Visitor, people: Cast, verb: str) -> None:
    data, event = VERBS[verb]
    before = told(event)
    for _ in range(2):
        assert change(ben, people.ids["ticket"], verb, data) == 303
    assert told(event) == before + 1


@pytest.mark.parametrize("verb", [*VERBS, "reopening", "links/revocation", "replies", "notes"])
def test_a_verb_does_not_reach_a_restricted_team(
    ben: Visitor, people: Cast, secret: int, verb: str
) -> None:
    data = VERBS.get(verb, ({"body": "Hello"}, ""))[0]
    with transaction(write=False):
        before = session.query(JournalEntry).count()
    assert change(ben, secret, verb, data) == 404
    session.expire_all()
    assert session.query(JournalEntry).count() == before


@pytest.mark.parametrize("verb", [*VERBS, "reopening", "links/revocation", "replies", "notes"])
def test_a_verb_is_not_a_customers(client: Visitor, people: Cast, verb: str) -> None:
    client.sign_in(people.rosas_account)
    assert change(client, people.ids["ticket"], verb, {}) == 403


def test_without_a_token_nothing_changes(mika: Visitor, people: Cast) -> None:
    address = f"/desk/tickets/{people.ids['ticket']}/resolution"
    assert mika.post(address, csrf=False).status_code == 400
    assert told("TicketResolved") == 0


def test_a_ticket_is_given_to_a_colleague_and_taken_back(mika: Visitor, people: Cast) -> None:
    number = people.ids["ticket"]
    change(mika, number, "assignment", {"assignee": str(people.ids["ben"])})
    session.expire_all()
    assert people.ticket.assignee_id == people.ids["ben"]
    change(mika, number, "assignment", {"assignee": ""})
    session.expire_all()
    assert people.ticket.assignee_id is None


def test_a_ticket_can_be_reopened(mika: Visitor, people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    assert change(mika, people.ids["ticket"], "reopening", {}) == 303
    session.expire_all()
    assert people.ticket.status is Status.OPEN


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("assignment", {"assignee": "999"}),
        ("assignment", {"assignee": "x"}),
        ("team", {"team": "999"}),
        ("priority", {"priority": "soon"}),
        ("priority", {}),
        ("status", {"status": "resolved"}),
        ("status", {"status": "nonsense"}),
        ("tags", {"tags": "x" * 41}),
    ],
)
def test_nonsense_is_refused(mika: Visitor, people: Cast, what: str, data: dict[str, str]) -> None:
    assert change(mika, people.ids["ticket"], what, data) == 422
    session.expire_all()
    assert people.ticket.priority is Priority.NORMAL


def test_a_customer_cannot_be_made_assignee(mika: Visitor, people: Cast) -> None:
    data = {"assignee": str(people.ids["rosas_account"])}
    assert change(mika, people.ids["ticket"], "assignment", data) == 422


def test_whoever_moves_a_ticket_out_of_sight_is_told(
    ben: Visitor, people: Cast, secret: int
) -> None:
    with transaction(write=False):
        closed = session.get_one(Ticket, secret).team_id
    number = people.ids["ticket"]
    answer = ben.post(f"/desk/tickets/{number}/team", data={"team": closed})
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert ben.get(f"/desk/tickets/{number}").status_code == 404


def test_mailed_links_can_be_revoked(mika: Visitor, people: Cast) -> None:
    with transaction():
        link_for(people.ticket, people.rosa, "rosa@harbor.example")
    for _ in range(2):
        assert change(mika, people.ids["ticket"], "links/revocation", {}) == 303
    session.expire_all()
    assert session.query(TicketLink).one().revoked_at is not None
    assert told("TicketLinkRevoked") == 1


def test_two_who_change_the_tags_at_once_lose_nothing(mika: Visitor, people: Cast) -> None:
    number = people.ids["ticket"]
    address = f"/desk/tickets/{number}/tags"
    mika.post(address, data={"tags": "refund, late", "had": ""})
    # Both saw "refund, late"; one adds a tag and takes one away, the other adds another.
    mika.post(address, data={"tags": "refund, card", "had": "refund, late"})
    mika.post(address, data={"tags": "refund, late, october", "had": "refund, late"})
    session.expire_all()
    assert [tag.name for tag in people.ticket.tags] == ["card", "october", "refund"]
