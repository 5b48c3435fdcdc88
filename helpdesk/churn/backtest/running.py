"""A whole backtest: cuts, cases, measures beside baselines, calibration, lead time, re-fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select

from helpdesk.churn import ranking
from helpdesk.churn.backtest import refit
from helpdesk.churn.backtest.cases import Case, Protocol, cases, first_day, protocol_of, sample
from helpdesk.churn.backtest.judging import Judgement, judge
from helpdesk.churn.features import facts_of
from helpdesk.churn.models import ChurnFlag
from helpdesk.churn.points import assess, risk_of
from helpdesk.churn.rules import Weights
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.customers.models import Customer

NEEDED = 100
"""Outcomes below which nothing here is called predictive."""
GOOD_LIFT = 1.3
"""The lower bound of the lift at 10 % from which it is."""
BETTER = 1.1
"""A re-fit is worth adopting when its lift is so many times the present one."""
LEADS = (30, 60, 90)
MOST_LEAVERS = 300
CUSTOMERS = 8_000

BASELINES: dict[str, Callable[[Case], float]] = {
    "last CSAT only": lambda case: case.rating,
    "ticket count only": lambda case: case.contacts,
    "biggest first": lambda case: case.worth,
}


@dataclass(frozen=True)
class Plan:
    """What to test: `k` is how many customers can be looked after at each cut."""

    gap_days: int = 7
    window_days: int = 90
    every_days: int | None = None
    k: int = 20
    customers: int = CUSTOMERS
    raise_at: int = 50


def run(
    plan: Plan, weights: Weights, say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """The result as plain values, for the page and for programs.

    Raises Invalid where there is no past yet that could be judged.
    """
    with transaction(write=False):
        first, (customer_ids, everybody) = first_day(), sample(plan.customers)
    protocol = protocol_of(
        now(),
        first or now(),
        gap_days=plan.gap_days,
        window_days=plan.window_days,
        every_days=plan.every_days,
    )
    if not protocol.cuts:
        days = plan.gap_days + plan.window_days
        raise Invalid(f"There is no past to judge yet: the first customer must be {days} days old.")
    found = cases(protocol, customer_ids, weights, say)
    if not found:
        raise Invalid("Nobody was a customer at any of these cuts.")
    result = _judged(found, protocol, plan, weights)
    result["customers"] = {"looked_at": len(customer_ids), "all": everybody}
    result["lead_time"] = lead_time(customer_ids, protocol, plan, weights)
    return result


def _judged(found: list[Case], protocol: Protocol, plan: Plan, weights: Weights) -> dict[str, Any]:
    left = [case.left for case in found]
    outcomes = len({case.customer_id for case in found if case.left})
    k = plan.k * len(protocol.cuts)
    current = _judge(found, [float(case.risk) for case in found], k)
    verdict, predictive = verdict_of(outcomes, current)
    return {
        "made_at": now().isoformat(),
        "cuts": [cut.date().isoformat() for cut in protocol.cuts],
        "gap_days": protocol.gap_days,
        "window_days": protocol.window_days,
        "k": plan.k,
        "n": len(found),
        "outcomes": outcomes,
        "outcomes_needed": NEEDED,
        "base_rate": ranking.base_rate(left),
        "verdict": verdict,
        "predictive": predictive,
        "current": asdict(current),
        "baselines": {
            name: asdict(_judge(found, [rank(case) for case in found], k))
            for name, rank in BASELINES.items()
        },
        **_calibration(found, protocol),
        "refit": _refit(found, protocol, plan, weights),
    }


def _judge(found: Sequence[Case], risks: Sequence[float], k: int) -> Judgement:
    return judge(risks, [case.left for case in found], [case.customer_id for case in found], k)


def verdict_of(outcomes: int, current: Judgement) -> tuple[str, bool]:
    """What may be said about the risk, and whether it may be called predictive."""
    lift = current.lift_at_10
    if outcomes < NEEDED:
        some = "1 outcome" if outcomes == 1 else f"{outcomes} outcomes"
        return f"Rule-based, not yet validated: {some} of the {NEEDED} that are needed", False
    if lift.value is None or lift.low is None or lift.low <= 1:
        return "Rule-based; the past does not show that it finds leavers better than chance", False
    if lift.low <= GOOD_LIFT:
        return "Rule-based; better than chance in the past, but not by much", False
    return (
        f"Predictive in the past: the riskiest tenth held {lift.value:.1f} times as many leavers "
        f"as chance ({lift.low:.1f} to {lift.high:.1f})",
        True,
    )


def _calibration(found: list[Case], protocol: Protocol) -> dict[str, Any]:
    """Brier and reliability of chances; those of a cut come from cuts that were over by then."""
    chances: list[float] = []
    left: list[bool] = []
    for cut in protocol.cuts:
        earlier = [case for case in found if protocol.ends(case.cut) <= cut.date()]
        here = [case for case in found if case.cut == cut]
        fitted = refit.chances_of(
            [case.risk for case in here],
            [case.risk for case in earlier],
            [case.left for case in earlier],
        )
        if fitted is not None:
            chances += fitted
            left += [case.left for case in here]
    bands = ranking.calibration(chances, left)
    return {
        "brier": ranking.brier(chances, left),
        "base_brier": ranking.base_brier(left),
        "calibration": [asdict(band) for band in bands],
        "calibration_error": ranking.calibration_error(bands),
    }


def _refit(found: list[Case], protocol: Protocol, plan: Plan, weights: Weights) -> dict[str, Any]:
    """Weights of the earlier cuts on the later ones, beside the present weights there."""
    later = protocol.cuts[-max(1, len(protocol.cuts) * 2 // 5) :]
    seen = [case for case in found if protocol.ends(case.cut) <= later[0].date()]
    held = [case for case in found if case.cut in later]
    leavers = sum(case.left for case in seen)
    learnt = refit.learn(seen)
    if learnt is None:
        reason = f"{leavers} left after the earlier cuts; {refit.ENOUGH} are needed to learn from."
        return {"reason": reason}
    k = plan.k * len(later)
    new = _judge(held, [float(risk_of(case.holds, learnt)) for case in held], k)
    old = _judge(held, [float(case.risk) for case in held], k)
    gain = (
        new.lift_at_10.value / old.lift_at_10.value
        if new.lift_at_10.value and old.lift_at_10.value
        else None
    )
    return {
        "points": dict(learnt.points),
        "caps": dict(learnt.caps),
        "trained_on": sorted({case.cut.date().isoformat() for case in seen}),
        "shown_on": [cut.date().isoformat() for cut in later],
        "leavers_seen": leavers,
        "current": asdict(old),
        "new": asdict(new),
        "lift_gain": gain,
        "worth_adopting": gain is not None and gain > BETTER,
        "present_points": {rule: weights.points.get(rule) for rule in learnt.points},
    }


def lead_time(
    customer_ids: Sequence[int], protocol: Protocol, plan: Plan, weights: Weights
) -> dict[str, Any]:
    """How early the risk stood at the flag's mark before somebody left, as it was known then."""
    start = protocol.window(protocol.cuts[0])[0]
    with transaction(write=False):
        leavers = session.execute(
            select(Customer.id, Customer.lost_on, Customer.created_at)
            .where(Customer.lost_on >= start, Customer.lost_on <= now().date())
            .order_by(Customer.lost_on.desc(), Customer.id)
        ).all()
    chosen = set(customer_ids)
    looked = [row for row in leavers if row.id in chosen][:MOST_LEAVERS]
    marks: dict[int, list[bool]] = {days: [] for days in LEADS}
    leads = []
    for row in looked:
        midnight = datetime.combine(row.lost_on, time(), UTC)
        reached = {
            days: risk >= plan.raise_at
            for days in LEADS
            if (risk := _risk_at(row.id, midnight - timedelta(days=days), weights)) is not None
        }
        for days, flagged in reached.items():
            marks[days].append(flagged)
        leads.append(max((days for days, flagged in reached.items() if flagged), default=0))
    return {
        "leavers": len(looked),
        "flagged_before": {
            str(days): {"n": len(seen), "share": sum(seen) / len(seen) if seen else None}
            for days, seen in marks.items()
        },
        "median_days": median(early) if (early := [lead for lead in leads if lead]) else None,
        "median_days_of_flags": _flags_lead([row.id for row in looked]),
    }


def _risk_at(customer_id: int, moment: datetime, weights: Weights) -> int | None:
    with transaction(write=False):
        facts = facts_of([customer_id], moment).get(customer_id)
    return None if facts is None else assess(facts, weights).risk


def _flags_lead(customer_ids: list[int]) -> float | None:
    """Median days between the flag that was really raised and the leaving."""
    with transaction(write=False):
        rows = session.execute(
            select(ChurnFlag.raised_at, Customer.lost_on)
            .join(Customer, Customer.id == ChurnFlag.customer_id)
            .where(ChurnFlag.customer_id.in_(customer_ids), Customer.lost_on.is_not(None))
        ).all()
    days = [(row.lost_on - row.raised_at.date()).days for row in rows]
    return median(ahead) if (ahead := [one for one in days if one >= 0]) else None
