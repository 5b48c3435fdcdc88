"""What a rule would have done over the last month, told as things were then."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.rules.causes import Trigger
from helpdesk.rules.models import RuleDecision, RuleTrial, RuleTrialMatch
from helpdesk.rules.trials import occasions, past, running
from helpdesk.rules.waiting import Wait
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.filters import parse
from helpdesk.tickets.models import Priority, Status, Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.rules.writing import rule
from tests.visitor import Visitor

DAY = 24 * 3600


def tried(people: Cast, text: str, *triggers: str | Trigger, wait: Wait | None = None) -> list[int]:
    """Numbers of the tickets that such a rule would have acted on."""
    with transaction():
        row = rule(text, {"add_tags": "seen"}, *triggers, wait=wait)
        trial_id = running.begin(row, by=people.nora).id
    running.run_trials()
    session.rollback()
    trial = session.get_one(RuleTrial, trial_id)
    assert trial.finished_at is not None
    assert trial.why_ended is None
    return sorted(
        session.scalars(
            select(RuleTrialMatch.ticket_id).where(RuleTrialMatch.trial_id == trial_id).distinct()
        )
    )


def test_it_tells_what_was_filed(clock: Clock, people: Cast) -> None:
    with transaction():
        refund = conversation.file(people.sam, "A refund", "Please.", by=people.sams_account).id
        conversation.file(people.sam, "A compliment", "Thanks.", by=people.sams_account)
    clock.move(days=3)
    assert tried(people, "refund", "filed") == [refund]
    assert session.scalars(select(RuleDecision)).all() == []


def test_what_is_older_than_a_month_is_not_told(clock: Clock, people: Cast) -> None:
    clock.move(days=31)
    assert tried(people, "", "filed") == []


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("priority:normal", True),
        ("priority:urgent", False),
        ("-tag:late", True),
        ("tag:none", True),
        ("tag:late", False),
        ("is:open", True),
        ("status:resolved", False),
        ("team:billing", True),
        ("assignee:none", False),
        ("assignee:mika created>1h", True),
        ("(tag:late OR priority:normal) -status:resolved", True),
    ],
)
def test_it_is_told_as_it_was_then(clock: Clock, people: Cast, text: str, matches: bool) -> None:
    clock.move(minutes=5)
    with transaction():
        conversation.write(people.ticket, "Any news?", people.rosa)
    clock.move(days=2)
    with transaction():
        ticket = people.ticket
        actions.set_priority(ticket, Priority.URGENT, by=people.mika)
        actions.set_tags(ticket, ["late"], by=people.mika)
        actions.move_to_team(ticket, None, by=people.mika)
        actions.assign(ticket, None, by=people.mika)
        actions.resolve(ticket, by=people.mika)
    clock.move(days=2)
    expected = [people.ids["ticket"]] if matches else []
    assert tried(people, text, "customer_wrote") == expected


def test_a_pause_that_ended_is_told(clock: Clock, people: Cast) -> None:
    with transaction():
        actions.set_status(people.ticket, Status.PENDING, by=people.mika)
    clock.move(days=4)
    with transaction():
        conversation.write(people.ticket, "Here.", people.rosa)
    assert tried(people, "", wait=Wait("pending", 3 * DAY)) == [people.ids["ticket"]]
    assert tried(people, "", wait=Wait("pending", 5 * DAY)) == []


def test_who_waited_and_was_answered_is_told(clock: Clock, people: Cast) -> None:
    clock.move(hours=6)
    with transaction():
        ticket = people.ticket
        conversation.reply(ticket, "Done.", by=people.mika, seen=ticket.version)
    assert tried(people, "", wait=Wait("unanswered", 4 * 3600)) == [people.ids["ticket"]]
    assert tried(people, "", wait=Wait("unanswered", 8 * 3600)) == []


def test_it_goes_on_piece_by_piece(
    clock: Clock, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occasions, "SLICE", 2)
    with transaction():
        for number in range(5):
            conversation.file(people.sam, f"Number {number}", "?", by=people.sams_account)
    assert len(tried(people, "", "filed")) == 6


def test_the_page_shows_what_the_viewer_may_see(
    clock: Clock, people: Cast, client: Visitor
) -> None:
    tried(people, "", "filed")
    trial = session.scalars(select(RuleTrial)).one()
    client.sign_in(people.nora)
    path = f"/desk/rules/{trial.rule_id}/trials/{trial.id}"
    assert "It would have matched 1 ticket" in client.get(path).text
    with transaction():
        people.billing.restricted = True
    page = client.get(path).text
    assert "It would have matched 0 tickets" in page
    assert "Charged twice" not in page


def test_what_is_answered_with_today_is_said(clock: Clock, people: Cast, client: Visitor) -> None:
    tried(people, "tag:vip refund sentiment:negative", "filed")
    trial = session.scalars(select(RuleTrial)).one()
    client.sign_in(people.nora)
    text = client.get(f"/desk/rules/{trial.rule_id}/trials/{trial.id}").text
    assert 'answered as things are today: <code dir="auto">refund</code>' in text.replace(
        '<code dir="auto">sentiment:negative</code>, ', ""
    )
    assert "tag:vip</code>," not in text


def test_whether_it_was_snoozed_then_is_not_known() -> None:
    said = parse("is:open is:unassigned -is:snoozed is:waiting,open status:new").clauses
    assert past.of_today(said) == ["-is:snoozed", "is:waiting,open"]


def test_trials_are_forgotten_after_a_month(clock: Clock, people: Cast) -> None:
    tried(people, "", "filed")
    clock.set(now() + timedelta(days=31))
    running.forget_trials()
    session.rollback()
    assert session.scalars(select(RuleTrialMatch)).all() == []
    assert session.get(Ticket, people.ids["ticket"]) is not None
