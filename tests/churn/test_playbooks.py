"""Somebody does something about it, step by step, and one can tell whether it helped."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.churn import actions, playbooks
from helpdesk.churn.effect import difference, effect
from helpdesk.churn.models import ChurnFlag, Doing, FlagState, Playbook, PlaybookRun, PlaybookTask
from helpdesk.churn.steps import Step
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import JournalEntry
from tests.cast import Cast
from tests.churn.test_flags import flag_of, review, threaten
from tests.conftest import Clock
from tests.visitor import Visitor
from tests.work import Work

STEPS = (
    Step("Call", Doing.CALL, 0, "Call {first_name} of {organization}: {reason}. {tickets}"),
    Step("Look", Doing.TASK, 7),
    Step("Ask again", Doing.CHECK_IN, 14, "Hello {name}, yours {agent}"),
)


def make(people: Cast, rule: str = "", least: int = 0) -> Playbook:
    with transaction():
        return playbooks.make("Win back", STEPS, rule_key=rule, least_risk=least, by=people.nora)


def begin(people: Cast) -> PlaybookRun:
    with transaction():
        (playbook,) = playbooks.playbooks()
        return playbooks.begin(flag_of(people), playbook, by=people.mika)


def run_of(people: Cast) -> PlaybookRun:
    found = playbooks.running(flag_of(people).id)
    assert found is not None
    return found


def test_steps_have_owner_day_and_words_from_the_record(clock: Clock, people: Cast) -> None:
    make(people)
    threaten(people)
    review(people)
    begin(people)
    call, look, again = run_of(people).tasks
    assert call.text.startswith("Call Rosa of Harbor Coffee: Spoke of cancelling")
    assert f"#{people.ids['ticket']}" in call.text
    assert again.text == "Hello Rosa Lindt, yours Mika Kallio"
    assert [(task.due_at - now()).days for task in (call, look, again)] == [0, 7, 14]
    assert {task.owner_id for task in (call, look, again)} == {people.mika.id}


def test_what_reaches_the_customer_waits_for_the_contact_budget(clock: Clock, people: Cast) -> None:
    make(people)
    threaten(people)
    with transaction():
        people.rosa.surveyed_at = now() - timedelta(days=4)
    review(people)
    begin(people)
    call, look, _ = run_of(people).tasks
    assert (call.due_at - now()).days == 10
    assert (look.due_at - now()).days == 7


def test_one_playbook_at_a_time(people: Cast) -> None:
    make(people)
    threaten(people)
    review(people)
    begin(people)
    with pytest.raises(Conflict):
        begin(people)


def test_a_step_is_done_once_with_what_came_of_it(people: Cast) -> None:
    make(people)
    threaten(people)
    review(people)
    begin(people)
    with transaction():
        for task in run_of(people).tasks:
            playbooks.finish(task, "They stay", by=people.mika)
            playbooks.finish(task, "Again", by=people.ben)
    run = run_of(people)
    assert {(task.outcome, task.done_by_id) for task in run.tasks} == {
        ("They stay", people.mika.id)
    }
    assert run.ended_at is not None
    assert playbooks.due_tasks().items == []


def test_a_rule_begins_it_when_its_reason_raises_a_flag(people: Cast, work: Work) -> None:
    make(people, rule="cancellation")
    threaten(people)
    review(people)
    work()
    assert run_of(people).by_id is None


@pytest.mark.parametrize(("rule", "least"), [("silence", 0), ("cancellation", 99), ("", 0)])
def test_another_reason_or_a_lower_risk_begins_nothing(
    people: Cast, work: Work, rule: str, least: int
) -> None:
    make(people, rule=rule, least=least)
    threaten(people)
    review(people)
    work()
    assert playbooks.running(flag_of(people).id) is None


def test_those_left_alone_by_lot_are_marked(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make(people, rule="cancellation")
    threaten(people)
    review(people)
    monkeypatch.setattr(playbooks, "is_withheld", lambda _flag_id: True)
    with transaction():
        assert playbooks.begin_by_rule(flag_of(people)) is None
    assert flag_of(people).withheld_at is not None


def test_lot_is_fair_and_always_says_the_same(make_app: Callable[..., Flask]) -> None:
    assert not any(playbooks.is_withheld(number) for number in range(300))  # unless it is set
    with make_app(churn_holdout_percent=10).app_context():
        drawn = [playbooks.is_withheld(number) for number in range(2000)]
        assert drawn == [playbooks.is_withheld(number) for number in range(2000)]
    assert 150 < sum(drawn) < 250


@pytest.mark.parametrize("text", ["{password}", "{name.__class__}", "{0}", "{", "{name!r:>{x}}"])
def test_a_text_may_only_name_what_the_record_holds(people: Cast, text: str) -> None:
    with pytest.raises(Invalid), transaction():
        playbooks.make("X", [Step("Call", Doing.CALL, 0, text)], by=people.nora)


def test_the_effect_is_a_difference_with_a_range(people: Cast) -> None:
    assert difference(0, 0, 3, 4) == (None, None, None)
    found, low, high = difference(56, 70, 48, 80)
    assert found == pytest.approx(0.2)
    assert low == pytest.approx(0.0524, abs=5e-4)  # Newcombe 1998, table II
    assert high == pytest.approx(0.3339, abs=5e-4)


def test_flags_are_compared_by_whether_something_was_done(people: Cast) -> None:
    make(people)
    threaten(people)
    review(people)
    begin(people)
    with transaction():
        actions.close(flag_of(people), FlagState.SAVED, "", by=people.mika)
        session.add(
            ChurnFlag(
                customer_id=people.ids["sam"],
                state=FlagState.LOST,
                risk=60,
                points=[],
                raised_at=now(),
                closed_at=now(),
            )
        )
    found = effect()
    assert (found.treated, found.treated_stayed) == (1, 1)
    assert (found.untreated, found.untreated_stayed) == (1, 0)
    assert not found.by_lot


def test_pages_lead_from_writing_it_to_the_outcome(people: Cast, client: Visitor) -> None:
    threaten(people)
    review(people)
    client.sign_in(people.nora)
    form = {
        "name": "By hand",
        "rule": "",
        "least_risk": "0",
        "steps": "0 call Call\n {name}, hello",
    }
    assert client.post("/desk/churn/playbooks", data=form | {"steps": "soon"}).status_code == 422
    assert client.post("/desk/churn/playbooks", data=form).status_code == 303
    (playbook,) = playbooks.playbooks()
    flag = flag_of(people)
    client.post(f"/desk/flags/{flag.id}/playbook", data={"playbook": str(playbook.id)})
    page = client.get(f"/desk/flags/{flag.id}").text
    assert "Rosa Lindt, hello" in page
    session.rollback()
    (task,) = run_of(people).tasks
    client.post(f"/desk/churn/steps/{task.id}/outcome", data={"outcome": "Glad we called"})
    assert "Glad we called" in client.get(f"/desk/flags/{flag.id}").text
    assert "By hand" in client.get("/desk/churn/playbooks").text


def test_a_flag_gets_an_owner_and_a_day(people: Cast, client: Visitor) -> None:
    threaten(people)
    review(people)
    flag = flag_of(people)
    assert flag.due_at is not None
    plan = {"owner": str(people.ben.id), "due": "2030-05-01"}
    client.sign_in(people.mika).post(f"/desk/flags/{flag.id}/plan", data=plan)
    session.rollback()
    flag = flag_of(people)
    assert flag.owner_id == people.ben.id
    assert flag.due_at is not None
    assert flag.due_at.year == 2030


def test_the_worklist_is_as_long_as_one_can_work(people: Cast, client: Visitor) -> None:
    threaten(people)
    review(people)
    assert "Rosa Lindt" in client.sign_in(people.mika).get("/desk/flags?list=worklist").text


def test_who_wrote_a_playbook_and_who_retired_it_is_journaled(people: Cast) -> None:
    with transaction():
        made = playbooks.make("Win back", STEPS, rule_key="", by=people.nora)
        for _ in range(2):
            playbooks.retire(made, by=people.ada)
    entries = session.query(JournalEntry).filter_by(subject_kind="playbook")
    told = [(entry.event, entry.actor_name) for entry in entries]
    assert told == [("PlaybookWritten", people.nora.name), ("PlaybookRetired", people.ada.name)]


@pytest.mark.parametrize(
    ("outcome", "left"), [(FlagState.SAVED, 3), (FlagState.LOST, 0), (FlagState.FALSE_ALARM, 0)]
)
def test_steps_end_with_the_flag_but_for_those_who_were_saved(
    people: Cast, outcome: FlagState, left: int
) -> None:
    make(people)
    threaten(people)
    review(people)
    begin(people)
    with transaction():
        actions.close(flag_of(people), outcome, "", by=people.mika)
    assert len(playbooks.due_tasks().items) == left


def test_every_step_that_waits_is_listed_the_most_urgent_first(
    people: Cast, client: Visitor
) -> None:
    make(people)
    threaten(people)
    review(people)
    begin(people)
    with transaction():
        run = run_of(people)
        soon = min(task.due_at for task in run.tasks)
        for n in range(30):
            session.add(
                PlaybookTask(
                    run_id=run.id, position=100 + n, doing=Doing.CALL, title=f"Call {n}", text="",
                    due_at=soon - timedelta(hours=40 - n),
                )
            )  # fmt: skip
    client.sign_in(people.nora)
    first = client.get("/desk/churn/playbooks?whose=all").text
    later = re.search(r'href="([^"]*at=[^"]*)"[^>]*>Later', first)
    assert later
    second = client.get(later[1].replace("&amp;", "&")).text
    listed = [int(n) for page in (first, second) for n in re.findall(r"Call (\d+) <", page)]
    assert listed == list(range(30))
