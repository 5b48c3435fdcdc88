"""How long looking at customers' health takes: everybody at night, and one after an event."""

from random import Random
from statistics import median
from time import perf_counter

from flask import Flask
from sqlalchemy import func, select

from helpdesk.churn.actions import review
from helpdesk.churn.jobs import BATCH
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Customer

AT_NIGHT = 200_000
MOST, SINGLE = 5_000, 60
"""Customers looked at in batches, and one by one."""


def measure(app: Flask) -> dict[str, float]:
    """Customers in all, minutes for 200,000 of them as at night, ms for one after an event."""
    with app.app_context():
        with transaction(write=False):
            customers = session.scalar(select(func.count(Customer.id))) or 0
            ids = list(session.scalars(select(Customer.id).order_by(Customer.id).limit(MOST)))
        if not ids:
            return {}
        night = _seconds([ids[start : start + BATCH] for start in range(0, len(ids), BATCH)])
        alone = Random(7).sample(ids, min(SINGLE, len(ids)))
        single = [_seconds([[customer_id]]) for customer_id in alone]
        session.remove()
    return {
        "customers": customers,
        "night_minutes": night / len(ids) * AT_NIGHT / 60,
        "single_ms": 1000 * median(single),
    }


def _seconds(batches: list[list[int]]) -> float:
    started = perf_counter()
    for batch in batches:
        with transaction():
            review(batch)
    return perf_counter() - started
