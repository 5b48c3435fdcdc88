"""What the clock wakes up for churn."""

from helpdesk.core.jobs import job


@job(queue="slow")
def review_due() -> None:
    """To be written."""
