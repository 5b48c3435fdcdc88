"""What churn does when something happened."""

from helpdesk.core.journal import Event


def review_customer(event: Event) -> None:
    """To be written."""
