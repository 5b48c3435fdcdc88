"""What churn does when something happened."""

from typing import Protocol

from helpdesk.churn.actions import review, settle_lost
from helpdesk.churn.events import ChurnFlagRaised
from helpdesk.churn.models import ChurnFlag
from helpdesk.churn.playbooks import begin_by_rule
from helpdesk.core.db import session


class AboutCustomer(Protocol):
    """An event that says whom it concerns."""

    @property
    def customer_id(self) -> int: ...


def review_customer(event: AboutCustomer) -> None:
    """Take a fresh look at the customer whom the event concerns."""
    review([event.customer_id])


def begin_playbook(event: ChurnFlagRaised) -> None:
    """Begin what the reasons of a new flag call for."""
    flag = session.get(ChurnFlag, event.flag_id)
    if flag is not None:
        begin_by_rule(flag)


def settle_flag(event: AboutCustomer) -> None:
    """Close the flag of a customer who has left."""
    settle_lost(event.customer_id)
