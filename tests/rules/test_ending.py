"""Rules that fire each other end, whatever somebody writes down."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry, tell
from helpdesk.rules import chains
from helpdesk.rules.causes import Trigger
from helpdesk.rules.models import Rule, RuleDecision
from helpdesk.tickets import actions
from helpdesk.tickets.models import Priority
from tests.cast import Cast
from tests.rules.writing import decisions, outcomes, rule
from tests.work import Work

TAGS = ("a", "b", "c")


def test_two_rules_that_undo_each_other_act_once_each(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"priority": "low"}, Trigger("priority", after=("high",)), name="Down")
        rule("", {"priority": "high"}, Trigger("priority", after=("low",)), name="Up")
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    work()
    assert outcomes() == [("Down", "done"), ("Up", "done")]
    assert people.ticket.priority is Priority.HIGH


def test_the_next_time_they_may_act_again(people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"priority": "low"}, Trigger("priority", after=("high",)), name="Down")
    for _ in range(2):
        with transaction():
            actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
        work()
    assert outcomes() == [("Down", "done")] * 2


def test_a_long_chain_ends_with_a_reason(people: Cast, work: Work) -> None:
    work()
    with transaction():
        for n in range(chains.DEEPEST + 3):
            heard = Trigger("tags", after=(f"t{n}",))
            rule("", {"add_tags": f"t{n + 1}", "remove_tags": f"t{n}"}, heard, name=str(n))
        actions.set_tags(people.ticket, ["t0"], by=people.mika)
    work()
    assert outcomes()[-1] == (str(chains.DEEPEST), "limited")
    assert "so that they do not go on for ever" in decisions()[-1].reason


def test_one_ticket_has_only_so_many_in_an_hour(
    people: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chains, "MOST_AN_HOUR", 3)
    work()
    with transaction():
        rule("", {"note": "Seen."}, "priority")
    for n in range(5):
        with transaction():
            wanted = Priority.HIGH if n % 2 else Priority.LOW
            actions.set_priority(people.ticket, wanted, by=people.mika)
        work()
    assert [outcome for _, outcome in outcomes()] == ["done"] * 3 + ["limited"] * 2


def test_what_other_reactions_do_between_them_belongs_to_the_chain(
    people: Cast, work: Work
) -> None:
    """A team that gives out its tickets assigns what a rule moved into it."""
    work()
    with transaction():
        rule("", {"team": people.ids["technical"]}, Trigger("team", after=("billing",)))
        rule("", {"team": people.ids["billing"]}, Trigger("team", after=("technical",)))
        actions.move_to_team(people.ticket, people.technical, by=people.mika)
    work()
    assert len(decisions()) == 2
    assert len({decision.cause for decision in decisions()}) == 1


_triggers = st.one_of(
    st.builds(
        Trigger,
        st.just("priority"),
        st.just(()),
        st.sampled_from([(), ("low",), ("high",), ("normal",)]),
    ),
    st.builds(Trigger, st.just("status")),
    st.builds(
        Trigger, st.just("tags"), st.sampled_from([(), ("a",)]), st.sampled_from([(), ("b",)])
    ),
    st.builds(Trigger, st.just("assignee")),
)
_texts = st.sampled_from(["", "priority:low", "-tag:a", "tag:b OR priority:high", "is:open"])
_changes = st.dictionaries(
    st.sampled_from(["priority", "add_tags", "remove_tags", "status", "assignee"]),
    st.just(None),
    min_size=1,
    max_size=3,
).flatmap(
    lambda chosen: st.fixed_dictionaries(
        {
            do: {
                "priority": st.sampled_from(["low", "high", "normal"]),
                "add_tags": st.just("a"),
                "remove_tags": st.just("b"),
                "status": st.sampled_from(["open", "pending", "resolve", "reopen"]),
                "assignee": st.just("nobody"),
            }[do]
            for do in chosen
        }
    )
)
_rules = st.lists(st.tuples(_texts, _changes, st.lists(_triggers, min_size=1)), max_size=4)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=_rules)
@pytest.mark.databases("sqlite")
def test_any_rules_end(
    people: Cast, written: list[tuple[str, dict[str, str], list[Trigger]]]
) -> None:
    _begin_anew()
    with transaction():
        for text, changes, triggers in written:
            rule(text, changes, *triggers)
        ticket = people.ticket
        wanted = Priority.HIGH if ticket.priority is Priority.LOW else Priority.LOW
        actions.set_priority(ticket, wanted, by=people.mika)
    told = 0
    while entries := _untold():
        told += len(entries)
        assert told < 500, "it goes on and on"
        for entry_id in entries:
            tell(entry_id)
    _each_decides_once()


def _begin_anew() -> None:
    with transaction():
        for model in (RuleDecision, Rule):
            session.execute(delete(model))
        session.execute(update(JournalEntry).values(tell_at=None))


def _untold() -> list[int]:
    with transaction(write=False):
        waiting = select(JournalEntry.id).where(JournalEntry.tell_at.is_not(None))
        return list(session.scalars(waiting.order_by(JournalEntry.id)))


def _each_decides_once() -> None:
    with transaction(write=False):
        most = (
            select(func.count())
            .select_from(RuleDecision)
            .group_by(RuleDecision.rule_id, RuleDecision.cause)
            .order_by(func.count().desc())
        )
        assert (session.scalar(most) or 0) <= 1
