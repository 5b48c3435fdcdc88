"""What the clock wakes up for churn."""

from helpdesk.churn.actions import review
from helpdesk.churn.queries import without_snapshot
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.jobs import job

BATCH = 100


@job(queue="slow")
def review_due() -> None:
    """Look at everybody once a day, a batch a transaction; after a crash the rest goes on."""
    while True:
        with transaction():
            customer_ids = list(session.scalars(without_snapshot(now().date()).limit(BATCH)))
            review(customer_ids)
        if len(customer_ids) < BATCH:
            return
