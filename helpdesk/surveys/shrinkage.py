"""Agents' satisfaction without luck: each share is drawn towards the team's.

Three happy answers out of three are not better than 171 out of 190. The estimate
(k + m·M)/(n + M) adds M answers of the team's share m to what an agent has
(beta-binomial empirical Bayes). Nobody is ever ranked by the raw share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from helpdesk.surveys.changes import discoveries, two_sided
from helpdesk.surveys.scoring import Interval, wilson

FEW_AGENTS = 8
"""Below this many agents the spread between them cannot be estimated from the data."""

FIXED_STRENGTH = 20.0
FEW_ANSWERS = 10
"""Below this many answers an agent's place is not shown."""

FLAT = 10_000.0
"""A strength above this means the agents do not differ beyond chance."""

AgentKey = TypeVar("AgentKey")
Count = tuple[int, int]
"""Satisfied answers, and all answers."""


@dataclass(frozen=True)
class Prior:
    """The team's share m, and how many answers M it weighs (`inf`: agents do not differ)."""

    mean: float
    strength: float

    def shrink(self, satisfied: int, n: int) -> float:
        """(k + m·M)/(n + M), a fraction."""
        if math.isinf(self.strength):
            return self.mean
        return (satisfied + self.mean * self.strength) / (n + self.strength)


@dataclass(frozen=True)
class AgentEstimate(Generic[AgentKey]):
    """One agent's line: shares are fractions; `differs` is beyond chance from the others."""

    agent: AgentKey
    satisfied: int
    n: int
    raw: float
    estimate: float
    interval: Interval
    too_few: bool
    differs: bool


def prior_by_moments(counts: Sequence[Count]) -> Prior | None:
    """Weighted moments with weights n; `None` without answers.

    Source: J. C. Kleinman (1973), Proportions with extraneous variance: single and
    independent samples, JASA 68, 46-54.
    """
    counts = [(k, n) for k, n in counts if n]
    total = sum(n for _, n in counts)
    if not total:
        return None
    mean = sum(k for k, _ in counts) / total
    chance = mean * (1 - mean)
    within = sum(1 - n / total for _, n in counts)
    between = sum(n * (1 - n / total) for _, n in counts)
    spread = sum(n * (k / n - mean) ** 2 for k, n in counts)
    if not chance or between <= within:
        return Prior(mean, math.inf)
    correlation = (spread - chance * within) / (chance * (between - within))
    return Prior(mean, _strength(correlation))


def prior_by_likelihood(counts: Sequence[Count], rounds: int = 20_000) -> Prior | None:
    """Maximum likelihood of the beta-binomial, to show how much the choice of M matters.

    Source: T. P. Minka (2000), Estimating a Dirichlet distribution, the fixed-point
    iteration; differences of digamma at whole steps are sums of 1/(a + j).
    """
    start = prior_by_moments(counts)
    if start is None or start.mean in (0.0, 1.0):
        return start
    a, b = 10 * start.mean, 10 * (1 - start.mean)
    for _ in range(rounds):
        whole = sum(_steps(a + b, n) for _, n in counts)
        next_a = a * sum(_steps(a, k) for k, _ in counts) / whole
        next_b = b * sum(_steps(b, n - k) for k, n in counts) / whole
        settled = abs(next_a - a) < 1e-8 * a and abs(next_b - b) < 1e-8 * b
        a, b = next_a, next_b
        if settled or a + b > FLAT:
            break
    return Prior(a / (a + b), a + b if a + b <= FLAT else math.inf)


def team_prior(counts: Sequence[Count]) -> Prior | None:
    """Moments with `FEW_AGENTS` agents or more; else the team's share weighing 20 answers."""
    prior = prior_by_moments(counts)
    if prior is not None and sum(1 for _, n in counts if n) < FEW_AGENTS:
        return Prior(prior.mean, FIXED_STRENGTH)
    return prior


def estimate_agents(counts: Mapping[AgentKey, Count]) -> tuple[AgentEstimate[AgentKey], ...]:
    """Every agent with answers, best estimate first, those with too few answers last.

    `differs` compares each agent with all the others by a pooled z test, and controls the
    false discovery rate over the team; it is never set with too few answers.
    """
    answered = {agent: count for agent, count in counts.items() if count[1]}
    prior = team_prior(list(answered.values()))
    if prior is None:
        return ()
    differing = _differing(answered)
    lines = [_line(agent, k, n, prior, differing) for agent, (k, n) in answered.items()]
    return tuple(sorted(lines, key=lambda line: (line.too_few, -line.estimate)))


def _line(
    agent: AgentKey, k: int, n: int, prior: Prior, differing: frozenset[AgentKey]
) -> AgentEstimate[AgentKey]:
    return AgentEstimate(
        agent=agent,
        satisfied=k,
        n=n,
        raw=k / n,
        estimate=prior.shrink(k, n),
        interval=wilson(k, n) or Interval(0, 1),
        too_few=n < FEW_ANSWERS,
        differs=agent in differing,
    )


def _differing(answered: Mapping[AgentKey, Count]) -> frozenset[AgentKey]:
    team = (sum(k for k, _ in answered.values()), sum(n for _, n in answered.values()))
    tested = {a: count for a, count in answered.items() if count[1] >= FEW_ANSWERS}
    found = discoveries([_against_others(count, team) for count in tested.values()])
    return frozenset(agent for agent, real in zip(tested, found, strict=True) if real)


def _against_others(count: Count, team: Count) -> float:
    """p value of an agent's share against everybody else's."""
    (k, n), others_k, others_n = count, team[0] - count[0], team[1] - count[1]
    pooled = team[0] / team[1]
    if not others_n or pooled in (0.0, 1.0):
        return 1.0
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / others_n))
    return two_sided((k / n - others_k / others_n) / error)


def _strength(correlation: float) -> float:
    """M = (1 - γ)/γ for the correlation γ of answers to one agent."""
    if correlation <= 0 or (1 - correlation) / correlation > FLAT:
        return math.inf
    return max(0.0, (1 - correlation) / correlation)


def _steps(start: float, count: int) -> float:
    """ψ(start + count) - ψ(start)."""
    return sum(1 / (start + step) for step in range(count))
