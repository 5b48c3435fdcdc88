"""Rules wait for what can still be taken back: nothing that they do would go back with it."""

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import tell_untold
from helpdesk.mail.models import OutboundEmail
from helpdesk.notifications.models import Notification
from helpdesk.tickets import actions, conversation, recall
from helpdesk.tickets.models import Message, MessageKind, Priority
from helpdesk.tickets.queries import locked
from helpdesk.tickets.watching import watch
from tests.cast import Cast
from tests.conftest import Clock
from tests.rules.writing import outcomes, rule
from tests.work import Work


@pytest.fixture
def sent(people: Cast, clock: Clock, work: Work) -> int:
    """Mika answered and resolved; a rule thanks the customer for that, another one tags answers."""
    work()
    with transaction():
        rule("", {"reply": "Thank you, it is solved."}, "status", name="Thanks")
        rule("", {"add_tags": ["answered"]}, "agent_replied", name="Answers")
        watch(people.ticket, people.ben, by=people.ben)
    work()
    with transaction():
        ticket = locked(people.ids["ticket"])
        message = conversation.reply(ticket, "Done.", by=people.mika, seen=ticket.version)
        actions.resolve(ticket, by=people.mika)
        number = message.id
    work()
    return number


def automatic() -> list[str]:
    found = session.query(Message).filter_by(kind=MessageKind.AUTOMATIC)
    return [message.body for message in found]


def test_they_act_once_the_reply_is_out(people: Cast, sent: int, clock: Clock, work: Work) -> None:
    assert outcomes() == []
    clock.move(seconds=11)
    tell_untold()
    work()
    assert sorted(outcomes()) == [("Answers", "done"), ("Thanks", "done")]
    assert automatic() == ["Thank you, it is solved."]
    tell_untold()
    work()
    assert len(outcomes()) == 2


def test_they_do_nothing_about_a_reply_that_was_taken_back(
    people: Cast, sent: int, clock: Clock, work: Work
) -> None:
    with transaction():
        recall.take_back(locked(people.ids["ticket"]), sent, by=people.mika)
    clock.move(seconds=60)
    tell_untold()
    work()
    assert outcomes() == []
    assert automatic() == []
    assert [tag.name for tag in people.ticket.tags] == []
    kinds = {mail.kind for mail in session.query(OutboundEmail) if mail.state == "queued"}
    assert kinds == set()


def test_what_else_happens_meanwhile_is_not_held_up(
    people: Cast, sent: int, clock: Clock, work: Work
) -> None:
    with transaction():
        rule("", {"add_tags": ["urgent"]}, "priority", name="Hurry")
        actions.set_priority(locked(people.ids["ticket"]), Priority.URGENT, by=people.ben)
    work()
    assert outcomes() == [("Hurry", "done")]


def test_watchers_forget_what_was_taken_back(
    people: Cast, sent: int, clock: Clock, work: Work
) -> None:
    told = session.query(Notification).filter_by(account_id=people.ids["ben"])
    assert "was answered" in told.one().words
    with transaction():
        recall.take_back(locked(people.ids["ticket"]), sent, by=people.mika)
    work()
    assert told.all() == []
