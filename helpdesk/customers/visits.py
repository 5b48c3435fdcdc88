"""Days on which customers came to the portal, signed in. Nothing finer is kept: no page, no hour.

A page only notes it in Redis, and a job writes it down; losing one costs nothing.
"""

from datetime import UTC, datetime

from redis import Redis
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model, session
from helpdesk.core.jobs import attempt
from helpdesk.customers.models import Customer

_KEY = "helpdesk:visits"


class CustomerVisit(Model):
    """A day with at least one visit."""

    __tablename__ = "customer_visit"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    day: Mapped[datetime]
    """Its beginning, in UTC."""

    __table_args__ = (UniqueConstraint("customer_id", "day"),)


def note(account: Account) -> None:
    """Somebody who signs in is here today."""
    line = f"{account.id} {now().astimezone(UTC):%Y-%m-%d}"

    def add(redis: Redis) -> object:
        return redis.sadd(_KEY, line)

    attempt(add)


def take(most: int) -> list[str]:
    """Take up to `most` notes out of Redis; none when it is away."""
    lines = attempt(lambda redis: redis.spop(_KEY, most))
    return sorted(line.decode() for line in lines) if isinstance(lines, list) else []


def store(lines: list[str]) -> None:
    """Write notes down, once a day and person."""
    for line in lines:
        account_id, _, day = line.partition(" ")
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        customer = session.scalar(select(Customer).where(Customer.account_id == int(account_id)))
        if customer is None:
            continue
        theirs = (CustomerVisit.customer_id == customer.id, CustomerVisit.day == at)
        if session.scalar(select(CustomerVisit.id).where(*theirs)) is None:
            session.add(CustomerVisit(customer_id=customer.id, day=at))
            session.flush()
