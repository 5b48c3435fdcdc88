"""The whole way with a real worker and a real mail server, from resolved to understood."""

import re
from email.message import EmailMessage

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import tell_untold
from helpdesk.surveys import queries
from helpdesk.surveys.models import Invitation, Response, State
from helpdesk.tickets import actions as tickets
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.servers.smtp import Sink, text_of
from tests.servers.valkey import Valkey
from tests.surveys.stage import file_ticket, help_with
from tests.visitor import Visitor
from tests.work import Work


def decision(people: Cast) -> Invitation:
    session.rollback()
    found = queries.last_decision(people.ids["ticket"])
    assert found is not None
    return found


def questions(outbox: Sink) -> list[EmailMessage]:
    """What went to Rosa and asks something; her tickets bring her other mail."""
    return [mail for mail in outbox.to("rosa@harbor.example") if mail["List-Unsubscribe"]]


def ask_rosa(people: Cast, clock: Clock, work: Work) -> None:
    with transaction():
        help_with(people.ticket, people.mika)
    work()
    clock.move(days=1, minutes=1)
    work.tick()


def test_a_resolved_ticket_ends_in_an_answer_that_was_understood(
    people: Cast, clock: Clock, work: Work, outbox: Sink, client: Visitor
) -> None:
    ask_rosa(people, clock, work)
    (mail,) = questions(outbox)
    assert mail["Subject"] == "How was our help with “Charged twice for October”?"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.search(r"http://localhost(/surveys/\S+)\?score=2", text_of(mail))
    assert path is not None
    answer = {"score": "2", "comment": "It took a week. Please cancel my account."}
    assert client.post(f"{path[1]}/response", data=answer, csrf=False).status_code == 303
    work()
    given = session.query(Response).one()
    assert given.sentiment_label == "negative"
    assert given.signals == ["cancellation"]
    assert people.ticket.last_score == people.rosa.last_score == 2


def test_one_press_in_the_mail_program_reaches_us(
    people: Cast, clock: Clock, work: Work, outbox: Sink, client: Visitor
) -> None:
    ask_rosa(people, clock, work)
    address = questions(outbox)[0]["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    said = client.post(address, data={"List-Unsubscribe": "One-Click"}, csrf=False)
    assert said.status_code == 200
    assert people.rosa.survey_preference.value == "none"


def test_a_server_that_dies_without_an_answer_leaves_one_mail_in_doubt(
    people: Cast, clock: Clock, work: Work, outbox: Sink
) -> None:
    outbox.die_after_data = True
    ask_rosa(people, clock, work)
    outbox.die_after_data = False
    for _ in range(4):
        clock.move(hours=6)
        work.tick()
    assert len(questions(outbox)) == 1
    assert decision(people).standing == "in_doubt"
    listed = queries.decisions(people.nora, queries.Filter(standing="in_doubt")).items
    assert [each.ticket_id for each in listed] == [people.ids["ticket"]]


def test_a_refused_mail_is_shown_as_come_back_and_its_address_not_asked_again(
    people: Cast, clock: Clock, work: Work, outbox: Sink
) -> None:
    work.tick()  # what the filing brought goes out while all is well
    outbox.refuse = "550 no such user"
    ask_rosa(people, clock, work)
    assert decision(people).standing == "bounced"
    assert people.rosa.addresses[0].bounced_at is not None
    clock.move(days=20)
    with transaction():
        ticket_id = file_ticket(people.rosa).id
        help_with(session.get_one(Ticket, ticket_id), people.mika)
    work()
    assert queries.decision_for(ticket_id) == "Not asked, because mail to their address bounces."


def test_redis_away_at_the_moment_of_resolving_loses_nothing(
    people: Cast, clock: Clock, redis_server: Valkey
) -> None:
    redis_server.kill()
    with transaction():
        help_with(people.ticket, people.mika)
    clock.move(minutes=1)
    tell_untold()  # the sweep
    assert decision(people).state is State.WAITING


def test_reopened_before_its_time_nobody_is_asked(
    people: Cast, clock: Clock, work: Work, outbox: Sink
) -> None:
    with transaction():
        help_with(people.ticket, people.mika)
    work()
    with transaction():
        tickets.reopen(people.ticket, by=None, by_customer=True)
    work()
    clock.move(days=2)
    work.tick()
    assert questions(outbox) == []
    assert decision(people).state is State.WITHDRAWN
