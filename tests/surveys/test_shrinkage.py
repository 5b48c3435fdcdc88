"""Nobody is first with three happy answers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.surveys.shrinkage import (
    Prior,
    estimate_agents,
    prior_by_likelihood,
    prior_by_moments,
    team_prior,
)

TEAM = {
    "Dee": (3, 3),
    "Ana": (9, 10),
    "Fay": (18, 20),
    "Ben": (171, 190),
    "Cy": (40, 50),
    "Eli": (66, 100),
}
counts = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=12,
)


def test_moments_of_the_team_give_its_share_and_weight() -> None:
    prior = prior_by_moments(list(TEAM.values()))
    assert prior is not None
    assert prior.mean == pytest.approx(0.8231, abs=5e-5)
    assert prior.strength == pytest.approx(9.26, abs=5e-3)


def test_likelihood_of_the_team_gives_twice_that_weight() -> None:
    prior = prior_by_likelihood(list(TEAM.values()))
    assert prior is not None
    assert prior.mean * prior.strength == pytest.approx(16.918, abs=5e-4)
    assert (1 - prior.mean) * prior.strength == pytest.approx(3.621, abs=5e-4)


@pytest.mark.parametrize(
    ("agent", "moments", "likelihood", "fixed"),
    [
        ("Dee", 0.8663, 0.8462, 0.8261),
        ("Ana", 0.8630, 0.8487, 0.8333),
        ("Fay", 0.8756, 0.8613, 0.8500),
        ("Ben", 0.8964, 0.8926, 0.8905),
        ("Cy", 0.8036, 0.8069, 0.8000),
        ("Eli", 0.6738, 0.6879, 0.6833),
    ],
)
def test_each_agent_is_drawn_to_the_team(
    agent: str, moments: float, likelihood: float, fixed: float
) -> None:
    team = list(TEAM.values())
    priors = (prior_by_moments(team), prior_by_likelihood(team), Prior(0.8, 20))
    for prior, expected in zip(priors, (moments, likelihood, fixed), strict=True):
        assert prior is not None
        assert prior.shrink(*TEAM[agent]) == pytest.approx(expected, abs=5e-5)


def test_ben_is_first_and_dee_has_too_few_answers_to_have_a_place() -> None:
    lines = estimate_agents(TEAM)
    assert [line.agent for line in lines] == ["Ben", "Fay", "Ana", "Cy", "Eli", "Dee"]
    assert [line.agent for line in lines if line.too_few] == ["Dee"]


def test_only_what_differs_beyond_chance_is_marked() -> None:
    assert {line.agent for line in estimate_agents(TEAM) if line.differs} == {"Ben", "Eli"}


def test_three_answers_never_differ_beyond_chance() -> None:
    lines = estimate_agents({"new": (0, 3), "old": (190, 190)})
    assert not any(line.differs for line in lines if line.agent == "new")


def test_with_few_agents_the_team_weighs_twenty_answers() -> None:
    prior = team_prior([(9, 10)] * 7)
    assert prior is not None
    assert prior.mean == pytest.approx(0.9)
    assert prior.strength == 20.0


def test_with_eight_agents_the_weight_comes_from_the_data() -> None:
    counts = [*TEAM.values(), (20, 40), (38, 40)]
    assert team_prior(counts) == prior_by_moments(counts)


def test_agents_who_are_all_alike_all_get_the_teams_share() -> None:
    prior = prior_by_moments([(8, 10)] * 9)
    assert prior is not None
    assert math.isinf(prior.strength)
    assert prior.shrink(1, 10) == pytest.approx(0.8)
    flat = prior_by_likelihood([(8, 10)] * 9)
    assert flat is not None
    assert flat.strength > 1_000


def test_a_team_without_answers_has_no_estimates() -> None:
    assert prior_by_moments([]) is None
    assert prior_by_likelihood([(0, 0)]) is None
    assert estimate_agents({"Ana": (0, 0)}) == ()


@given(counts)
def test_an_estimate_lies_between_the_agent_and_the_team(team: list[tuple[int, int]]) -> None:
    prior = team_prior(team)
    assert prior is not None
    for k, n in team:
        low, high = sorted((k / n, prior.mean))
        assert low - 1e-9 <= prior.shrink(k, n) <= high + 1e-9


@given(counts)
def test_every_way_to_weigh_a_team_gives_a_share_and_a_positive_weight(
    team: list[tuple[int, int]],
) -> None:
    for prior in (prior_by_moments(team), prior_by_likelihood(team, rounds=50)):
        assert prior is not None
        assert 0 <= prior.mean <= 1
        assert prior.strength >= 0
