"""Do playbooks help? Flags with one beside flags without."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from sqlalchemy import select

from helpdesk.churn.models import ChurnFlag, FlagState, PlaybookRun
from helpdesk.core.db import session

Z = 1.959964
"""The normal quantile of a 95 % range."""


@dataclass(frozen=True)
class Effect:
    """What became of flags with and without a playbook, and the difference between the shares that
    stayed with its range; None where a side has nobody."""

    treated: int
    treated_stayed: int
    untreated: int
    untreated_stayed: int
    difference: float | None
    low: float | None
    high: float | None
    by_lot: bool
    """Whether the untreated were chosen by lot; else the comparison may mislead."""


def effect() -> Effect:
    """How flags ended, by whether a playbook was begun for them. Where flags were withheld by lot
    only these are compared with, for who is left alone by hand is seldom like the others."""
    rows = session.execute(
        select(ChurnFlag.state, ChurnFlag.withheld_at, PlaybookRun.id.label("run_id"))
        .outerjoin(PlaybookRun, PlaybookRun.flag_id == ChurnFlag.id)
        .where(ChurnFlag.closed_at.is_not(None), ChurnFlag.state != FlagState.FALSE_ALARM)
    ).all()
    treated = [row.state is not FlagState.LOST for row in rows if row.run_id is not None]
    lot = [row for row in rows if row.run_id is None and row.withheld_at is not None]
    rest = lot or [row for row in rows if row.run_id is None]
    untreated = [row.state is not FlagState.LOST for row in rest]
    return Effect(
        len(treated),
        sum(treated),
        len(untreated),
        sum(untreated),
        *difference(sum(treated), len(treated), sum(untreated), len(untreated)),
        by_lot=bool(lot),
    )


def difference(
    k1: int, n1: int, k2: int, n2: int
) -> tuple[float | None, float | None, float | None]:
    """Share one less share two with its 95 % range, from the Wilson ranges of both (R. Newcombe
    1998, Interval estimation for the difference between independent proportions, method 10)."""
    if not n1 or not n2:
        return None, None, None
    p1, p2 = k1 / n1, k2 / n2
    (low1, high1), (low2, high2) = wilson(k1, n1), wilson(k2, n2)
    low = p1 - p2 - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = p1 - p2 + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return p1 - p2, low, high


def wilson(k: int, n: int) -> tuple[float, float]:
    """The range of a share k / n (E. Wilson 1927)."""
    p, z2 = k / n, Z * Z
    middle, reach = p + z2 / (2 * n), Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return (middle - reach) / (1 + z2 / n), (middle + reach) / (1 + z2 / n)
