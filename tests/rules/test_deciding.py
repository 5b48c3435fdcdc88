"""Something happens to a ticket, and rules act or say what kept them from it."""

import pytest
from sqlalchemy import select, update

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry, tell
from helpdesk.rules.causes import Trigger
from helpdesk.rules.models import Outcome, Rule, RuleMiss, State
from helpdesk.tickets import actions, conversation, filling
from helpdesk.tickets.models import MessageKind, Priority, Status, Ticket
from tests.cast import Cast
from tests.rules.writing import decisions, outcomes, rule
from tests.work import Work


def filed(people: Cast, subject: str = "A refund, please") -> int:
    """Sam files a ticket; its number."""
    with transaction():
        return conversation.file(people.sam, subject, "It is urgent.", by=people.sams_account).id


def test_a_rule_changes_what_it_was_written_for(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("refund", {"team": people.ids["billing"], "priority": "high"}, "filed")
    number = filed(people)
    work()
    ticket = session.get_one(Ticket, number)
    assert (ticket.team, ticket.priority) == (people.billing, Priority.HIGH)


def test_it_leaves_alone_what_does_not_fit(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("refund", {"priority": "high"}, "filed")
    number = filed(people, "A compliment")
    work()
    assert session.get_one(Ticket, number).priority is Priority.NORMAL
    assert decisions() == []


def test_the_journal_says_which_rule_did_it(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"priority": "high"}, "filed")
    number = filed(people)
    work()
    changed = session.scalars(
        select(JournalEntry).where(
            JournalEntry.event == "PriorityChanged", JournalEntry.subject_id == number
        )
    ).one()
    assert changed.actor_name == "The rule “Refund words”"
    applied = session.get_one(JournalEntry, changed.cause_id)
    assert applied.event == "RuleApplied"
    assert session.get_one(JournalEntry, applied.cause_id).event == "TicketFiled"


def test_rules_ask_for_types_set_them_and_say_so(people: Cast, work: Work) -> None:
    work()
    with transaction():
        claim, order = (filling.make_type(name, by=people.ada) for name in ("Claim", "Order"))
        filling.set_type(people.ticket, claim, by=None)
        rule("type:claim", {"type": order.id, "add_tags": ["was-claim"]}, "priority")
        actions.set_priority(people.ticket, Priority.URGENT, by=None)
        order_id = order.id
    work()
    assert people.ticket.type_id == order_id
    (decision,) = decisions()
    assert decision.did == ["set the type Order", "add the tag was-claim"]
    assert ["type", "Order"] in decision.facts


def test_a_decision_keeps_what_it_saw_and_did(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"add_tags": "money"}, "filed")
    filed(people)
    work()
    (decision,) = decisions()
    assert decision.outcome is Outcome.DONE
    assert decision.because == "it was filed"
    assert decision.did == ["add the tag money"]
    assert ["tag", "money"] in decision.facts


def test_told_twice_it_acts_once(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"note": "Look at this."}, "filed")
    number = filed(people)
    work()
    entry = session.scalars(
        select(JournalEntry.id).where(
            JournalEntry.event == "TicketFiled", JournalEntry.subject_id == number
        )
    ).one()
    with transaction():
        session.execute(update(JournalEntry).values(tell_at=None))
    tell(entry)
    ticket = session.get_one(Ticket, number)
    assert [message.kind for message in ticket.messages].count(MessageKind.NOTE) == 1


@pytest.mark.parametrize(
    ("trigger", "acts"),
    [
        (Trigger("priority"), True),
        (Trigger("priority", before=("normal",)), True),
        (Trigger("priority", after=("high", "urgent")), True),
        (Trigger("priority", before=("low",)), False),
        (Trigger("priority", after=("low",)), False),
        (Trigger("status"), False),
    ],
)
def test_a_rule_can_ask_from_what_to_what_it_changed(
    people: Cast, work: Work, trigger: Trigger, acts: bool
) -> None:
    work()
    with transaction():
        rule("", {"add_tags": "heard"}, trigger)
        actions.set_priority(people.ticket, Priority.URGENT, by=people.mika)
    work()
    assert [tag.name for tag in people.ticket.tags] == (["heard"] if acts else [])


