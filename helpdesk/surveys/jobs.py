"""What the clock wakes up for surveys."""

from helpdesk.core.jobs import job


@job(queue="mail")
def send_due() -> None:
    """To be written."""


@job(queue="default")
def score_comments() -> None:
    """To be written."""


@job(queue="slow")
def invite_to_nps() -> None:
    """To be written."""


@job(queue="slow")
def expire() -> None:
    """To be written."""
