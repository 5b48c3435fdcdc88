"""An answer finds its ticket by what only a reader of our mail can know, and only those who take
part may write there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.mail.identity import message_id, reply_address, root_id
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.models import Message, MessageKind, Status, Ticket
from tests.cast import Cast
from tests.intake.conftest import Come
from tests.intake.letters import letter
from tests.servers.smtp import Sink
from tests.work import Work

ROSA, SAM = "rosa@harbor.example", "Sam <sam@stone.example>"
US = "support@acorn-payroll.example"


def topic(people: Cast) -> str:
    return f"ticket-{people.ticket.id}"


def answered(people: Cast, app: Flask) -> OutboundEmail:
    """The mail that carried Mika's answer."""
    with transaction(), app.test_request_context():
        conversation.reply(people.ticket, "Which?", by=people.mika, seen=people.ticket.version)
    return session.query(OutboundEmail).filter_by(kind="reply", to_address=ROSA).one()


def signs(people: Cast, mail: OutboundEmail) -> dict[str, dict[str, str]]:
    """Each way in which an answer can show what it answers."""
    return {
        "address": {"to": mail.headers["Reply-To"]},
        "In-Reply-To": {"In_Reply_To": mail.message_id},
        "References": {"References": f"<x@y.example> {mail.message_id} <z@y.example>"},
        "root": {"References": f"<x@y.example> {root_id(topic(people))}"},
        "upper case": {"to": mail.headers["Reply-To"].upper()},
    }


@pytest.mark.parametrize("way", ["address", "In-Reply-To", "References", "root", "upper case"])
def test_the_customers_answer_is_a_message_on_the_ticket(
    way: str, people: Cast, app: Flask, come: Come
) -> None:
    mail = come(letter("Both.", **signs(people, answered(people, app))[way]))
    assert (mail.outcome, mail.ticket_id) == (Outcome.REPLY, people.ticket.id)
    last = people.ticket.messages[-1]
    assert (last.body, last.kind, last.customer_id) == ("Both.", "customer", people.rosa.id)


@pytest.mark.parametrize("way", ["address", "In-Reply-To", "References"])
def test_a_stranger_opens_a_ticket_of_their_own_which_is_linked(
    way: str, people: Cast, app: Flask, come: Come
) -> None:
    given = signs(people, answered(people, app))[way]
    before = len(people.ticket.messages)
    mail = come(letter("Tell me all.", sender=SAM, **given))
    assert mail.outcome is Outcome.TICKET
    assert mail.ticket_id != people.ticket.id
    assert len(people.ticket.messages) == before
    assert f"ticket {people.ticket.id}" in mail.reason


@pytest.mark.parametrize(
    "forged",
    [
        {"subject": "Re: Charged twice [#1]"},
        {"to": "support+ticket-1.aaaaaaaaaaaaaaaa@acorn-payroll.example"},
        {"In_Reply_To": "<ticket-1.aaaaaaaaaaaaaaaaaaaaaaaaaa@acorn-payroll.example>"},
        {"In_Reply_To": "<ticket-1.0123456789abcdef.aaaaaaaaaaaaaaaaaaaaaaaaaa@x.example>"},
        {"References": "<ticket-1@acorn-payroll.example>"},
        {"to": "support+ticket-1@acorn-payroll.example"},
    ],
)
def test_what_is_made_up_leads_nowhere(forged: dict[str, str], people: Cast, come: Come) -> None:
    before = len(people.ticket.messages)
    mail = come(letter("Both.", **forged))
    assert mail.outcome is Outcome.TICKET
    assert len(people.ticket.messages) == before


def test_the_address_made_for_one_reader_is_worth_nothing_to_another(
    people: Cast, app: Flask, come: Come
) -> None:
    made_for_sam = reply_address(topic(people), "sam@stone.example")
    mail = come(letter("Both.", sender=SAM, to=made_for_sam))
    assert mail.ticket_id != people.ticket.id


def test_a_sender_in_whose_name_a_stranger_writes_takes_part_in_nothing(
    people: Cast, app: Flask, make_app: Callable[..., Flask], come: Come
) -> None:
    sent = answered(people, app)
    with make_app(authserv_ids=("mx.acorn-payroll.example",)).app_context():
        found = "mx.acorn-payroll.example; dmarc=fail header.from=harbor.example"
        mail = come(letter("Both.", In_Reply_To=sent.message_id, Authentication_Results=found))
        assert mail.outcome is Outcome.TICKET
        assert mail.ticket_id != people.ticket.id


