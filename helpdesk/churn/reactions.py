"""What churn does when something happened."""

from typing import Protocol

from helpdesk.churn.actions import review, settle_lost
from helpdesk.churn.events import ChurnFlagRaised
from helpdesk.churn.models import ChurnFlag
from helpdesk.churn.playbooks import begin_by_rule
from helpdesk.core.db import session
from helpdesk.customers.events import CustomersMerged, MergeUndone, OrdersImported


class AboutCustomer(Protocol):
    """An event that says whom it concerns."""

    @property
    def customer_id(self) -> int: ...


def review_customer(event: AboutCustomer) -> None:
    """Take a fresh look at the customer whom the event concerns."""
    review([event.customer_id])


def review_both(event: CustomersMerged | MergeUndone) -> None:
    """Take a fresh look at two records that became one, or two again."""
    review([event.customer_id, event.gone_id])


def review_buyers(event: OrdersImported) -> None:
    """Take a fresh look at everybody whose orders were imported."""
    for start in range(0, len(event.customer_ids), 250):
        review(event.customer_ids[start : start + 250])


def begin_playbook(event: ChurnFlagRaised) -> None:
    """Begin what the reasons of a new flag call for."""
    flag = session.get(ChurnFlag, event.flag_id)
    if flag is not None:
        begin_by_rule(flag)


def settle_flag(event: AboutCustomer) -> None:
    """Close the flag of a customer who has left."""
    settle_lost(event.customer_id)
