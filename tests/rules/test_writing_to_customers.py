"""When rules write to customers, and when they keep silent."""

from helpdesk.core.db import session, transaction
from helpdesk.rules import letters
from helpdesk.rules.models import Outcome
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import MessageKind, Priority, Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.rules.writing import decisions, rule
from tests.servers.smtp import Sink
from tests.work import Work


def written(number: int) -> int:
    """Messages of rules on a ticket."""
    ticket = session.get_one(Ticket, number)
    return sum(one.kind is MessageKind.AUTOMATIC for one in ticket.messages)


def test_it_goes_out_as_an_automatic_mail(
    people: Cast, work: Work, outbox: Sink, clock: Clock
) -> None:
    work.tick()
    outbox.messages.clear()
    with transaction():
        rule("", {"reply": "We look at it on Monday."}, "customer_wrote")
        conversation.write(people.ticket, "Anything new?", people.rosa)
    work()
    clock.move(seconds=30)
    work.tick()
    (mail,) = outbox.messages
    assert mail["Auto-Submitted"].startswith("auto-")
    assert "We look at it on Monday." in str(mail)
    assert people.ticket.waiting_since is not None


def test_a_machine_is_not_answered(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"reply": "Thank you.", "add_tags": "seen"}, "filed")
        number = conversation.file(people.sam, "Away", "I am away.", quiet=True).id
    work()
    assert written(number) == 0
    assert "a machine wrote it" in decisions()[-1].reason
    assert decisions()[-1].did == ["add the tag seen"]


def test_an_automatic_answer_is_not_answered(people: Cast, work: Work) -> None:
    work()
    with transaction():
        conversation.thread_automatic(people.ticket, "Out of office.", people.rosa)
        rule("", {"reply": "Are you there?"}, "priority")
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    work()
    (decision,) = decisions()
    assert (decision.outcome, written(people.ids["ticket"])) == (Outcome.NOTHING, 1)


def test_strangers_addresses_are_not_written_to(people: Cast, work: Work) -> None:
    work()
    with transaction():
        people.sam.addresses[0].verified_at = None
        rule("", {"reply": "Buy now!"}, "filed")
        number = conversation.file(people.sam, "Spam", "Spam.").id
    work()
    assert written(number) == 0
    assert "not verified" in decisions()[-1].reason


def test_one_customer_gets_only_so_many_in_a_day(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"reply": "We have it."}, "filed")
    numbers = []
    for n in range(letters.MOST_A_DAY + 2):
        with transaction():
            numbers.append(conversation.file(people.sam, f"Question {n}", "What?").id)
        work()
    assert sum(map(written, numbers)) == letters.MOST_A_DAY
    assert "times within a day already" in decisions()[-1].reason