def test_what_the_sender_says_about_himself_proves_nothing(
    people: Cast, app: Flask, make_app: Callable[..., Flask], come: Come
) -> None:
    with make_app(authserv_ids=("mx.acorn-payroll.example",)).app_context():
        raw = letter(
            Cc="eve@evil.example",
            Authentication_Results="mx.evil.example; dmarc=pass header.from=harbor.example",
        )
        ticket = session.get_one(Ticket, come(raw).ticket_id)
        assert ticket.watchers == []


def test_an_authenticated_sender_adds_those_in_cc(
    people: Cast, make_app: Callable[..., Flask], come: Come
) -> None:
    with make_app(authserv_ids=("mx.acorn-payroll.example",)).app_context():
        found = "mx.acorn-payroll.example; dmarc=pass header.from=harbor.example"
        others = "Eve <Eve@harbor.example>, mika@acorn-payroll.example"
        raw = letter(Cc=f"{others}, {US}", Authentication_Results=found)
        ticket = session.get_one(Ticket, come(raw).ticket_id)
        assert [watcher.email for watcher in ticket.watchers] == ["eve@harbor.example"]


def test_nobody_is_added_by_a_sender_who_proves_nothing(people: Cast, come: Come) -> None:
    ticket = session.get_one(Ticket, come(letter(Cc="eve@harbor.example")).ticket_id)
    assert ticket.watchers == []


def test_a_watcher_gets_a_copy_and_may_answer(
    people: Cast, app: Flask, come: Come, work: Work, outbox: Sink, clock: object
) -> None:
    with transaction():
        add_watcher(people.ticket, "eve@harbor.example", "Eve")
    answered(people, app)
    clock.move(minutes=1)  # type: ignore[attr-defined]  # the clock of conftest
    work.tick()
    [copy] = outbox.to("eve@harbor.example")
    assert "/r/" not in copy.as_string()
    mail = come(letter("I know.", sender="eve@harbor.example", to=str(copy["Reply-To"])))
    assert (mail.outcome, mail.ticket_id) == (Outcome.REPLY, people.ticket.id)


def test_an_answer_reopens_what_was_resolved(people: Cast, app: Flask, come: Come) -> None:
    sent = answered(people, app)
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    come(letter("Not yet.", In_Reply_To=sent.message_id))
    assert people.ticket.status is Status.OPEN


def test_an_answer_to_a_closed_ticket_follows_it_up(people: Cast, app: Flask, come: Come) -> None:
    sent = answered(people, app)
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
        actions.close(people.ticket)
    mail = come(letter("Once more.", In_Reply_To=sent.message_id))
    ticket = session.get_one(Ticket, mail.ticket_id)
    assert (ticket.follows_id, ticket.subject) == (people.ticket.id, "Charged twice for October")


def test_a_machines_answer_is_threaded_and_reopens_nothing(
    people: Cast, app: Flask, come: Come, work: Work, outbox: Sink
) -> None:
    sent = answered(people, app)
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    work()
    outbox.behave()
    mail = come(letter("I am away.", In_Reply_To=sent.message_id, Auto_Submitted="auto-replied"))
    assert (mail.outcome, mail.ticket_id) == (Outcome.AUTO, people.ticket.id)
    assert people.ticket.messages[-1].kind is MessageKind.AUTOMATIC
    assert people.ticket.status is Status.RESOLVED
    work()
    assert not outbox.messages


def test_an_agent_answers_by_mail(people: Cast, app: Flask, come: Come) -> None:
    newest = people.ticket.messages[-1].id
    to = reply_address(f"{topic(people)}-{newest}", people.mika.email)
    mail = come(letter("We pay it back.\n\n> Our card", sender=people.mika.email, to=to))
    assert (mail.outcome, mail.ticket_id) == (Outcome.REPLY, people.ticket.id)
    last = people.ticket.messages[-1]
    assert (last.kind, last.author_id) == (MessageKind.AGENT, people.mika.id)
    assert session.query(OutboundEmail).filter_by(kind="reply", to_address=ROSA).count() == 1


