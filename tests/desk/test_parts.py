"""Links, copies, watching, mentions, checklist, time and snoozing of a ticket."""

import pytest
from sqlalchemy import select

from helpdesk.accounts.models import Role
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions, conversation, effort, relations, snoozing, watching
from helpdesk.tickets.filters import parse
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.relations import Kind
from tests.cast import Cast, account
from tests.conftest import Clock
from tests.desk.conftest import statements
from tests.visitor import Visitor


def ticket(number: int) -> Ticket:
    return session.get_one(Ticket, number, populate_existing=True)


@pytest.fixture
def others(people: Cast) -> list[int]:
    with transaction():
        return [conversation.file(people.sam, f"S{n}", "Words").id for n in range(3)]


def did(number: int) -> list[str]:
    statement = select(JournalEntry.event).where(JournalEntry.subject_id == number)
    return list(session.scalars(statement.order_by(JournalEntry.id)))


def test_links_are_seen_from_both_sides(mika: Visitor, people: Cast, others: list[int]) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    for kind in ("parent_of", "blocked_by"):
        mika.post(f"{path}/relations", data={"kind": kind, "other": f"#{others[0]}"})
    page, back = mika.get(path).text, mika.get(f"/desk/tickets/{others[0]}").text
    assert "has the part" in page
    assert "blocked by" in page
    assert "part of" in back
    relation = relations.related_to(people.mika, people.ticket.id)[0]
    mika.post(f"/desk/tickets/{others[0]}/relations/{relation.id}/removal")
    assert len(relations.related_to(people.mika, people.ticket.id)) == 1


def test_parts_make_no_circle(people: Cast, others: list[int]) -> None:
    one, two, three = others
    with transaction():
        relations.relate(ticket(two), ticket(one), Kind.CHILD_OF, by=people.mika)
        relations.relate(ticket(three), ticket(two), Kind.CHILD_OF, by=people.mika)
        relations.relate(ticket(three), ticket(two), Kind.CHILD_OF, by=people.mika)  # twice
    for child, parent in ((one, three), (one, one), (three, one)):
        with transaction(), pytest.raises(Invalid):
            relations.relate(ticket(child), ticket(parent), Kind.CHILD_OF, by=people.mika)


def test_what_is_restricted_is_linked_by_and_shown_to_nobody_else(
    ben: Visitor, mika: Visitor, people: Cast, secret: int
) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    data = {"kind": "related", "other": str(secret)}
    assert ben.post(f"{path}/relations", data=data).status_code == 422
    mika.post(f"{path}/relations", data=data)
    assert "Salary" in mika.get(path).text
    assert "Salary" not in ben.get(path).text
    assert "Salary" not in ben.get(f"{path}/parts").text


def test_solving_a_whole_offers_to_answer_its_parts(
    mika: Visitor, people: Cast, others: list[int]
) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    with transaction():
        for number in others[:2]:
            relations.relate(ticket(number), people.ticket, Kind.CHILD_OF, by=people.mika)
        actions.resolve(people.ticket, by=people.mika)
    assert "Answer 2 open parts" in mika.get(path).text
    assert mika.post(f"{path}/children/answers", data={"body": " "}).status_code == 422
    mika.post(f"{path}/children/answers", data={"body": "It works again.", "form_key": "k"})
    for number in others[:2]:
        assert ticket(number).status is Status.RESOLVED
        assert ticket(number).messages[-1].body == "It works again."


def test_a_copy_to_an_address_outside_needs_a_yes(mika: Visitor, people: Cast) -> None:
    path = f"/desk/tickets/{people.ticket.id}/copies"
    asked = mika.post(path, data={"email": "Law@Elsewhere.example"})
    assert asked.status_code == 409
    assert "rosa@harbor.example" in asked.text
    assert people.ticket.watchers == []
    mika.post(path, data={"email": "law@elsewhere.example", "confirmed": "1"})
    mika.post(path, data={"email": "carl@harbor.example", "name": "Carl"})
    session.expire_all()
    watchers = people.ticket.watchers
    assert [watcher.email for watcher in watchers] == [
        "law@elsewhere.example", "carl@harbor.example"
    ]  # fmt: skip
    mika.post(f"{path}/{watchers[0].id}/removal")
    session.expire_all()
    assert [watcher.email for watcher in people.ticket.watchers] == ["carl@harbor.example"]
    assert did(people.ticket.id)[-3:] == ["WatcherAdded", "WatcherAdded", "WatcherRemoved"]


