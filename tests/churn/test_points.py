"""Risk is a sum of reasons: each is named, none counts beyond its family's cap."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.churn.facts import Facts
from helpdesk.churn.points import assess, flag_state
from helpdesk.churn.rules import CAPS, RULES, Weights


def known(low: int, high: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(low, high)


def measured(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high)


some_facts = st.builds(
    Facts,
    last_csat=known(1, 5),
    last_nps=known(0, 10),
    nps_before=known(0, 10),
    contacts_30d=known(0, 9),
    usual_contacts_30d=measured(0, 9),
    reopened_90d=known(0, 4),
    sla_missed=st.none() | st.booleans(),
    escalations_90d=known(0, 2),
    sentiment=measured(-1, 1),
    sentiment_n=st.integers(0, 6),
    sentiment_change=measured(-2, 2),
    silent_days=measured(0, 400),
    usual_gap_days=measured(0, 100),
    cancellations_90d=known(0, 2),
    days_to_renewal=known(-30, 400),
    open_problems=known(0, 3),
    tenure_days=known(0, 800),
)
names = st.sampled_from([f.name for f in fields(Facts) if f.default is None])

TERRIBLE = Facts(
    last_csat=1,
    last_nps=0,
    nps_before=10,
    contacts_30d=9,
    reopened_90d=3,
    sla_missed=True,
    escalations_90d=1,
    sentiment=-0.8,
    sentiment_n=9,
    sentiment_change=-0.5,
    silent_days=90,
    usual_gap_days=10,
    cancellations_90d=1,
    days_to_renewal=30,
    open_problems=2,
    tenure_days=30,
)


@pytest.mark.parametrize(
    ("facts", "key", "points"),
    [
        (Facts(last_csat=1), "low_rating", 20),
        (Facts(last_csat=2), "low_rating", 20),
        (Facts(last_csat=3), "middling_rating", 8),
        (Facts(last_nps=6), "detractor", 15),
        (Facts(last_nps=7, nps_before=10), "nps_drop", 10),
        (Facts(sentiment=-0.31, sentiment_n=3), "low_tone", 10),
        (Facts(sentiment=0.2, sentiment_n=3, sentiment_change=-0.2), "falling_tone", 5),
        (Facts(contacts_30d=4), "contacts", 15),
        (Facts(contacts_30d=3, usual_contacts_30d=1.4), "contacts", 15),
        (Facts(reopened_90d=2), "reopenings", 10),
        (Facts(sla_missed=True), "late", 10),
        (Facts(escalations_90d=1), "escalation", 15),
        (Facts(silent_days=31, usual_gap_days=10), "silence", 10),
        (Facts(cancellations_90d=1), "cancellation", 25),
        (Facts(days_to_renewal=60, open_problems=1), "renewal", 10),
        (Facts(tenure_days=89), "new_customer", 5),
        (Facts(last_csat=5), "praise", -10),
        (Facts(last_nps=9), "praise", -10),
    ],
)
def test_each_sign_has_its_points(facts: Facts, key: str, points: int) -> None:
    (point,) = assess(facts).points
    assert (point.key, point.value, point.counted) == (key, points, points)
    assert assess(facts).risk == max(0, points)


@pytest.mark.parametrize(
    "facts",
    [
        Facts(last_csat=4),
        Facts(last_nps=7, nps_before=9),
        Facts(sentiment=-0.3, sentiment_n=9),
        Facts(sentiment=-0.9, sentiment_n=2, sentiment_change=-0.9),
        Facts(contacts_30d=3),
        Facts(contacts_30d=1, usual_contacts_30d=0.1),
        Facts(contacts_30d=2, usual_contacts_30d=1.0),
        Facts(reopened_90d=1),
        Facts(sla_missed=False),
        Facts(silent_days=30, usual_gap_days=10),
        Facts(silent_days=300),
        Facts(silent_days=30, usual_gap_days=0),
        Facts(days_to_renewal=60, open_problems=0),
        Facts(days_to_renewal=61, open_problems=1),
        Facts(days_to_renewal=-1, open_problems=1),
        Facts(tenure_days=90),
    ],
)
def test_short_of_its_limit_a_sign_has_no_points(facts: Facts) -> None:
    assert assess(facts).points == ()


def test_nothing_known_is_no_risk_but_says_so() -> None:
    unknown = assess(Facts())
    assert (unknown.risk, unknown.health, unknown.points) == (0, 100, ())
    assert unknown.coverage.share == 0
    assert unknown.coverage.missing == tuple(CAPS)
    assert "no rating" in unknown.coverage.words
    assert "no response targets" in unknown.coverage.words


def test_a_missing_survey_is_not_a_satisfied_customer() -> None:
    quiet, praising = Facts(cancellations_90d=1), Facts(cancellations_90d=1, last_csat=5)
    assert assess(quiet).risk == 25
    assert assess(praising).risk == 15
    assert "feedback" in assess(quiet).coverage.missing
    assert assess(praising).coverage.known == ("feedback", "relationship")
    assert assess(praising).coverage.share == pytest.approx(0.4)


def test_a_reason_tells_what_happened_with_its_tickets() -> None:
    facts = Facts(
        last_csat=2,
        contacts_30d=3,
        usual_contacts_30d=0.84,
        evidence={"last_csat": (42,), "contacts_30d": (42, 43, 43), "open_problems": (7,)},
    )
    rating, contacts = assess(facts).points
    assert (rating.reason, rating.ticket_ids) == ("The last rating was 2 of 5", (42,))
    assert contacts.reason == "3 contacts in 30 days, usually 0.8"
    assert contacts.ticket_ids == (42, 43)


def test_everything_at_once_reaches_every_cap_and_a_hundred() -> None:
    worst = assess(TERRIBLE)
    assert worst.by_family() == {
        "feedback": 30,
        "tickets": 30,
        "sentiment": 15,
        "activity": 10,
        "relationship": 30,
    }
    assert (worst.total, worst.risk, worst.health) == (115, 100, 0)
    assert worst.coverage.share == 1
    assert worst.coverage.words == ()


def test_under_a_cap_the_lightest_reason_is_cut_first() -> None:
    facts = Facts(escalations_90d=1, contacts_30d=5, reopened_90d=2)
    points = assess(facts).points
    assert [(point.value, point.counted) for point in points] == [(15, 15), (15, 15), (10, 0)]
    assert [point.is_capped for point in points] == [False, False, True]


def test_praise_lowers_its_family_before_the_cap() -> None:
    facts = Facts(last_csat=5, last_nps=2, nps_before=8)
    assert assess(facts).risk == 15 + 10 - 10
    heavy = Weights(points={"detractor": 40})
    assert assess(facts, heavy).risk == 30


def test_praise_alone_leaves_the_risk_at_zero() -> None:
    praised = assess(Facts(last_csat=5))
    assert (praised.total, praised.risk, praised.health) == (-10, 0, 100)


def test_what_would_clear_it_tells_the_risk_that_is_left() -> None:
    facts = Facts(cancellations_90d=1, last_csat=1)
    assert assess(facts).clears == (
        "90 days without such words: risk falls to 20",
        "A rating of 4 or 5 on the next solved ticket: risk falls to 25",
    )


def test_a_reason_under_a_full_cap_says_that_it_cannot_clear_alone() -> None:
    facts = Facts(escalations_90d=1, contacts_30d=5, reopened_90d=2)
    assert assess(facts).clears[-1].endswith("only together with others")


def test_points_and_caps_can_be_set_without_touching_a_rule() -> None:
    weights = Weights(points={"low_rating": 40, "praise": 0}, caps={"feedback": 35})
    assert assess(Facts(last_csat=1), weights).risk == 35
    assert [point.counted for point in assess(Facts(last_csat=5), weights).points] == [0]


def test_the_same_facts_give_the_same_assessment() -> None:
    assert assess(TERRIBLE) == assess(replace(TERRIBLE))


def test_every_rule_reads_facts_that_exist() -> None:
    known_fields = {f.name for f in fields(Facts)}
    assert len({rule.key for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.family in CAPS
        assert hasattr(Facts(), rule.measure)
        assert set(rule.reads or (rule.measure,)) <= known_fields
        assert rule.points < 0 or rule.clears


@given(some_facts)
def test_no_family_counts_beyond_its_cap(facts: Facts) -> None:
    for family, counted in assess(facts).by_family().items():
        assert counted <= CAPS[family]


@given(some_facts, st.dictionaries(st.sampled_from(list(CAPS)), st.integers(0, 60)))
def test_the_points_shown_add_up_to_the_risk(facts: Facts, caps: dict[str, int]) -> None:
    result = assess(facts, Weights(caps=caps))
    assert result.total == sum(point.counted for point in result.points)
    assert result.risk == max(0, min(100, result.total))
    assert result.health == 100 - result.risk
    for point in result.points:
        assert 0 <= point.counted <= point.value or point.counted == point.value < 0


@given(some_facts)
def test_every_reason_is_a_finished_sentence(facts: Facts) -> None:
    for point in assess(facts).points:
        assert "None" not in point.reason
        assert "{" not in point.reason


@given(some_facts, names)
def test_what_is_not_known_never_adds_a_reason(facts: Facts, name: str) -> None:
    before = {point.key for point in assess(facts).points}
    without = _with(facts, name, None)
    assert {point.key for point in assess(without).points} <= before


@given(some_facts, some_facts)
def test_one_incident_moves_a_family_by_no_more_than_its_cap(one: Facts, two: Facts) -> None:
    signs = ("contacts_30d", "reopened_90d", "sla_missed", "escalations_90d")
    worse = replace(one, **{sign: getattr(two, sign) for sign in signs})
    assert abs(assess(worse).total - assess(one).total) <= CAPS["tickets"]


@pytest.mark.parametrize(
    ("name", "worsening"),
    [
        ("last_csat", range(5, 0, -1)),
        ("last_nps", range(10, -1, -1)),
        ("nps_before", range(11)),
        ("contacts_30d", range(9)),
        ("reopened_90d", range(4)),
        ("sla_missed", (False, True)),
        ("escalations_90d", range(3)),
        ("sentiment", (1.0, 0.0, -0.3, -0.31, -1.0)),
        ("sentiment_change", (0.5, 0.0, -0.2, -1.0)),
        ("silent_days", (0, 10, 40, 500)),
        ("cancellations_90d", range(3)),
        ("open_problems", range(3)),
        ("tenure_days", (900, 90, 89, 0)),
        ("days_to_renewal", (400, 61, 60, 0)),
    ],
)
@given(facts=some_facts)
def test_a_worse_fact_never_lowers_the_risk(
    facts: Facts, name: str, worsening: tuple[float, ...]
) -> None:
    risks = [assess(_with(facts, name, value)).risk for value in worsening]
    assert risks == sorted(risks)


@pytest.mark.parametrize(
    ("risk", "flagged", "now"),
    [(49, False, False), (50, False, True), (49, True, True), (40, True, True), (39, True, False)],
)
def test_a_flag_is_raised_at_fifty_and_cleared_below_forty(
    risk: int, flagged: bool, now: bool
) -> None:
    assert flag_state(risk, flagged) is now


@given(st.lists(st.integers(40, 49)), st.booleans())
def test_between_the_two_lines_a_flag_never_moves(risks: list[int], flagged: bool) -> None:
    assert all(flag_state(risk, flagged) is flagged for risk in risks)


def test_a_flag_that_clears_above_its_line_is_refused() -> None:
    with pytest.raises(ValueError, match="above raising"):
        flag_state(50, False, raise_at=40, clear_below=50)


def _with(facts: Facts, name: str, value: float | None) -> Facts:
    return Facts(**{**vars(facts), name: value})