def test_an_agents_answer_to_what_is_no_longer_so_is_stopped_and_kept(
    people: Cast, app: Flask, come: Come, work: Work, outbox: Sink
) -> None:
    newest = people.ticket.messages[-1].id
    to = reply_address(f"{topic(people)}-{newest}", people.mika.email)
    with transaction():
        conversation.write(people.ticket, "It is three times now.", people.rosa)
    come(letter("We pay it back.", sender=people.mika.email, to=to))
    last = people.ticket.messages[-1]
    assert (last.kind, last.body) == (MessageKind.NOTE, "We pay it back.")
    work()
    [told] = outbox.to(people.mika.email)
    assert "three times" in told.as_string()
    come(
        letter(
            "All of it.",
            sender=people.mika.email,
            to=str(told["Reply-To"]),
            message_id="<2@x.example>",
        )
    )
    assert people.ticket.messages[-1].kind is MessageKind.AGENT


@pytest.mark.parametrize("way", ["In_Reply_To", "References"])
def test_nobody_answers_in_an_agents_name_without_proof(
    way: str, people: Cast, app: Flask, come: Come
) -> None:
    sent = answered(people, app)
    before = len(people.ticket.messages)
    mail = come(letter("Send money.", sender=people.mika.email, **{way: sent.message_id}))
    assert mail.outcome is Outcome.QUARANTINE
    assert len(people.ticket.messages) == before


def test_an_agent_who_left_answers_nothing(people: Cast, app: Flask, come: Come) -> None:
    to = reply_address(f"{topic(people)}-{people.ticket.messages[-1].id}", people.mika.email)
    with transaction():
        people.mika.disabled_at = people.ticket.created_at + timedelta(seconds=1)
    before = len(people.ticket.messages)
    mail = come(letter("Bye.", sender=people.mika.email, to=to))
    assert mail.ticket_id != people.ticket.id
    assert len(people.ticket.messages) == before


def test_what_an_agent_forwards_is_a_ticket_of_who_wrote_it(people: Cast, come: Come) -> None:
    text = (
        "Can somebody look?\n\n---------- Forwarded message ---------\n"
        "From: Vera Vale <vera@vale.example>\nDate: Mon, 2 Mar 2026 at 08:00\n"
        "Subject: It does not print\nTo: <ben@acorn-payroll.example>\n\n"
        "Nothing comes out.\n"
    )
    mail = come(letter(text, sender=people.ben.email, subject="Fwd: It does not print"))
    ticket = session.get_one(Ticket, mail.ticket_id)
    assert (ticket.customer.email, ticket.subject) == ("vera@vale.example", "It does not print")
    words = [(message.kind.value, message.body) for message in ticket.messages]
    assert words == [("customer", "Nothing comes out."), ("note", "Can somebody look?")]


def test_message_ids_are_ours_alone(app: Flask) -> None:
    from helpdesk.mail.identity import topic_of

    mine = message_id("ticket-42")
    assert topic_of(mine) == "ticket-42"
    assert topic_of(mine.replace("ticket-42", "ticket-43")) is None
    assert topic_of("<" + "a" * 1_000_000 + "@x>") is None


def test_processing_again_makes_no_second_message(people: Cast, app: Flask, come: Come) -> None:
    from helpdesk.intake.actions import process_again

    mail = come(letter("Both.", In_Reply_To=answered(people, app).message_id))
    count = session.query(Message).count()
    with transaction():
        process_again(session.get_one(InboundEmail, mail.id), by=people.ada)
    come(letter("Both.", In_Reply_To="<x@y.example>", message_id="<other@x.example>"))
    again = session.get_one(InboundEmail, mail.id)
    assert (again.outcome, again.next_try_at) == (Outcome.REPLY, None)
    assert session.query(Message).count() == count + 1


def test_an_assignee_is_mailed_what_came_and_answers_it(
    people: Cast, app: Flask, come: Come, work: Work, outbox: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(app.extensions["helpdesk.config"], mail_agents=True)
    monkeypatch.setitem(app.extensions, "helpdesk.config", config)
    with transaction():
        conversation.write(people.ticket, "It is three times now.", people.rosa)
    work()
    [told] = outbox.to(people.mika.email)
    assert "three times" in told.as_string()
    mail = come(letter("Sorry!", sender=people.mika.email, to=str(told["Reply-To"])))
    assert (mail.outcome, mail.reason) == (Outcome.REPLY, "")
    assert people.ticket.messages[-1].kind is MessageKind.AGENT
