"""A reply is taken back before it goes: the ticket stands as if it had never been sent."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, NotFound
from helpdesk.core.journal import JournalEntry
from helpdesk.mail import jobs as mail
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.surveys.models import Invitation
from helpdesk.tickets import actions, conversation, recall
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.models import Message, Status, Ticket
from helpdesk.tickets.policies import SlaPolicy
from helpdesk.tickets.queries import locked
from helpdesk.tickets.sending import SentReply
from helpdesk.tickets.standing import standing_of
from tests.cast import Cast
from tests.conftest import Clock
from tests.servers.smtp import Sink
from tests.tickets.promises import HOUR, policy
from tests.together import together
from tests.visitor import Visitor
from tests.work import Work

pytestmark = pytest.mark.usefixtures("people")
COUNTED = ("AgentReplied", "TicketAssigned", "StatusChanged", "TicketResolved", "SlaMet")


def state(people: Cast) -> dict[str, Any]:
    """Everything about the ticket that a reply may change, without the version."""
    session.rollback()
    with transaction():
        ticket = locked(people.ids["ticket"])
        stands = standing_of(ticket).stored() | {"snippet": ticket.snippet}
    stands["clocks"] = sorted(stands["clocks"], key=lambda clock: str(clock["target"]))
    counts = {
        event: session.scalar(
            select(func.count()).select_from(JournalEntry).where(JournalEntry.event == event)
        )
        for event in COUNTED
    }
    return {k: v for k, v in stands.items() if k not in ("version", "last_entry")} | counts


def reply(people: Cast, then: Callable[[Ticket], None] = lambda _: None, by: str = "mika") -> int:
    with transaction():
        ticket = locked(people.ids["ticket"])
        agent = getattr(people, by)
        message = conversation.reply(ticket, "We look at it.", by=agent, seen=ticket.version)
        then(ticket)
        return message.id


def take_back(people: Cast, message_id: int, by: str = "mika") -> str:
    with transaction():
        ticket = locked(people.ids["ticket"])
        return recall.take_back(ticket, message_id, by=getattr(people, by))


def states(message_id: int) -> set[Delivery]:
    session.rollback()
    sent = session.get_one(SentReply, message_id)
    wanted = select(OutboundEmail.state).where(OutboundEmail.id.in_(sent.email_ids))
    return set(session.scalars(wanted))


def test_everything_is_as_it_was_and_says_so(people: Cast, clock: Clock) -> None:
    before = state(people)
    message_id = reply(people)
    clock.move(seconds=5)
    assert take_back(people, message_id) == "We look at it."
    assert state(people) == before
    assert states(message_id) == {Delivery.WITHDRAWN}
    assert session.get(Message, message_id) is None
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert entry is not None
    assert (entry.event, entry.actor_id) == ("ReplyTakenBack", people.ids["mika"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    had=st.sampled_from(["new", "open", "pending", "on_hold", "replied"]),
    then=st.sampled_from(["keep", "wait", "resolve", "hold"]),
    promised=st.booleans(),
)
def test_whatever_it_was_and_whatever_was_pressed(
    app: Flask, people: Cast, had: str, then: str, promised: bool
) -> None:
    with transaction():
        if promised and session.scalar(select(SlaPolicy.id)) is None:
            policy("All", 9, first_response=HOUR, next_response=HOUR, resolution=9 * HOUR)
        ticket = conversation.file(people.rosa, "Another one", "Hello?", by=people.rosas_account)
        number = ticket.id
    people = Cast({**people.ids, "ticket": number})
    if had == "replied":
        reply(people)
        with transaction():
            conversation.write(locked(number), "And this?", people.rosa)
    elif had != "new":
        with transaction():
            actions.set_status(locked(number), Status(had), by=people.ben)
    before = state(people)
    does: dict[str, Callable[[Ticket], None]] = {
        "keep": lambda _: None,
        "wait": lambda t: actions.set_status(t, Status.PENDING, by=people.mika),
        "hold": lambda t: actions.set_status(t, Status.ON_HOLD, by=people.mika),
        "resolve": lambda t: actions.resolve(t, by=people.mika),
    }
    take_back(people, reply(people, does[then]))
    assert state(people) == before


def test_what_the_customer_wrote_meanwhile_stays_and_counts_from_the_first(
    people: Cast, clock: Clock
) -> None:
    waiting = people.ticket.waiting_since
    message_id = reply(people, lambda t: actions.resolve(t, by=people.mika))
    clock.move(seconds=4)
    with transaction():
        conversation.write(locked(people.ids["ticket"]), "One more thing.", people.rosa)
    take_back(people, message_id)
    session.rollback()
    ticket = people.ticket
    assert (ticket.status, ticket.reopenings, ticket.resolved_at) == (Status.OPEN, 0, None)
    assert (ticket.waiting_since, ticket.first_replied_at) == (waiting, None)
    assert ticket.snippet == "One more thing."
    assert states(message_id) == {Delivery.WITHDRAWN}


def test_a_colleagues_later_reply_becomes_the_first_one(people: Cast, clock: Clock) -> None:
    mine = reply(people)
    clock.move(seconds=3)
    theirs = reply(people, by="ben")
    take_back(people, mine)
    session.rollback()
    at = session.get_one(Message, theirs).created_at
    assert (people.ticket.first_replied_at, people.ticket.waiting_since) == (at, None)


def test_what_a_colleague_set_meanwhile_is_left_alone(people: Cast) -> None:
    message_id = reply(people, lambda t: actions.set_status(t, Status.PENDING, by=people.mika))
    with transaction():
        actions.set_status(locked(people.ids["ticket"]), Status.ON_HOLD, by=people.ben)
        actions.assign(locked(people.ids["ticket"]), people.ben, by=people.ben)
    take_back(people, message_id)
    session.rollback()
    assert (people.ticket.status, people.ticket.assignee_id) == (Status.ON_HOLD, people.ids["ben"])


def test_copies_to_watchers_are_withdrawn_too(people: Cast, work: Work, outbox: Sink) -> None:
    with transaction():
        add_watcher(locked(people.ids["ticket"]), "boss@harbor.example")
    message_id = reply(people)
    assert len(session.get_one(SentReply, message_id).email_ids) == 2
    take_back(people, message_id)
    assert states(message_id) == {Delivery.WITHDRAWN}


def test_what_has_gone_cannot_be_taken_back(
    people: Cast, clock: Clock, work: Work, outbox: Sink
) -> None:
    message_id = reply(people)
    clock.move(seconds=11)
    work.tick()
    assert any("We look at it." in str(sent) for sent in outbox.messages)
    with pytest.raises(Conflict):
        take_back(people, message_id)
    session.rollback()
    assert people.ticket.first_replied_at is not None


def test_only_its_writer_takes_it_back_and_only_once(people: Cast) -> None:
    message_id = reply(people)
    with pytest.raises(NotFound):
        take_back(people, message_id, by="ben")
    assert take_back(people, message_id)
    after = state(people)
    assert take_back(people, message_id) == ""
    assert state(people) == after


def test_nobody_is_asked_how_it_went(people: Cast, work: Work) -> None:
    message_id = reply(people, lambda t: actions.resolve(t, by=people.mika))
    work()
    assert session.scalar(select(func.count()).select_from(Invitation)) == 1
    take_back(people, message_id)
    work()
    session.rollback()
    assert set(session.scalars(select(Invitation.state))) == {"withdrawn"}


def test_a_worker_and_an_agent_at_once_never_both_win(
    app: Flask, people: Cast, clock: Clock, outbox: Sink
) -> None:
    for _ in range(6):
        message_id = reply(people)
        mail.deliver_due()  # whatever else waited
        clock.move(seconds=10)  # the moment at which either may be first
        before = len(outbox.messages)
        refused: list[Exception] = []

        def undo(refused: list[Exception] = refused, message_id: int = message_id) -> None:
            try:
                take_back(people, message_id)
            except Conflict as error:
                refused.append(error)

        together(app, undo, mail.deliver_due)
        went = len(outbox.messages) - before
        assert went == len(refused)
        assert states(message_id) == ({Delivery.ACCEPTED} if went else {Delivery.WITHDRAWN})
        assert (session.get(Message, message_id) is None) == (went == 0)


def test_the_page_offers_it_and_gives_the_text_and_files_back(
    client: Visitor, people: Cast
) -> None:
    mika = client.sign_in(people.mika)
    number = people.ids["ticket"]
    address = send(mika, people)
    for page in (f"/desk/tickets/{number}", "/desk/queue/open", "/desk/customers"):
        assert address in mika.get(page).text
    answer = mika.post(address, follow_redirects=True)
    assert "Taken back" in answer.text
    assert ">We look at it.</textarea>" in answer.text
    assert address not in answer.text
    assert ">We look at it.</textarea>" in mika.post(address, follow_redirects=True).text


def test_it_is_offered_as_long_as_it_waits(clock: Clock, client: Visitor, people: Cast) -> None:
    mika = client.sign_in(people.mika)
    address = send(mika, people)
    clock.move(seconds=9)
    assert address in mika.get("/desk/queue/open").text
    clock.move(seconds=1)
    assert "/withdrawal" not in mika.get("/desk/queue/open").text
    clock.move(seconds=1)
    assert mika.post(address).status_code == 409


def test_a_colleague_is_not_offered_it(visit: Callable[[], Visitor], people: Cast) -> None:
    send(visit().sign_in(people.mika), people)
    page = visit().sign_in(people.ben).get(f"/desk/tickets/{people.ids['ticket']}")
    assert "/withdrawal" not in page.text


def send(mika: Visitor, people: Cast) -> str:
    """Reply on the page of the ticket; where it is taken back."""
    there = f"/desk/tickets/{people.ids['ticket']}"
    form = {"body": "We look at it.", "seen": people.ticket.version, "form_key": "k"}
    answer = mika.post(f"{there}/replies", data=form)
    return f"{there}/replies/{answer.location.rpartition('-')[2]}/withdrawal"
