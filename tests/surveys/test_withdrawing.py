"""While it goes on again nobody asks how it went."""

from helpdesk.core.db import session, transaction
from helpdesk.mail.models import Delivery
from helpdesk.surveys import actions, queries, reactions
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.models import State
from helpdesk.tickets import actions as tickets
from helpdesk.tickets.merging import merge
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.unions import TicketGaveBack
from helpdesk.tickets.unmerging import undo_merge
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
)
from tests.work import Work


def reopened(people: Cast) -> None:
    with transaction():
        tickets.reopen(people.ticket, by=None, by_customer=True)
        actions.withdraw_about(people.ticket.id)


def test_reopening_takes_a_waiting_invitation_back(people: Cast, clock: Clock) -> None:
    invitation_id = resolved(people)
    reopened(people)
    clock.move(days=2)
    send_due()
    assert invitation(invitation_id).state is State.WITHDRAWN
    assert mails() == []


def test_the_next_resolution_is_asked_about_anew(people: Cast, clock: Clock) -> None:
    resolved(people)
    reopened(people)
    clock.move(hours=1)
    with transaction():
        help_with(people.ticket, people.mika)
        second = decide(people.ticket).id
    clock.move(days=1, minutes=1)
    send_due()
    assert invitation(second).state is State.SENT


def test_a_mail_that_has_not_left_yet_stays_here_and_costs_no_budget(
    people: Cast, clock: Clock
) -> None:
    asked(people, clock)
    reopened(people)
    assert mails()[0].state is Delivery.WITHDRAWN
    assert people.rosa.surveyed_at is None


def test_a_mail_that_left_still_counts_as_asked(people: Cast, clock: Clock) -> None:
    invitation_id = asked(people, clock)
    with transaction():
        mails()
    with transaction():
        queries.locked(invitation_id).mail.state = Delivery.ACCEPTED  # type: ignore[union-attr]
    reopened(people)
    assert invitation(invitation_id).state is State.WITHDRAWN
    assert people.rosa.surveyed_at is not None


def test_an_answer_is_never_taken_back(people: Cast, clock: Clock) -> None:
    invitation_id = asked(people, clock)
    answered(invitation_id, 2)
    reopened(people)
    assert invitation(invitation_id).state is State.ANSWERED


def test_a_reopening_nobody_was_told_of_is_noticed_when_sending(people: Cast, clock: Clock) -> None:
    invitation_id = resolved(people)
    with transaction():
        tickets.reopen(people.ticket, by=None)
    clock.move(days=2)
    send_due()
    assert invitation(invitation_id).state is State.WITHDRAWN


def test_reopening_told_late_leaves_the_newer_invitation_alone(people: Cast, clock: Clock) -> None:
    first = resolved(people)
    clock.move(hours=1)
    with transaction():
        tickets.reopen(people.ticket, by=None)
    with transaction():
        tickets.resolve(people.ticket, by=people.mika)
        second = decide(people.ticket).id
    with transaction():
        actions.withdraw_about(people.ticket.id)
    assert invitation(first).state is State.WITHDRAWN
    assert invitation(second).state is State.WAITING


def test_resolving_and_reopening_lead_here_by_themselves(
    people: Cast, clock: Clock, work: Work
) -> None:
    with transaction():
        help_with(people.ticket, people.mika)
    work()
    decision = queries.last_decision(people.ids["ticket"])
    assert decision is not None
    assert decision.state is State.WAITING
    with transaction():
        tickets.reopen(people.ticket, by=None)
    work()
    session.rollback()
    assert invitation(decision.id).state is State.WITHDRAWN


def merged_and_undone(people: Cast, clock: Clock) -> None:
    with transaction():
        other = file_ticket(people.rosa)
        merge(other, people.ticket, by=people.mika)
        actions.withdraw_about(people.ticket.id)
        number = other.id
    clock.move(minutes=1)
    with transaction():
        undo_merge(session.get_one(Ticket, number), by=people.mika)
        reactions.invite_customer(TicketGaveBack(people.ticket.id, number, 0))


def test_a_merge_that_is_undone_lets_it_be_asked_again(clock: Clock, people: Cast) -> None:
    invitation_id = resolved(people)
    merged_and_undone(people, clock)
    clock.move(days=2)
    send_due()
    assert invitation(invitation_id).state is State.SENT


def test_a_mail_that_stayed_here_goes_out_after_all(clock: Clock, people: Cast) -> None:
    invitation_id = asked(people, clock)
    merged_and_undone(people, clock)
    send_due()
    assert invitation(invitation_id).state is State.SENT
    assert [mail.state for mail in mails()] == [Delivery.WITHDRAWN, Delivery.QUEUED]


def test_a_mail_that_had_left_can_be_answered_again(clock: Clock, people: Cast) -> None:
    invitation_id = asked(people, clock)
    with transaction():
        mails()[0].state = Delivery.ACCEPTED
    merged_and_undone(people, clock)
    send_due()
    assert invitation(invitation_id).state is State.SENT
    assert len(mails()) == 1