def test_teams_and_people_are_heard_by_name(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"add_tags": "moved"}, Trigger("team", ("billing",), ("technical",)))
        rule("", {"add_tags": "given"}, Trigger("assignee", ("Mika Kallio",), ("none",)))
        actions.move_to_team(people.ticket, people.technical, by=people.mika)
        actions.assign(people.ticket, None, by=people.mika)
    work()
    assert [tag.name for tag in people.ticket.tags] == ["given", "moved"]


def test_each_rule_sees_what_those_before_it_did(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"priority": "urgent"}, "filed", name="First")
        rule("priority:urgent", {"add_tags": "seen"}, "filed", name="Second")
    number = filed(people)
    work()
    assert [tag.name for tag in session.get_one(Ticket, number).tags] == ["seen"]


def test_a_rule_can_end_the_list(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"priority": "urgent"}, "filed", name="First", stops=True)
        rule("", {"add_tags": "late"}, "filed", name="Second")
    filed(people)
    work()
    assert outcomes() == [("First", "done"), ("Second", "stopped")]
    assert decisions()[1].reason == "the rule “First” ends the list"


def test_rules_that_are_off_or_drafts_do_nothing(people: Cast, work: Work) -> None:
    work()
    with transaction():
        for state in (State.OFF, State.DRAFT, State.REMOVED):
            rule("", {"priority": "urgent"}, "filed", state=state)
    filed(people)
    work()
    assert decisions() == []


def test_what_is_so_already_is_no_change(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"priority": "normal"}, "filed")
    number = filed(people)
    work()
    assert outcomes() == [("Refund words", "nothing")]
    applied = select(JournalEntry.id).where(
        JournalEntry.event == "RuleApplied", JournalEntry.subject_id == number
    )
    assert session.scalars(applied).all() == []


def test_what_a_ticket_lacked_by_one_condition_is_remembered(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("is:open tag:vip", {"priority": "urgent"}, "filed", name="Near")
        rule("is:done tag:vip", {"priority": "urgent"}, "filed", name="Far")
    filed(people)
    work()
    (miss,) = session.scalars(select(RuleMiss)).all()
    assert [condition for _, condition in miss.missed] == ["tag:vip"]


def test_what_stands_in_the_way_on_one_ticket_is_no_failure(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"status": "pending"}, Trigger("status", after=("resolved",)))
        actions.resolve(people.ticket, by=people.mika)
    work()
    (decision,) = decisions()
    assert decision.outcome is Outcome.STOPPED
    assert "Reopen it first" in decision.reason
    assert session.scalars(select(Rule)).one().failures == 0


def test_a_rule_that_fails_leaves_nothing_behind_and_stops_no_other(
    people: Cast, work: Work
) -> None:
    work()
    with transaction():
        rule("", {"priority": "high", "assignee": people.ids["ben"]}, "filed", name="Bad")
        rule("", {"add_tags": "good"}, "filed", name="Good")
        people.ben.role = people.rosas_account.role
    number = filed(people)
    work()
    ticket = session.get_one(Ticket, number)
    assert (ticket.priority, [tag.name for tag in ticket.tags]) == (Priority.NORMAL, ["good"])
    assert outcomes() == [("Bad", "failed"), ("Good", "done")]


def test_a_rule_that_keeps_failing_is_parked_with_its_error(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("team:gone", {"priority": "high"}, "filed", name="Bad")
    for _ in range(7):
        filed(people)
        work()
    row = session.scalars(select(Rule)).one()
    assert row.parked_at is not None
    assert row.error == "There is no team “gone”."
    assert len(decisions()) == 5


def test_words_that_come_later_are_found(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("refund -cancelled", {"status": "on_hold"}, "customer_wrote")
        conversation.write(people.ticket, "I want a refund.", people.rosa)
    work()
    assert people.ticket.status is Status.ON_HOLD
