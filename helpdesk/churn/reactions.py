"""What churn does when something happened."""

from typing import Protocol

from helpdesk.churn.actions import review, settle_lost


class AboutCustomer(Protocol):
    """An event that says whom it concerns."""

    @property
    def customer_id(self) -> int: ...


def review_customer(event: AboutCustomer) -> None:
    """Take a fresh look at the customer whom the event concerns."""
    review([event.customer_id])


def settle_flag(event: AboutCustomer) -> None:
    """Close the flag of a customer who has left."""
    settle_lost(event.customer_id)
