"""What the clock wakes up for mail."""

from helpdesk.core.jobs import job


@job(queue="mail")
def deliver_due() -> None:
    """To be written."""
