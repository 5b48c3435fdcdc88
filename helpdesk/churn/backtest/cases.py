"""Customers as they stood at a cut in the past, and what became of them.

The protocol: at each cut only customers who were with us then; features from what was recorded by
then; a gap in which nobody could have acted; then the window in which leaving counts. A window that
is not over yet is not used, and somebody who left within the gap is in neither class.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import func, or_, select

from helpdesk.churn.facts import Facts
from helpdesk.churn.features import facts_of
from helpdesk.churn.points import assess, holding
from helpdesk.churn.rules import Weights
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Customer

GAP_DAYS = 7
WINDOW_DAYS = 90
MOST_CUTS = 12
BATCH = 400
NO_ANSWER = 3.5
"""Where the last rating is unknown, the baseline puts them between content and discontent."""


@dataclass(frozen=True)
class Protocol:
    """Cuts in the past, and how many days the gap and the window behind each take."""

    cuts: tuple[datetime, ...]
    gap_days: int = GAP_DAYS
    window_days: int = WINDOW_DAYS

    def window(self, cut: datetime) -> tuple[date, date]:
        """First and last day on which leaving counts for this cut."""
        start = cut.date() + timedelta(days=self.gap_days)
        return start + timedelta(days=1), start + timedelta(days=self.window_days)

    def ends(self, cut: datetime) -> date:
        """When everything about this cut is known."""
        return self.window(cut)[1]


@dataclass(frozen=True)
class Case:
    """One customer at one cut."""

    customer_id: int
    cut: datetime
    risk: int
    holds: dict[str, bool | None]
    """Whether each rule held; None where that was not known."""
    rating: float
    contacts: float
    worth: float
    left: bool


def protocol_of(
    today: datetime,
    first: datetime,
    *,
    gap_days: int = GAP_DAYS,
    window_days: int = WINDOW_DAYS,
    every_days: int | None = None,
    most: int = MOST_CUTS,
) -> Protocol:
    """Cuts from the last whose window is over, back to `first`, oldest first.

    Unless told otherwise windows do not overlap, so that nobody leaves twice.
    """
    step = timedelta(days=every_days or gap_days + window_days)
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    cut = midnight - timedelta(days=gap_days + window_days)
    cuts: list[datetime] = []
    while cut > first and len(cuts) < most:
        cuts.append(cut)
        cut -= step
    return Protocol(tuple(reversed(cuts)), gap_days, window_days)


def first_day() -> datetime | None:
    """When the first customer came on record."""
    found: datetime | None = session.scalar(select(func.min(Customer.created_at)))
    return found


def sample(most: int, seed: int = 1) -> tuple[list[int], int]:
    """Ids of at most so many customers by lot, in order, and how many there are in all."""
    everybody = list(session.scalars(select(Customer.id).order_by(Customer.id)))
    if len(everybody) <= most:
        return everybody, len(everybody)
    chosen = Random(seed).sample(everybody, most)  # noqa: S311 - whom to look at
    return sorted(chosen), len(everybody)


def cases(
    protocol: Protocol,
    customer_ids: Sequence[int],
    weights: Weights,
    say: Callable[[str], None] = lambda _: None,
) -> list[Case]:
    """Every customer at every cut, a few at a time, each a reading transaction of its own."""
    found: list[Case] = []
    for cut in protocol.cuts:
        for start in range(0, len(customer_ids), BATCH):
            with transaction(write=False):
                found += _at(cut, protocol, customer_ids[start : start + BATCH], weights)
        say(f"{cut:%Y-%m-%d}: {len(found):,} cases so far")
    return found


def _at(
    cut: datetime, protocol: Protocol, customer_ids: Sequence[int], weights: Weights
) -> list[Case]:
    start, end = protocol.window(cut)
    rows = session.execute(
        select(Customer.id, Customer.lost_on).where(
            Customer.id.in_(customer_ids),
            Customer.created_at < cut,
            or_(Customer.lost_on.is_(None), Customer.lost_on >= start),
        )
    )
    staying = {row.id: row.lost_on for row in rows}
    moment = cut - timedelta(microseconds=1)
    facts = facts_of(list(staying), moment)
    return [
        _case(customer_id, cut, facts[customer_id], weights, lost_on is not None and lost_on <= end)
        for customer_id, lost_on in staying.items()
        if customer_id in facts
    ]


def _case(customer_id: int, cut: datetime, facts: Facts, weights: Weights, left: bool) -> Case:
    return Case(
        customer_id,
        cut,
        risk=assess(facts, weights).risk,
        holds=holding(facts),
        rating=-float(NO_ANSWER if facts.last_csat is None else facts.last_csat),
        contacts=float(facts.contacts_30d or 0),
        worth=facts.worth_a_year or 0.0,
        left=left,
    )