@pytest.mark.parametrize(
    "email", ["", "x", "rosa@harbor.example", "ben@acorn-payroll.example", "a\x00@b.example"]
)
def test_who_gets_no_copy(mika: Visitor, people: Cast, email: str) -> None:
    path = f"/desk/tickets/{people.ticket.id}/copies"
    assert mika.post(path, data={"email": email, "confirmed": "1"}).status_code == 422


def test_a_copy_of_another_ticket_is_not_taken_away_here(
    mika: Visitor, people: Cast, others: list[int]
) -> None:
    with transaction():
        add_watcher(ticket(others[0]), "x@y.example")
    watcher = ticket(others[0]).watchers[0]
    mika.post(f"/desk/tickets/{people.ticket.id}/copies/{watcher.id}/removal")
    assert len(ticket(others[0]).watchers) == 1


def test_a_colleague_is_called_by_name(people: Cast) -> None:
    with transaction():
        note = conversation.add_note(people.ticket, "@Ben, can you look? Or @Ben", by=people.mika)
    assert [a.name for a in watching.watchers_among_staff(people.ticket.id)] == ["Ben Lund"]
    calls = session.query(JournalEntry).filter_by(event="AgentMentioned").all()
    assert [(c.data["message_id"], c.data["agent_id"]) for c in calls] == [(note.id, people.ben.id)]


def test_who_may_not_see_it_is_not_called(people: Cast, secret: int) -> None:
    with transaction():
        conversation.add_note(ticket(secret), "@Ben @Ada Ortiz @Mika", by=people.mika)
    assert [a.name for a in watching.watchers_among_staff(secret)] == ["Ada Ortiz"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ben", "Ben Lund"),
        ("(@Ben Lund)", "Ben Lund"),
        ("@ben.lund@x", ""),
        ("mail ben@acorn-payroll.example", ""),
        ("@ben@acorn-payroll.example.", "Ben Lund"),
        ("@benjamin", ""),
        ("@Kim", ""),
        ("@Kim Two.", "Kim Two"),
        ("@kim One and @BEN!", "Kim One, Ben Lund"),
        ("@@ben @ ben @", ""),
    ],
)
def test_names_in_notes(text: str, names: str) -> None:
    staff = [account(name, Role.AGENT) for name in ("Ben Lund", "Kim One", "Kim Two")]
    for number, (agent, email) in enumerate(zip(staff, ("ben", "k1", "k2"), strict=True)):
        agent.id, agent.email = number, f"{email}@acorn-payroll.example"
    assert ", ".join(a.name for a in watching.mentioned_in(text, staff)) == names


def test_watching_by_oneself(mika: Visitor, people: Cast) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    for _ in range(2):
        mika.post(f"{path}/watching", data={"watch": "yes"})
    assert "Watched by" in mika.get(path).text
    mika.post(f"{path}/watching", data={"watch": "no"})
    assert did(people.ticket.id)[-2:] == ["AgentWatches", "AgentStoppedWatching"]


def test_a_checklist(mika: Visitor, people: Cast) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    for text in ("Call her", "Refund", "Refund"):
        mika.post(f"{path}/checklist", data={"text": text})
    call, refund = [item.id for item in effort.checklist_of(people.ticket.id)]
    mika.post(f"{path}/checklist/{refund}", data={"do": "up"})
    answer = mika.post(f"{path}/checklist/{call}", data={"do": "tick", "from": "ticket"})
    assert answer.location == path
    assert "Checklist, 1 of 2" in mika.get(path).text
    session.expire_all()
    assert [i.text for i in effort.checklist_of(people.ticket.id)] == ["Refund", "Call her"]
    mika.post(f"{path}/checklist/{refund}", data={"do": "remove"})
    assert mika.post(f"{path}/checklist/{refund}", data={"do": "tick"}).status_code == 404
    assert mika.post(f"{path}/checklist", data={"text": "x" * 301}).status_code == 422


