"""The points in use: who set them, what setting them would change, and going back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from helpdesk.accounts.models import Account
from helpdesk.churn.events import WeightsAdopted
from helpdesk.churn.models import ChurnFlag, HealthSnapshot, RiskWeights
from helpdesk.churn.points import flag_state, risk_of_points
from helpdesk.churn.rules import CAPS, RULES, Weights
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.paging import AnySelect
from helpdesk.core.settings import settings
from helpdesk.core.text import clean
from helpdesk.customers.models import Customer

BY_HAND, REFIT, RETURN = "by hand", "re-fit", "return"
BASES = (BY_HAND, REFIT, RETURN)
MOST_POINTS = 100
MOST_LOOKED_AT = 20_000
"""Customers in a preview: those of highest risk, which is where flags come and go."""


def current() -> Weights:
    """The weights that hold now: those adopted last, else the starting table."""
    row = latest()
    return Weights(row.points, row.caps) if row else Weights()


def latest() -> RiskWeights | None:
    """What was adopted last, or None while the starting table holds."""
    return session.scalar(select(RiskWeights).order_by(RiskWeights.id.desc()).limit(1))


def adopted(limit: int = 20) -> list[RiskWeights]:
    """What was adopted, latest first."""
    return list(session.scalars(select(RiskWeights).order_by(RiskWeights.id.desc()).limit(limit)))


def adopt(weights: Weights, basis: str, note: str, *, by: Account) -> RiskWeights:
    """From now on these count. What held before stays on record and can be returned to.

    Raises Invalid for points beyond 100, a cap below 0, or a rule that does not exist.
    """
    _check(weights)
    before = latest()
    row = RiskWeights(
        points={rule.key: weights.of(rule) for rule in RULES},
        caps={family: weights.cap(family) for family in CAPS},
        basis=basis,
        note=clean(note)[:500],
        made_at=now(),
        by_id=by.id,
    )
    session.add(row)
    session.flush()
    record(WeightsAdopted(row.id, before.id if before else None, basis), by=by)
    return row


def return_to(weights_id: int, *, by: Account) -> RiskWeights:
    """Adopt again what was adopted earlier; 0 means the starting table. Raises NotFound."""
    if weights_id == 0:
        return adopt(Weights(), RETURN, "Back to the starting table", by=by)
    row = by_id(RiskWeights, weights_id)
    if row is None:
        raise NotFound("There are no such weights.")
    note = f"Back to those of {row.made_at:%Y-%m-%d %H:%M}"
    return adopt(Weights(row.points, row.caps), RETURN, note, by=by)


def _check(weights: Weights) -> None:
    unknown = {*weights.points} - {rule.key for rule in RULES} | {*weights.caps} - {*CAPS}
    if unknown:
        raise Invalid(f"There is no rule or family called {', '.join(sorted(unknown))}.")
    if any(abs(points) > MOST_POINTS for points in weights.points.values()):
        raise Invalid(f"A rule adds or takes at most {MOST_POINTS} points.")
    if any(not 0 <= cap <= MOST_POINTS for cap in weights.caps.values()):
        raise Invalid(f"A family's cap lies between 0 and {MOST_POINTS}.")


@dataclass(frozen=True)
class Mover:
    """A customer whose flag would come or go."""

    customer_id: int
    name: str
    before: int
    after: int
    raised: bool


@dataclass(frozen=True)
class Preview:
    """What other weights would change, from the latest health of each customer."""

    looked_at: int
    risk_up: int
    risk_down: int
    flags_now: int
    flags_then: int
    movers: Sequence[Mover]


def preview(weights: Weights, most: int = 50) -> Preview:
    """Who changes under these weights, those with the greatest change first.

    Raises Invalid for weights that cannot be adopted.
    """
    _check(weights)
    config = settings()
    looked, up, down, standing, then, movers = 0, 0, 0, 0, 0, []
    for row in session.execute(_latest_health()):
        risk = risk_of_points(row.points, weights)
        flagged = row.flag_id is not None
        stands = flag_state(risk, flagged, config.churn_raise_at, config.churn_clear_below)
        looked, up, down = looked + 1, up + (risk > row.risk), down + (risk < row.risk)
        standing, then = standing + flagged, then + stands
        if stands != flagged:
            movers.append(Mover(row.id, row.name, row.risk, risk, stands))
    movers.sort(key=lambda mover: (-abs(mover.after - mover.before), mover.customer_id))
    return Preview(looked, up, down, standing, then, movers[:most])


def _latest_health() -> AnySelect:
    """Each customer's health of the last day; of the day before for those whom that day's review
    has not come to yet."""
    last = session.scalar(select(func.max(HealthSnapshot.day))) or now().date()
    newer = aliased(HealthSnapshot)
    is_reviewed = exists().where(newer.customer_id == Customer.id, newer.day == last)
    day_before = (HealthSnapshot.day == last - timedelta(days=1)) & ~is_reviewed
    return (
        select(
            Customer.id,
            Customer.name,
            HealthSnapshot.risk,
            HealthSnapshot.points,
            ChurnFlag.id.label("flag_id"),
        )
        .join(HealthSnapshot, HealthSnapshot.customer_id == Customer.id)
        .outerjoin(
            ChurnFlag, (ChurnFlag.customer_id == Customer.id) & ChurnFlag.closed_at.is_(None)
        )
        .where((HealthSnapshot.day == last) | day_before, Customer.lost_on.is_(None))
        .order_by(HealthSnapshot.risk.desc(), Customer.id)
        .limit(MOST_LOOKED_AT)
    )
