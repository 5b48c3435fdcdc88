"""An invitation is mailed once, at its time, and credits those who had the ticket then."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.core.db import session, transaction
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.mail.moulds import Moulds
from helpdesk.surveys import mailing, queries
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.models import Invitation, Response, State
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets import actions as tickets
from helpdesk.tickets.models import DONE, MessageKind, Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import (
    answered,
    asked,
    decide,
    file_ticket,
    help_with,
    invitation,
    mails,
    resolved,
    say,
)


def test_it_waits_for_its_time(people: Cast, clock: Clock) -> None:
    invitation_id = resolved(people)
    clock.move(hours=23)
    send_due()
    assert mails() == []
    clock.move(hours=2)
    send_due()
    assert invitation(invitation_id).state is State.SENT
    assert [mail.to_address for mail in mails()] == ["rosa@harbor.example"]


def test_sending_twice_writes_one_mail(people: Cast, clock: Clock) -> None:
    asked(people, clock)
    send_due()
    assert len(mails()) == 1


def test_two_workers_at_once_write_one_mail(people: Cast, clock: Clock, app: Flask) -> None:
    for _ in range(4):
        with transaction():
            ticket = file_ticket(people.sam)
            help_with(ticket, people.mika)
            decide(ticket)
    clock.move(days=1, minutes=1)
    session.remove()

    def send_elsewhere(_number: int) -> None:
        with app.app_context():
            send_due()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send_elsewhere, range(8)))
    assert len(mails()) == 1  # the other three are over the budget
    reasons = select(Invitation.reason).where(Invitation.state == State.SUPPRESSED)
    assert list(session.scalars(reasons)) == [Reason.PERSON_BUDGET] * 3


def test_one_that_breaks_is_put_off_and_stops_no_other(
    people: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = resolved(people)
    with transaction():
        ticket = file_ticket(people.sam)
        help_with(ticket, people.mika)
        whole = decide(ticket).id
    clock.move(days=1, minutes=1)
    write = mailing.write_question

    def break_for_rosa(asked: Invitation, moulds: Moulds) -> OutboundEmail:
        if asked.id == broken:
            raise RuntimeError("A template broke.")
        return write(asked, moulds)

    monkeypatch.setattr(mailing, "write_question", break_for_rosa)
    with pytest.raises(ExceptionGroup):
        send_due()
    assert invitation(whole).state is State.SENT
    assert invitation(broken).state is State.WAITING
    send_due()  # not due again yet
    monkeypatch.undo()
    clock.move(minutes=10)
    send_due()
    assert invitation(broken).state is State.SENT


def test_the_mail_goes_out_at_most_once_and_can_be_unsubscribed_in_one_press(
    people: Cast, clock: Clock
) -> None:
    asked(people, clock)
    (mail,) = mails()
    assert mail.at_most_once
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["List-Unsubscribe"].startswith("<http://localhost/surveys/")
    assert mail.headers["Auto-Submitted"] == "auto-generated"


def test_the_mail_asks_about_the_ticket_with_a_link_for_each_score(
    people: Cast, clock: Clock
) -> None:
    asked(people, clock)
    (mail,) = mails()
    assert mail.subject == "How was our help with “Charged twice for October”?"
    assert [f"?score={score}" in mail.text for score in range(7)] == [False, *[True] * 5, False]
    assert [f"?score={score}" in mail.html for score in range(7)] == [False, *[True] * 5, False]


def test_a_hostile_subject_stays_text(people: Cast, clock: Clock) -> None:
    with transaction():
        people.ticket.subject = "<script>alert(1)</script> {company.__class__}"
    asked(people, clock)
    (mail,) = mails()
    assert "<script>" not in mail.html
    assert "{company.__class__}" in mail.subject


def test_whoever_has_the_ticket_when_it_is_sent_is_credited(people: Cast, clock: Clock) -> None:
    invitation_id = asked(people, clock)
    with transaction():
        tickets.assign(people.ticket, people.ben, by=None)
        tickets.move_to_team(people.ticket, people.technical, by=None)
    response_id = answered(invitation_id, 1)
    found = session.get_one(Response, response_id)
    assert (found.agent_id, found.team_id) == (people.mika.id, people.billing.id)


def test_all_who_replied_share_the_credit(people: Cast, clock: Clock) -> None:
    with transaction():
        say(people.ticket, MessageKind.AGENT, people.ben)
        say(people.ticket, MessageKind.AGENT, people.mika)
        say(people.ticket, MessageKind.AGENT, people.mika)
    shares = {c.agent_id: c.share for c in invitation(asked(people, clock)).credits}
    assert shares == {people.mika.id: 0.75, people.ben.id: 0.25}


def test_the_customer_remembers_when_they_were_asked(people: Cast, clock: Clock) -> None:
    assert invitation(asked(people, clock)).sent_at == people.rosa.surveyed_at


def test_what_became_of_the_mail_is_what_became_of_the_invitation(
    people: Cast, clock: Clock
) -> None:
    invitation_id = asked(people, clock)
    for state, standing in ((Delivery.IN_DOUBT, "in_doubt"), (Delivery.BOUNCED, "bounced")):
        with transaction():
            invitation(invitation_id)
        with transaction():
            session.get_one(Invitation, invitation_id).mail.state = state  # type: ignore[union-attr]
        assert invitation(invitation_id).standing == standing
        listed = queries.decisions(people.nora, queries.Filter(standing=standing)).items
        assert [each.id for each in listed] == [invitation_id]
        assert not queries.decisions(people.nora, queries.Filter(standing="sent")).items


def test_every_resolved_ticket_has_a_decision(people: Cast, clock: Clock) -> None:
    with transaction():
        for customer in (people.rosa, people.carl, people.sam):
            ticket = file_ticket(customer)
            help_with(ticket, people.mika)
            decide(ticket)
        tickets.resolve(people.ticket, by=people.mika)
        decide(people.ticket)
    clock.move(days=2)
    send_due()
    session.rollback()
    resolved_tickets = select(func.count()).where(Ticket.status.in_(DONE))
    decided = select(func.count()).where(
        Invitation.state.in_((State.WAITING, State.SENT, State.WITHDRAWN))
        | Invitation.reason.is_not(None)
    )
    assert session.scalar(resolved_tickets) == session.scalar(decided) == 4
