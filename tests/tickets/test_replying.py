"""Replies and notes of agents."""

from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets import actions, conversation, queries
from helpdesk.tickets.conversation import StaleReply
from helpdesk.tickets.models import Message, Status
from tests.cast import Cast, cast
from tests.conftest import Clock


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast()


def reply(people: Cast, body: str = "We look into it.", **more: object) -> Message:
    seen = people.ticket.version
    return conversation.reply(people.ticket, body, by=people.mika, seen=seen, **more)  # type: ignore[arg-type]  # a test's short cut


def mails() -> list[OutboundEmail]:
    return list(session.query(OutboundEmail).filter_by(kind="reply"))


def test_a_reply_ends_the_waiting_and_is_told(clock: Clock, people: Cast) -> None:
    with transaction():
        people.ticket.waiting_since = now() - timedelta(hours=2)
        reply(people)
    ticket = people.ticket
    assert ticket.waiting_since is None
    assert ticket.first_replied_at is not None
    entry = session.query(JournalEntry).filter_by(event="AgentReplied").one()
    assert entry.data["first"] is True
    assert entry.data["waited_seconds"] == 7200


def test_the_first_reply_counts_once(clock: Clock, people: Cast) -> None:
    with transaction():
        reply(people)
    first = people.ticket.first_replied_at
    clock.move(hours=1)
    with transaction():
        reply(people, "One more thing.")
    assert people.ticket.first_replied_at == first


def test_the_mail_is_frozen_and_due_in_ten_seconds(clock: Clock, people: Cast) -> None:
    with transaction():
        message = reply(people, "It is fixed.")
        number = message.outbound_id
    (mail,) = mails()
    assert (mail.id, mail.to_address) == (number, "rosa@harbor.example")
    assert "It is fixed." in mail.text
    assert mail.next_try_at is not None
    assert mail.next_try_at - mail.created_at == timedelta(seconds=10)


def test_who_first_replies_to_what_nobody_has_gets_it(people: Cast) -> None:
    with transaction():
        actions.assign(people.ticket, None, by=people.mika)
        reply(people)
    assert people.ticket.assignee_id == people.ids["mika"]


def test_a_reply_to_an_older_version_is_stopped(people: Cast) -> None:
    seen = people.ticket.version
    with transaction():
        conversation.write(people.ticket, "Wait, something else.", people.rosa)
    with transaction(), pytest.raises(StaleReply):
        conversation.reply(people.ticket, "Answer", by=people.mika, seen=seen)


def test_the_same_form_replies_once(people: Cast) -> None:
    seen = people.ticket.version
    for _ in range(2):
        with transaction():
            conversation.reply(people.ticket, "Once", by=people.mika, seen=seen, form_key="k")
    assert session.query(Message).filter_by(body="Once").count() == 1
    assert len(mails()) == 1


def test_whoever_read_the_messages_sees_the_new_one(people: Cast) -> None:
    with transaction():
        ticket = people.ticket
        before = list(ticket.messages)
        message = reply(people)
        assert ticket.messages == [*before, message]
        assert message.ticket is ticket


def test_an_empty_or_endless_reply_is_refused(people: Cast) -> None:
    with transaction(), pytest.raises(Invalid, match="empty"):
        reply(people, " \n\t ")
    with transaction(), pytest.raises(Invalid, match="100,001"):
        reply(people, "x" * 100_001)


def test_control_characters_are_taken_out(people: Cast) -> None:
    with transaction():
        number = reply(people, "a\x00b\r\nc\x1b[0m").id
    assert session.get_one(Message, number).body == "ab\nc[0m"


def test_a_closed_ticket_takes_no_reply(people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
        actions.close(people.ticket)
    with transaction(), pytest.raises(Conflict):
        reply(people)


def test_a_note_is_never_mailed_or_public(people: Cast) -> None:
    with transaction():
        conversation.add_note(people.ticket, "Between us.", by=people.ben)
    ticket = people.ticket
    assert not mails()
    assert "Between us." not in ticket.snippet
    public = queries.conversation(ticket, with_notes=False)
    assert [m.body for m in public] == ["Our card was charged twice."]
    assert ticket.waiting_since is not None, "a note answers nobody"


def test_the_same_form_notes_once(people: Cast) -> None:
    for _ in range(2):
        with transaction():
            conversation.add_note(people.ticket, "Once", by=people.ben, form_key="n")
    assert session.query(Message).filter_by(body="Once").count() == 1


def test_a_note_leaves_the_status_alone(people: Cast) -> None:
    with transaction():
        actions.set_status(people.ticket, Status.PENDING, by=people.mika)
        conversation.add_note(people.ticket, "Hm.", by=people.ben)
    assert people.ticket.status is Status.PENDING
