"""The past is judged as it was known, beside simpler rankings; nothing is promised too early."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from helpdesk.churn.backtest import refit, results
from helpdesk.churn.backtest.cases import Case, cases, protocol_of
from helpdesk.churn.backtest.judging import Judgement, Range, judge
from helpdesk.churn.backtest.picture import reliability
from helpdesk.churn.backtest.running import Plan, run, verdict_of
from helpdesk.churn.features import facts_of
from helpdesk.churn.points import BASIS, assess, holding, risk_of, risk_of_points
from helpdesk.churn.rules import DEFAULT, RULES, Weights
from helpdesk.churn.weights import BY_HAND, adopt
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.customers.models import Customer
from tests.cast import Cast
from tests.churn.crowd import crowd
from tests.conftest import Clock
from tests.visitor import Visitor
from tests.work import Work

TODAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_windows_are_over_and_do_not_overlap() -> None:
    protocol = protocol_of(TODAY, TODAY - timedelta(days=800))
    ends = [protocol.ends(cut) for cut in protocol.cuts]
    assert max(ends) <= TODAY.date()
    for cut, before in zip(protocol.cuts[1:], ends, strict=False):
        assert before <= cut.date()
        assert protocol.window(cut)[0] == cut.date() + timedelta(days=8)


def test_a_past_that_is_too_short_has_no_cut() -> None:
    assert protocol_of(TODAY, TODAY - timedelta(days=90)).cuts == ()


def test_nobody_counts_who_had_left_or_left_within_the_gap(clock: Clock, people: Cast) -> None:
    protocol = protocol_of(now(), now() - timedelta(days=120))
    (cut,) = protocol.cuts
    lost = {"rosa": -1, "carl": 5, "sam": 20}
    with transaction():
        for name, days in lost.items():
            customer = session.get_one(Customer, people.ids[name])
            customer.created_at = cut - timedelta(days=400)
            customer.lost_on = cut.date() + timedelta(days=days)
    found = cases(protocol, list(people.ids.values()), DEFAULT)
    assert [(case.customer_id, case.left) for case in found] == [(people.ids["sam"], True)]


def test_who_leaves_after_the_window_stayed(clock: Clock, people: Cast) -> None:
    protocol = protocol_of(now(), now() - timedelta(days=120))
    with transaction():
        people.sam.created_at = now() - timedelta(days=400)
        people.sam.lost_on = protocol.ends(protocol.cuts[0]) + timedelta(days=1)
    assert [case.left for case in cases(protocol, [people.ids["sam"]], DEFAULT)] == [False]


def test_ranges_hold_the_value_and_shrink_with_more_customers() -> None:
    def width(n: int) -> float:
        risks = [float((7 * number) % 50) for number in range(n)]
        left = [risk > 35 and number % 3 > 0 for number, risk in enumerate(risks)]
        found = judge(risks, left, list(range(n)), k=5).auc
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.value <= found.high
        return found.high - found.low

    assert width(800) < width(80)


def test_cases_of_one_customer_are_drawn_together() -> None:
    risks = [float(number % 40) for number in range(400)]
    left = [number % 40 > 30 and number % 3 > 0 for number in range(400)]
    apart = judge(risks, left, list(range(400)), k=5).lift_at_10
    together = judge(risks, left, [number % 40 for number in range(400)], k=5).lift_at_10
    assert apart.value == together.value
    assert (together.high or 0) - (together.low or 0) > (apart.high or 0) - (apart.low or 0)


def judged(low: float) -> Judgement:
    some = Range(2.5, low, 3.5)
    return Judgement(1000, 100, 20, some, some, some, some)


@pytest.mark.parametrize(
    ("outcomes", "low", "may"), [(99, 2.0, False), (100, 2.0, True), (500, 1.2, False)]
)
def test_the_word_predictive_is_refused_until_it_is_earned(
    outcomes: int, low: float, may: bool
) -> None:
    words, predictive = verdict_of(outcomes, judged(low))
    assert predictive is may
    assert ("redictive" in words) is may


def test_without_leavers_there_is_no_measure_and_no_error() -> None:
    found = judge([1.0, 2.0], [False, False], [1, 2], k=1)
    assert found.auc.value is found.lift_at_10.value is found.recall_at_k.value is None
    assert found.precision_at_k.value == 0


def test_holding_rules_give_the_same_risk_as_the_assessment(clock: Clock, people: Cast) -> None:
    crowd(now(), 30)
    with transaction(write=False):
        ids = [row.id for row in session.query(Customer.id)]
        for facts in facts_of(ids, now()).values():
            found = assess(facts)
            assert risk_of(holding(facts), DEFAULT) == found.risk
            points = [{"key": point.key} for point in found.points]
            assert risk_of_points(points, DEFAULT) == found.risk


def test_learnt_points_follow_what_foretold_leaving() -> None:
    def case(number: int, held: bool, left: bool) -> Case:
        holds: dict[str, bool | None] = dict.fromkeys((rule.key for rule in RULES), False)
        holds |= {"cancellation": held, "silence": number % 2 == 0, "low_rating": None}
        return Case(number, TODAY, 0, holds, 0, 0, 0, left)

    def left(number: int) -> bool:
        return (number % 4 == 0 and number % 3 > 0) or number % 29 == 0

    found = refit.learn([case(number, number % 4 == 0, left(number)) for number in range(900)])
    assert found is not None
    assert found.points["cancellation"] > 40
    assert abs(found.points["silence"]) < 10
    assert found.points["low_rating"] == 0
    assert found.caps["relationship"] >= found.points["cancellation"]


def test_a_rule_that_seldom_holds_is_learnt_as_well() -> None:
    holds: dict[str, bool | None] = dict.fromkeys((rule.key for rule in RULES), False)
    some = [
        Case(n, TODAY, 0, holds | {"cancellation": n < 18}, 0, 0, 0, n < 14 or n % 20 == 0)
        for n in range(700)
    ]
    found = refit.learn(some)
    assert found is not None
    assert found.points["cancellation"] > 30


def test_too_few_leavers_teach_nothing() -> None:
    holds: dict[str, bool | None] = {rule.key: False for rule in RULES}
    some = [Case(n, TODAY, 0, holds, 0, 0, 0, n < 20) for n in range(300)]
    assert refit.learn(some) is None


@pytest.mark.databases("sqlite")
def test_a_whole_backtest_finds_what_was_there(clock: Clock, app: Flask) -> None:
    crowd(now(), 220)
    result = run(Plan(k=5), Weights())
    assert result["outcomes"] > 40
    assert not result["predictive"]
    assert "not yet validated" in result["verdict"]
    current, baselines = result["current"], result["baselines"]
    assert current["lift_at_10"]["value"] > 1.5
    assert current["auc"]["value"] > max(one["auc"]["value"] for one in baselines.values())
    assert set(baselines) == {"last CSAT only", "ticket count only", "biggest first"}
    assert result["brier"] < result["base_brier"]
    assert sum(band["n"] for band in result["calibration"]) < result["n"]
    lead = result["lead_time"]
    assert lead["flagged_before"]["30"]["n"] > 0
    assert json.loads(json.dumps(result)) == result


def test_without_a_past_a_backtest_says_so(people: Cast) -> None:
    with pytest.raises(Invalid, match="no past"):
        run(Plan(), Weights())


@pytest.mark.databases("sqlite")
def test_the_command_tells_it_as_json(clock: Clock, app: Flask) -> None:
    crowd(now(), 40)
    answer = app.test_cli_runner().invoke(args=["churn", "backtest", "--json", "--k", "3"])
    told = json.loads(answer.output.splitlines()[-1])
    assert {"auc", "lift_at_10", "precision_at_k", "recall_at_k"} <= set(told["current"])
    assert told["k"] == 3


def test_a_manager_runs_one_and_the_pages_say_what_it_found(
    clock: Clock, people: Cast, client: Visitor, work: Work
) -> None:
    crowd(now(), 30)
    client.sign_in(people.nora)
    assert "Not tried on the past yet" in client.get("/desk/churn/backtest").text
    client.post("/desk/churn/backtest")
    client.post("/desk/churn/backtest")
    work()
    page = client.get("/desk/churn/backtest").text
    assert "outcomes of the 100 that are needed" in page
    assert "biggest first" in page
    assert "of the 100" in client.get("/desk/flags").text
    assert results.waiting() is None


def test_until_then_risk_is_called_a_rule(people: Cast) -> None:
    assert results.basis() == BASIS


def test_what_was_found_about_other_points_is_not_said_of_the_present_ones(
    clock: Clock, people: Cast, client: Visitor, work: Work
) -> None:
    crowd(now(), 30)
    client.sign_in(people.nora)
    client.post("/desk/churn/backtest")
    work()
    found = results.basis()
    assert "of the 100" in found
    clock.move(minutes=5)
    with transaction():
        adopt(Weights({"cancellation": 40}), BY_HAND, "", by=people.nora)
    session.rollback()
    assert results.basis() == results.CHANGED
    for path in ("/desk/flags", "/reports/churn"):
        assert "changed after the last backtest" in client.get(path).text
    page = client.get("/desk/churn/backtest").text
    assert "run it again" in page
    assert "as it is counted now" not in page
    clock.move(minutes=5)
    client.post("/desk/churn/backtest")
    work()
    session.rollback()
    assert results.basis() == found


def test_the_picture_stays_within_its_frame() -> None:
    drawn = reliability(
        [{"n": 10, "foretold": 0.0, "came": 0.0}, {"n": 5, "foretold": 1, "came": 1}]
    )
    assert drawn is not None
    for dot in drawn.dots:
        assert 0 <= dot.x <= 360
        assert 0 <= dot.high <= dot.y <= dot.low <= 360
    assert reliability([]) is None
