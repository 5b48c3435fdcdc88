"""What the clock wakes up for churn."""

from sqlalchemy import select

from helpdesk.churn.actions import review
from helpdesk.churn.backtest import results
from helpdesk.churn.models import Backtest
from helpdesk.churn.queries import without_snapshot
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job

BATCH = 250


@job(queue="slow")
def run_backtests() -> None:
    """Carry out what was asked for."""
    with transaction(write=False):
        waiting = list(session.scalars(select(Backtest.id).where(Backtest.done_at.is_(None))))
    for backtest_id in waiting:
        results.carry_out(backtest_id)


@job(queue="slow")
def review_due() -> None:
    """Look at everybody once a day, a batch a transaction; after a crash the rest goes on."""
    while True:
        with transaction():
            customer_ids = list(session.scalars(without_snapshot(now().date()).limit(BATCH)))
            review(customer_ids)
        if len(customer_ids) < BATCH:
            return
