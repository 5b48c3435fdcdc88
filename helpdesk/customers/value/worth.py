"""What each customer is worth, and the crowd: from orders, or from a contract.

Without a contract BG/NBD says how many purchases to expect and gamma-gamma for how much; with one
it is margin times expected lifetime, for a contract ends by word and not by silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from helpdesk.core.clock import now
from helpdesk.core.db import ask
from helpdesk.customers.models import Customer, Order, Organization
from helpdesk.customers.value.buying import Buyer, fit, fit_spending
from helpdesk.customers.value.staying import (
    Cohort,
    Forecast,
    cohorts,
    contract_value,
    forecast,
    quintiles,
    repeat_rate,
    retention,
)

WEEK = 7 * 24 * 3600.0
AHEAD = 52.0
"""Weeks of which purchases are foretold."""
ENOUGH_REPEATS = 30
"""Buyers who came back, below which no law of buying is fitted."""
MOST_FITTED = 5000
"""Buyers to whom the law is fitted, evenly drawn; all are judged by it."""


@dataclass(frozen=True)
class Worth:
    """One customer who bought: fifths (5 is best) of recency, frequency and money, and what to
    expect of the coming year, in the currency of the orders; None where too few came back."""

    customer_id: int
    name: str
    purchases: int
    spent: Decimal
    last: datetime
    recency: int
    frequency: int
    money: int
    expected: float | None


@dataclass(frozen=True)
class Summary:
    """The crowd. `currency` is the one most orders have; only these are counted."""

    currency: str
    customers: Sequence[Worth]
    repeat_rate: float | None
    coming_month: Forecast | None
    retention: float | None
    at_start: int
    cohorts: Sequence[Cohort]
    contracts: float
    contracts_n: int


def summary(margin: float = 1.0, top: int = 50) -> Summary:
    """Everybody who bought, the most promising first; retention of the last 365 days."""
    currency = ask(
        select(Order.currency).group_by(Order.currency).order_by(func.count().desc()).limit(1)
    ).scalar()
    bought = _bought(currency or "")
    today = now().date()
    lives = _lives(today)
    start = today.replace(year=today.year - 1) if today.day != 29 else date(today.year - 1, 3, 1)
    at_start = [one for one in lives if one[0] < start and (one[1] is None or one[1] >= start)]
    stayed = sum(gone is None for _, gone in at_start)
    kept = retention(len(at_start), stayed, 0)
    value, contracts_n, churn = 0.0, 0, 0.0 if kept is None else 1 - kept
    for (amount,) in ask(
        select(Organization.contract_value).where(Organization.contract_value.is_not(None))
    ):
        value, contracts_n = value + contract_value(float(amount), margin, churn), contracts_n + 1
    return Summary(
        currency=currency or "",
        customers=_ranked(bought)[:top],
        repeat_rate=repeat_rate([len(moments) for _, moments in bought.values()]),
        coming_month=forecast(_months(bought, today)),
        retention=kept,
        at_start=len(at_start),
        cohorts=cohorts(lives, today)[-12:],
        contracts=value,
        contracts_n=contracts_n,
    )


Bought = Mapping[int, tuple[str, list[tuple[datetime, Decimal]]]]


def _bought(currency: str) -> Bought:
    """Orders by customer, oldest first, of those who are still with us."""
    rows = ask(
        select(Customer.id, Customer.name, Order.ordered_at, Order.amount)
        .join(Order, Order.customer_id == Customer.id)
        .where(Order.currency == currency, Order.ordered_at <= now(), Customer.lost_on.is_(None))
        .order_by(Order.ordered_at, Order.id)
    )
    found: dict[int, tuple[str, list[tuple[datetime, Decimal]]]] = {}
    for customer_id, name, moment, amount in rows:
        found.setdefault(customer_id, (name, []))[1].append((moment, amount))
    return found


def buyer_of(orders: Sequence[tuple[datetime, Decimal]], at: datetime) -> Buyer:
    """Orders as the law of buying reads them: days with orders count once, in weeks."""
    days: dict[date, float] = defaultdict(float)
    for moment, amount in orders:
        days[moment.date()] += float(amount)
    first, last = min(days), max(days)
    repeats = [amount for day, amount in days.items() if day != first]
    return Buyer(
        x=len(repeats),
        tx=(last - first).days / 7,
        t=max((at.date() - first).days, (last - first).days) / 7,
        mean=sum(repeats) / len(repeats) if repeats else 0.0,
    )


def _ranked(bought: Bought) -> list[Worth]:
    at = now()
    ids = list(bought)
    buyers = [buyer_of(bought[one][1], at) for one in ids]
    expected = _expected(buyers)
    last = [bought[one][1][-1][0] for one in ids]
    spent = [sum((amount for _, amount in bought[one][1]), Decimal(0)) for one in ids]
    recency = quintiles([moment.timestamp() for moment in last])
    frequency = quintiles([float(len(bought[one][1])) for one in ids])
    money = quintiles([float(amount) for amount in spent])
    found = [
        Worth(
            customer_id,
            bought[customer_id][0],
            len(bought[customer_id][1]),
            spent[place],
            last[place].astimezone(UTC),
            recency[place],
            frequency[place],
            money[place],
            expected[place],
        )
        for place, customer_id in enumerate(ids)
    ]
    return sorted(found, key=lambda one: (-(one.expected or 0.0), -one.spent, one.customer_id))


def _expected(buyers: Sequence[Buyer]) -> list[float | None]:
    """What to expect of each in the coming year; None for all where too few came back."""
    if sum(one.x > 0 for one in buyers) < ENOUGH_REPEATS:
        return [None] * len(buyers)
    some = buyers[:: max(1, -(-len(buyers) // MOST_FITTED))]
    try:
        law, spending = fit(some), fit_spending(some)
    except ValueError:
        return [None] * len(buyers)
    return [
        law.expected(AHEAD, one.x, one.tx, one.t) * max(0.0, spending.expected(one.x, one.mean))
        for one in buyers
    ]


def _lives(today: date) -> list[tuple[date, date | None]]:
    rows = ask(
        select(Customer.customer_since, Customer.created_at, Customer.lost_on).where(
            Customer.merged_into_id.is_(None)
        )
    )
    lives = [(since or created.date(), lost) for since, created, lost in rows]
    return [(came, gone if gone and gone <= today else None) for came, gone in lives]


def _months(bought: Bought, today: date) -> list[float]:
    """What was ordered in each of the last twelve whole months, oldest first."""
    this = today.year * 12 + today.month
    sums = [0.0] * 12
    for _, orders in bought.values():
        for moment, amount in orders:
            ago = this - (moment.year * 12 + moment.month)
            if 1 <= ago <= 12:
                sums[12 - ago] += float(amount)
    while sums and not sums[0]:  # before the first order there was nothing to fall from
        sums.pop(0)
    return sums
