"""Managers write rules; what is wrong with one is said, and what it said before is kept."""

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import JournalEntry
from helpdesk.rules import actions
from helpdesk.rules.models import Rule, RuleVersion, State
from helpdesk.rules.queries import rules_in_order
from helpdesk.rules.wording import Heard, Typed
from helpdesk.tickets import actions as ticket_actions
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Priority
from tests.cast import Cast
from tests.rules.writing import decisions
from tests.visitor import Visitor
from tests.work import Work

GOOD = {
    "name": "VIPs first",
    "on-filed": "1",
    "on-priority": "1",
    "after-priority": "high, urgent",
    "text": "tag:vip",
    "do-priority": "urgent",
}


@pytest.fixture
def manager(people: Cast, client: Visitor) -> Visitor:
    client.sign_in(people.nora)
    return client


def the_rule() -> Rule:
    session.rollback()
    return session.scalars(select(Rule)).one()


def the_version() -> RuleVersion:
    return session.get_one(RuleVersion, the_rule().version_id)


def test_a_manager_writes_a_rule_and_switches_it_on(manager: Visitor) -> None:
    answer = manager.post("/desk/rules", data=GOOD | {"then": "on"})
    assert answer.status_code == 303
    assert the_rule().state is State.ON
    assert the_version().triggers[1] == {
        "kind": "priority",
        "before": [],
        "after": ["high", "urgent"],
    }
    page = manager.get("/desk/rules").text
    assert "VIPs first" in page
    assert "the priority changes to high or urgent" in page


def test_a_draft_is_kept_however_wrong_it_is(manager: Visitor) -> None:
    wrong = GOOD | {"text": "stauts:open", "after-priority": "hihg", "do-priority": "", "then": ""}
    assert manager.post("/desk/rules", data=wrong).status_code == 303
    assert the_rule().state is State.DRAFT
    page = manager.get(f"/desk/rules/{the_rule().id}").text
    assert "stauts:open" in page
    assert "hihg" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "stauts:open"}, "Did you mean “status”?"),
        ({"text": "assignee:me"}, "there is no “me”"),
        ({"after-priority": "hihg"}, "Did you mean “high”?"),
        ({"on-team": "1", "after-team": "Bilings"}, "There is no team “Bilings”"),
        ({"do-priority": ""}, "Choose at least one change"),
        ({"do-reply": "Dear {{nobody}}"}, "nobody"),
        ({"do-assignee": "me"}, "choose a person"),
        ({"wait": "pending", "wait-number": "many"}, "whole number"),
        ({"name": ""}, "A rule has a name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(
    manager: Visitor, change: dict[str, str], said: str
) -> None:
    answer = manager.post("/desk/rules", data=GOOD | change | {"then": "on"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "tag:vip" in answer.text or "stauts" in answer.text or "assignee:me" in answer.text
    assert session.scalars(select(Rule)).all() == []


def test_a_rule_without_an_occasion_is_refused(manager: Visitor) -> None:
    only = {"name": "Never", "do-priority": "urgent", "then": "on"}
    assert "Choose when the rule is asked" in manager.post("/desk/rules", data=only).text


def test_looking_what_it_means_keeps_nothing(manager: Visitor, people: Cast) -> None:
    with transaction():
        ticket_actions.set_tags(people.ticket, ["vip"], by=people.mika)
    answer = manager.post("/desk/rules", data=GOOD | {"then": "look"})
    assert answer.status_code == 200
    assert "1 ticket that you may see fulfils it now" in answer.text
    assert session.scalars(select(Rule)).all() == []


def test_what_somebody_may_not_see_is_not_counted(manager: Visitor, people: Cast) -> None:
    with transaction():
        ticket_actions.set_tags(people.ticket, ["vip"], by=people.mika)
        people.billing.restricted = True
    assert (
        "0 tickets that you may see"
        in manager.post("/desk/rules", data=GOOD | {"then": "look"}).text
    )


def test_each_change_is_a_version_and_an_entry(manager: Visitor) -> None:
    manager.post("/desk/rules", data=GOOD | {"then": "on"})
    rule = the_rule()
    seen = str(rule.version_id)
    manager.post(
        f"/desk/rules/{rule.id}", data=GOOD | {"name": "Other", "seen": seen, "then": "save"}
    )
    assert (the_version().number, the_version().name) == (2, "Other")
    assert "VIPs first" in manager.get(f"/desk/rules/{rule.id}/versions/1").text
    events = session.scalars(
        select(JournalEntry.event).where(JournalEntry.subject_kind == "rule")
    ).all()
    assert list(events) == ["RuleSaved", "RuleSwitched", "RuleSaved"]


def test_two_managers_at_once_do_not_overwrite_each_other(manager: Visitor) -> None:
    manager.post("/desk/rules", data=GOOD | {"then": "on"})
    rule = the_rule()
    form = GOOD | {"seen": str(rule.version_id), "then": "save"}
    assert manager.post(f"/desk/rules/{rule.id}", data=form | {"name": "First"}).status_code == 303
    answer = manager.post(f"/desk/rules/{rule.id}", data=form | {"name": "Second"})
    assert answer.status_code == 409
    assert "Second" in answer.text
    assert the_version().name == "First"


def test_a_decision_keeps_what_the_rule_said_then(people: Cast, work: Work) -> None:
    work()
    typed = Typed("Then", {"filed": Heard()}, changes={"do-priority": "high"})
    with transaction():
        rule = actions.save(typed, None, by=people.nora, on=True)
        rule_id = rule.id
    work()
    with transaction():
        conversation.file(people.sam, "Hello", "Hello?", by=people.sams_account)
    work()
    with transaction():
        rule = session.get_one(Rule, rule_id)
        now = Typed("Now", {"filed": Heard()}, changes={"do-priority": "low"})
        actions.save(now, rule, by=people.nora)
        actions.remove(rule, by=people.nora)
    assert [one.version.name for one in decisions()] == ["Then"]
    assert rules_in_order() == []


def test_moving_a_rule_changes_who_is_asked_first(people: Cast) -> None:
    with transaction():
        for name in ("A", "B", "C"):
            actions.save(Typed(name), None, by=people.nora)
        actions.move(rules_in_order()[2], up=True, by=people.nora)
    names = [session.get_one(RuleVersion, one.version_id).name for one in rules_in_order()]
    assert names == ["A", "C", "B"]


def test_a_managers_rule_leaves_restricted_teams_alone(people: Cast, work: Work) -> None:
    """Otherwise a rule would be a way to tickets that its writer may not see."""
    work()
    typed = Typed("Pry", {"priority": Heard()}, changes={"do-team": str(people.ids["technical"])})
    with transaction():
        people.billing.restricted = True
        actions.save(typed, None, by=people.nora, on=True)
        ticket_actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    work()
    assert people.ticket.team == people.billing
    assert "no administrator wrote the rule" in decisions()[0].reason


def test_an_administrators_rule_is_not_rewritten_by_a_manager(people: Cast) -> None:
    with transaction():
        rule_id = actions.save(Typed("Mine"), None, by=people.ada).id
    with pytest.raises(Exception, match="An administrator wrote this rule"), transaction():
        actions.save(Typed("Yours"), session.get_one(Rule, rule_id), by=people.nora)


def test_a_removed_rule_is_not_switched_on_again(people: Cast) -> None:
    with transaction():
        rule = actions.save(
            Typed("X", {"filed": Heard()}, changes={"do-priority": "low"}), None, by=people.nora
        )
        actions.remove(rule, by=people.nora)
        with pytest.raises(Conflict):
            actions.switch(rule, on=True, by=people.nora)