def test_time_is_summed_and_corrected_by_who_spent_it(
    mika: Visitor, ben: Visitor, people: Cast
) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    mika.post(f"{path}/time", data={"minutes": "50", "note": "Looked at the card"})
    ben.post(f"{path}/time", data={"minutes": "25"})
    page = mika.get(path).text
    assert "1 h 15 min" in page
    assert "50 min" in page
    entry = effort.times_of(people.ticket.id)[0].id
    assert ben.post(f"{path}/time/{entry}", data={"minutes": "1"}).status_code == 403
    mika.post(f"{path}/time/{entry}", data={"minutes": "0"})
    session.expire_all()
    assert effort.minutes_on(people.ticket.id) == 25
    for wrong in ("", "-5", "0", "1441", "9" * 30, "x", "1.5"):
        assert mika.post(f"{path}/time", data={"minutes": wrong}).status_code == 422


def held(viewer: Cast, text: str) -> bool:
    with transaction(write=False):
        where = parse(text).where(viewer.mika)
        return viewer.ticket.id in session.scalars(select(Ticket.id).where(*where)).all()


def test_what_is_snoozed_comes_back_by_itself(clock: Clock, mika: Visitor, people: Cast) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    due_at = people.ticket.due_at
    mika.post(f"{path}/snooze", data={"until": "hours"})
    assert "Charged twice" not in mika.get("/desk/queue/mine").text
    assert "Charged twice" in mika.get("/desk/queue/snoozed").text
    assert held(people, "is:snoozed is:open")
    assert "snoozed" in mika.get(path).text
    clock.move(hours=2)
    snoozing.wake_due()
    assert held(people, "is:snoozed")
    clock.move(hours=2)
    snoozing.wake_due()
    assert not held(people, "is:snoozed")
    assert "Charged twice" in mika.get("/desk/queue/mine").text
    assert people.ticket.due_at == due_at
    assert did(people.ticket.id)[-2:] == ["TicketSnoozed", "TicketWoken"]


def test_an_answer_wakes_it(mika: Visitor, people: Cast) -> None:
    mika.post(f"/desk/tickets/{people.ticket.id}/snooze", data={"until": "reply"})
    assert "until the customer answers" in mika.get(f"/desk/tickets/{people.ticket.id}").text
    with transaction():
        conversation.write(people.ticket, "Hello?", people.rosa)
    assert people.ticket.snoozed_until is None


def test_what_is_done_is_not_snoozed_any_more(mika: Visitor, people: Cast) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    mika.post(f"{path}/snooze", data={"until": "reply"})
    mika.post(f"{path}/resolution")
    snoozing.wake_due()
    session.expire_all()
    assert people.ticket.snoozed_until is None
    assert mika.post(f"{path}/snooze", data={"until": "week"}).status_code == 409


@pytest.mark.parametrize("at", ["", "yesterday", "2020-01-01T10:00", "9999-12-31T23:59", "\x00"])
def test_a_wrong_time_is_told(mika: Visitor, people: Cast, at: str) -> None:
    path = f"/desk/tickets/{people.ticket.id}/snooze"
    assert mika.post(path, data={"until": "at", "at": at}).status_code == 422


def test_a_closed_ticket_is_followed_up(mika: Visitor, people: Cast) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    assert mika.post(f"{path}/follow-up", data={"body": "Again"}).status_code == 409
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
        actions.close(people.ticket)
    assert "Open a follow-up" in mika.get(path).text
    first = mika.post(f"{path}/follow-up", data={"body": "Again", "form_key": "k"}).location
    again = mika.post(f"{path}/follow-up", data={"body": "Again", "form_key": "k"}).location
    assert first == again
    assert f"/desk/tickets/{people.ticket.id}" in mika.get(first).text
    assert first in mika.get(path).text


def test_parts_cost_two_questions_and_nothing_where_there_are_none(
    mika: Visitor, people: Cast
) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    mika.get(path)
    with statements() as plain:
        mika.get(path)
    with transaction():
        for n in range(20):
            effort.add_item(people.ticket, f"Thing {n}", by=people.mika)
            add_watcher(people.ticket, f"x{n}@y.example")
        effort.spend(people.ticket, 5, by=people.mika)
    mika.get(path)
    with statements() as full:
        mika.get(path)
    assert len(full) <= len(plain) + 2
    assert len(full) <= 12
